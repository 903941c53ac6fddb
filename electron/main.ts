import { join } from 'node:path';
import { app, dialog } from 'electron';
import { ApiService } from './api/api-service.ts';
import { commandLine } from './cli/packaged-args.ts';
import { startDesktop } from './desktop/app.ts';
import { openSecretBox } from './desktop/os/keyring.ts';
import { quitArg } from './desktop/os/start-args.ts';
import { registerPageScheme } from './desktop/window/page-protocol.ts';
import type { Log } from './engine/log.ts';

/** The desktop's composition root. It is built to dist/desktop. */
const dist = join(import.meta.dirname, '..');
const build = {
  pageFolder: join(dist, 'page'),
  docsFolder: join(dist, 'docs'),
  exampleFile: join(dist, 'example', 'example.pem'),
  version: app.getVersion(),
};

const makeApi: Parameters<typeof startDesktop>[1] = (engine, log, dataFolder) =>
  new ApiService({ ...build, engine, log, dataFolder });

/** A start that fails must not stay as a process without window and tray that holds the lock (Electron only warns of rejections). */
function failStart(error: unknown, log: Log | null): void {
  log?.error(`NotAfter ${build.version} cannot start`, error);
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? error.stack : sentence}\n`);
  dialog.showErrorBox('NotAfter cannot start', log?.path ? `${sentence}\n\nIts log: ${log.path}` : sentence);
  app.exit(1);
}

const command = commandLine(process.argv, app.isPackaged);
if (command) {
  // Loaded only when it is wanted: the desktop starts without it.
  const [{ runCli }, { drain }] = await Promise.all([import('./cli/run.ts'), import('./cli/drain.ts')]);
  const openWhenReady: typeof openSecretBox = (path, log) =>
    app.whenReady().then(() => openSecretBox(path, log));
  const status = await runCli(command, { ...build, openSecretBox: openWhenReady });
  await drain();
  app.exit(status);
} else if (app.requestSingleInstanceLock() && !process.argv.includes(quitArg)) {
  registerPageScheme();
  let log: Log | null = null;
  const keepLog = (opened: Log) => {
    log = opened;
  };
  app
    .whenReady()
    .then(() => startDesktop(dist, makeApi, keepLog))
    .catch((error: unknown) => failStart(error, log));
} else {
  app.quit(); // The running instance receives second-instance and shows its window.
}
