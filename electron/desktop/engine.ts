import { join } from 'node:path';
import { app, dialog } from 'electron';
import ElectronStore from 'electron-store';
import { systemClock } from '../engine/clock.ts';
import { Engine } from '../engine/engine.ts';
import { openFileLog } from '../engine/file-log.ts';
import type { Log } from '../engine/log.ts';
import { DataFolderError, openDataFolder, secretKeyFile } from '../engine/store/data-folder.ts';
import { openVault } from './os/keyring.ts';

/**
 * The engine on the app's own data folder; null, with the reason shown and the app ended, where that cannot be used.
 * @param exampleFile path of the certificate file that ships with the app
 */
export async function openDesktopEngine(exampleFile: string): Promise<{ engine: Engine; log: Log } | null> {
  try {
    const folder = openDataFolder(app.getPath('userData'));
    const log = openFileLog({ path: folder.file(join('logs', 'notafter.log')), echo: null });
    const secretBox = await openVault(folder.file(secretKeyFile), log);
    const engine = new Engine({
      folder,
      ...(secretBox ? { secretBox } : {}),
      openConfig: (cwd) =>
        new ElectronStore({ cwd, configFileMode: 0o600, accessPropertiesByDotNotation: false }),
      clock: systemClock,
      log,
      version: app.getVersion(),
      exampleFile,
    });
    // What only cannot be opened is told in the window: that is no reason to stand in the way at each start.
    const { brokenFiles } = engine.status;
    if (brokenFiles) dialog.showErrorBox('NotAfter could not read its files', brokenFiles);
    return { engine, log };
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    dialog.showErrorBox('NotAfter cannot start', error.message);
    app.exit(1);
    return null;
  }
}
