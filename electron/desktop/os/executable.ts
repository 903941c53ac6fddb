import { join } from 'node:path';
import { app } from 'electron';

/** The file that starts this program: an AppImage is unpacked to another place at each start, and names itself in its environment. */
export function ownFile(): string {
  return process.env['APPIMAGE'] || process.execPath;
}

/** Whether a Flatpak runs: its home and its configuration are its own, and nothing outside starts what is written there. */
export function isFlatpak(environment: NodeJS.ProcessEnv = process.env): boolean {
  return !!environment['FLATPAK_ID'];
}

/** The program by which this copy answers commands; null where it is not packed, or a Flatpak, which has its own way to run commands (`flatpak run`). On macOS it is a wrapper script. */
export function ownCommand(): string | null {
  if (!app.isPackaged || isFlatpak()) return null;
  // A copy on a disk image, or one that macOS runs from a randomized path, is elsewhere at the next start.
  if (process.platform === 'darwin' && /^\/Volumes\/|\/AppTranslocation\//.test(process.execPath))
    return null;
  return process.platform === 'darwin' ? join(process.resourcesPath, 'bin', 'notafter') : ownFile();
}
