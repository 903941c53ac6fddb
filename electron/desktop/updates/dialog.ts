import { app, dialog } from 'electron';
import type { UpdateQuestion } from './updater.ts';

/** What a person is asked about a newer version: nothing happens without them. */
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
  const there = `NotAfter ${version} is there`;
  const yours = `You have ${app.getVersion()}.`;
  switch (question) {
    case 'get':
      return {
        message: there,
        detail: `${yours} It is loaded while NotAfter goes on, and put in place when you start anew.`,
        buttons: ['Load it', 'Later'],
      };
    case 'show-page':
      return {
        message: there,
        detail: `${yours} This copy cannot renew itself: get the newer one from its page.`,
        buttons: ['Show the page', 'Later'],
      };
    case 'get-elsewhere':
      return {
        message: there,
        detail: `${yours} This copy cannot renew itself: get the newer one where you got this one.`,
        buttons: ['Close'],
      };
    case 'start-anew':
      return {
        message: `NotAfter ${version} is loaded`,
        detail: 'It is put in place when NotAfter starts anew: now, or when you quit it.',
        buttons: ['Start anew', 'Later'],
      };
  }
}
