import { join } from 'node:path';
import { app } from 'electron';
import { ApiService } from './http/api-service.ts';
import { startDesktop } from './shell/desktop-app.ts';
import { registerPageScheme } from './shell/page-protocol.ts';

/** The desktop's composition root. Built, it lies in dist/app, beside what else was built. */
const dist = join(import.meta.dirname, '..');

const makeApi: Parameters<typeof startDesktop>[1] = (engine, log, dataFolder) =>
  new ApiService({
    engine,
    log,
    dataFolder,
    pageFolder: join(dist, 'page'),
    docsFolder: join(dist, 'docs'),
  });

if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  void app.whenReady().then(() => startDesktop(dist, makeApi));
} else {
  app.quit(); // The first instance hears of it, and shows its window.
}
