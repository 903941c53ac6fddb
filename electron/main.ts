import { join } from 'node:path';
import { app } from 'electron';
import { ApiService } from './api/api-service.ts';
import { commandLine } from './cli/packaged-args.ts';
import { startDesktop } from './desktop/app.ts';
import { openVault } from './desktop/os/keyring.ts';
import { registerPageScheme } from './desktop/window/page-protocol.ts';

/** The desktop's composition root. Built, it lies in dist/app, beside what else was built. */
const dist = join(import.meta.dirname, '..');
const build = {
  pageFolder: join(dist, 'page'),
  docsFolder: join(dist, 'docs'),
  exampleFile: join(dist, 'example', 'example.pem'),
  version: app.getVersion(),
};

const makeApi: Parameters<typeof startDesktop>[1] = (engine, log, dataFolder) =>
  new ApiService({ ...build, engine, log, dataFolder });

const command = commandLine(process.argv, app.isPackaged);
if (command) {
  // Loaded only when it is wanted: the desktop starts without it.
  const { runCli } = await import('./cli/run.ts');
  const openVaultWhenReady: typeof openVault = (path, log) =>
    app.whenReady().then(() => openVault(path, log));
  app.exit(await runCli(command, { ...build, openVault: openVaultWhenReady }));
} else if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  void app.whenReady().then(() => startDesktop(dist, makeApi));
} else {
  app.quit(); // The first instance hears of it, and shows its window.
}
