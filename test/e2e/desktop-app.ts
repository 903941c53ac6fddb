import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { DesktopApp, DesktopDriver, LaunchOptions } from './desktop-driver.ts';
import { launchOnElectron } from './electron-driver.ts';
import { launchOnStandIn } from './stand-in-driver.ts';

const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Whether Electron's own runtime is on this machine. */
function hasElectron(): boolean {
  const pathFile = join(electronFolder, 'path.txt');
  return existsSync(pathFile) && existsSync(join(electronFolder, 'dist', readFileSync(pathFile, 'utf8')));
}

const driver: DesktopDriver = hasElectron() ? launchOnElectron : launchOnStandIn;
/** Whether the specs run on the stand-in, whose modes and accidents they can choose. */
export const onStandIn = !hasElectron();
export const driverName = hasElectron()
  ? 'Electron'
  : 'the stand-in (Electron’s runtime is not on this machine)';

/** The desktop app on a data folder of its own. */
export async function launchDesktop(
  options: LaunchOptions = {},
): Promise<DesktopApp & { dataFolder: string }> {
  const folder = temporaryFolder();
  const dataFolder = options.dataFolder ?? folder.path;
  const app = await driver(dataFolder, {
    ...options,
    // What the app writes for the desktop stays in the folder.
    env: { XDG_CONFIG_HOME: folder.path, ...options.env },
  });
  const end = app[Symbol.asyncDispose].bind(app);
  app[Symbol.asyncDispose] = async () => {
    await end();
    folder[Symbol.dispose]();
  };
  return Object.assign(app, { dataFolder });
}
