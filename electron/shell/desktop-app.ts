import { join } from 'node:path';
import { app, dialog, powerMonitor } from 'electron';
import ElectronStore from 'electron-store';
import { pauseUntil } from '../../shared/pause.ts';
import { systemClock } from '../engine/clock.ts';
import { Engine } from '../engine/engine.ts';
import { openFileLog } from '../engine/file-log.ts';
import { DataFolderError, openDataFolder } from '../engine/store/data-folder.ts';
import { harden } from './hardening.ts';
import { Notifier } from './notifier.ts';
import { servePage } from './page-protocol.ts';
import { serveRpcPorts } from './rpc-port.ts';
import { AppTray } from './tray.ts';
import { MainWindow } from './window.ts';

/** A quit that writes for longer than this would hold up the system's shutdown. */
const longestQuitMs = 2000;

/** Starts the desktop's parts around one engine, once the app is ready. `dist` is the folder of everything built. */
export function startDesktop(dist: string): void {
  app.setAppUserModelId('app.notafter.desktop');
  harden();
  servePage(join(dist, 'page'));
  const window = new MainWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    icon: join(dist, 'icons', 'app.png'),
  });
  const engine = openEngine();
  if (!engine) return;
  serveRpcPorts(engine.engine, engine.log);
  const notifier = new Notifier(engine.engine, (jobId) => window.show(jobId));
  // Where the disk does not take it, nothing has changed, and the menu goes on showing so.
  const orLog = (edit: Promise<unknown>) =>
    void edit.catch((error: unknown) => engine.log.error('pausing or resuming failed', error));
  const tray = new AppTray(engine.engine, systemClock, join(dist, 'icons'), {
    open: (jobId) => window.show(jobId),
    checkAll: () => engine.engine.checkAll(),
    pause: (length) => orLog(engine.engine.pause(null, pauseUntil(length, systemClock.now()))),
    resume: () => orLog(engine.engine.resume(null)),
    quit: () => app.quit(),
  });
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => undefined); // The tray stays: without a listener Electron would quit.
  app.on('before-quit', () => window.allowClose());
  powerMonitor.on('resume', () => engine.engine.wake());
  stopBeforeQuit(async () => {
    notifier.close();
    tray.close();
    await engine.engine.stop();
  });
  engine.engine.start();
  window.show();
}

/** The engine on the app's own data folder; null, with the reason shown, where the folder cannot be used. */
function openEngine() {
  try {
    const folder = openDataFolder(app.getPath('userData'));
    const log = openFileLog({ path: folder.file(join('logs', 'notafter.log')), echo: null });
    const engine = new Engine({
      folder,
      openConfig: (cwd) =>
        new ElectronStore({ cwd, configFileMode: 0o600, accessPropertiesByDotNotation: false }),
      clock: systemClock,
      log,
      version: app.getVersion(),
    });
    const { warning } = engine.state;
    if (warning) dialog.showErrorBox('NotAfter could not read its files', warning);
    return { engine, log };
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    dialog.showErrorBox('NotAfter cannot start', error.message);
    app.exit(1);
    return null;
  }
}

/** Holds the quit until what must be finished is, then lets it go on. */
function stopBeforeQuit(stop: () => Promise<void>): void {
  let isStopped = false;
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    isStopped = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = systemClock.after(longestQuitMs, resolve);
    void Promise.race([stop(), late]).finally(() => {
      cancel();
      app.quit();
    });
  });
}
