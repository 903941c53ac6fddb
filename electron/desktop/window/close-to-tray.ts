import { app, dialog } from 'electron';
import type { DesktopMemory } from '../desktop-state.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { MainWindow } from './window.ts';

/**
 * What closing the window means: NotAfter keeps running in the tray, with a hint the first time. Where no tray can be seen, the person is
 * asked, since nothing would show that it goes on.
 */
export async function closeToTray(
  window: MainWindow,
  notifier: Notifier,
  memory: DesktopMemory,
  hasTray: boolean,
): Promise<void> {
  if (hasTray) {
    window.hide();
    if (!memory.hasShownTrayHint) notifier.hint();
    memory.hasShownTrayHint = true;
    return;
  }
  const { native } = window;
  if (!native) return;
  const { response } = await dialog.showMessageBox(native, {
    type: 'question',
    message: 'Keep watching without a window?',
    detail:
      'This desktop shows no tray icons, so nothing will show that NotAfter goes on. Start NotAfter again to see its window.',
    buttons: ['Keep watching', 'Quit NotAfter', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  });
  if (response === 0) window.hide();
  if (response === 1) app.quit();
}
