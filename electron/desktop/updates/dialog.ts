import { app, dialog } from 'electron';
import type { UpdateQuestion } from './updater.ts';

/** Asks about a newer version: nothing is downloaded or installed without a yes. Returns whether they agreed. */
export async function askAboutUpdate(question: UpdateQuestion, version: string): Promise<boolean> {
  const { message, detail, buttons } = words(question, version);
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: buttons.length - 1,
  });
  return buttons.length > 1 && response === 0;
}

function words(
  question: UpdateQuestion,
  version: string,
): { message: string; detail: string; buttons: string[] } {
  const isAvailable = `NotAfter ${version} is available`;
  const yours = `You have ${app.getVersion()}.`;
  switch (question) {
    case 'download':
      return {
        message: isAvailable,
        detail: `${yours} It downloads in the background, and is installed when you restart NotAfter.`,
        buttons: ['Download', 'Later'],
      };
    case 'show-page':
      return {
        message: isAvailable,
        detail: `${yours} This copy cannot update itself: download the new version from its page.`,
        buttons: ['Open page', 'Later'],
      };
    case 'get-elsewhere':
      return {
        message: isAvailable,
        detail: `${yours} This copy cannot update itself: get the new version where you got this one.`,
        buttons: ['Close'],
      };
    case 'restart':
      return {
        message: `NotAfter ${version} is ready to install`,
        detail: 'It is installed when NotAfter restarts: now, or the next time you quit it.',
        buttons: ['Restart now', 'Later'],
      };
  }
}
