import { join } from 'node:path';
import { app, dialog } from 'electron';
import ElectronStore from 'electron-store';
import { systemClock } from '../engine/clock.ts';
import { Engine } from '../engine/engine.ts';
import { openFileLog } from '../engine/file-log.ts';
import type { Log } from '../engine/log.ts';
import { openConfigFile } from '../engine/store/config-format.ts';
import { type DataFolder, openDataFolder, secretKeyFile } from '../engine/store/data-folder.ts';
import { askProgram } from './os/ask-program.ts';
import { AskedPrograms } from './os/asked-programs.ts';
import { openSecretBox } from './os/keyring.ts';
import { pdfPrinter } from './os/print-pdf.ts';

/** Opens the app's own data folder and the log in it. @throws DataFolderError where the folder cannot be used */
export function openDesktopFiles(): { folder: DataFolder; log: Log } {
  const folder = openDataFolder(app.getPath('userData'));
  return { folder, log: openFileLog({ path: folder.file(join('logs', 'notafter.log')), echo: null }) };
}

/**
 * Makes the engine on the app's own data folder. The keyring may ask the person for a password first, so its key comes later: until then
 * secrets stay sealed, and nothing waits.
 * @returns `unlocked` resolves when the keyring has answered or its time is over; until then checks that need a secret cannot be made
 * @param exampleFile path of the certificate file that ships with the app
 * @throws DataFolderError where the folder cannot be used
 */
export function openDesktopEngine(
  { folder, log }: ReturnType<typeof openDesktopFiles>,
  exampleFile: string,
): { engine: Engine; unlocked: Promise<void> } {
  const engine = new Engine({
    folder,
    isKeyAwaited: true,
    openConfig: (cwd) => openConfigFile((format) => new ElectronStore({ cwd, ...format })),
    clock: systemClock,
    log,
    version: app.getVersion(),
    exampleFile,
    programs: new AskedPrograms(folder.file('programs.json'), askProgram),
    printPdf: pdfPrinter(systemClock),
  });
  const unlocked = openSecretBox(folder.file(secretKeyFile), log)
    .then((secretBox) => engine.secrets.unlock(secretBox))
    .catch((error: unknown) => log.error('the secrets could not be opened', error));
  // The window reports what cannot be opened; a dialog at each start would be in the way.
  const { brokenFiles } = engine.status;
  if (brokenFiles) dialog.showErrorBox('NotAfter could not read its files', brokenFiles);
  return { engine, unlocked };
}
