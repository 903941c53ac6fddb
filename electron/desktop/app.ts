import { join } from 'node:path';
import { app, Menu, Notification, powerMonitor, shell } from 'electron';
import { pauseUntil } from '../../shared/domain/pause.ts';
import { jobHash, settingsHash } from '../../shared/ipc.ts';
import type { DesktopFacts } from '../../shared/schema/event.ts';
import type { AccessControl } from '../api/router/router.ts';
import { systemClock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/log.ts';
import { DesktopMemory } from './desktop-state.ts';
import { openDesktopEngine } from './engine.ts';
import { Notifier } from './notifications/notifier.ts';
import { CommandPlace } from './os/cli-install.ts';
import { ownCommand } from './os/executable.ts';
import { hiddenArg, loginItem } from './os/login-item.ts';
import { stopBeforeQuit } from './quit.ts';
import { serveRpcPorts } from './rpc/port.ts';
import { harden } from './security.ts';
import { hasTray as findTray } from './tray/support.ts';
import { AppTray } from './tray/tray.ts';
import { makeUpdates } from './updates/make-updater.ts';
import { appMenu } from './window/app-menu.ts';
import { closeToTray } from './window/close-to-tray.ts';
import { servePage } from './window/page-protocol.ts';
import { MainWindow } from './window/window.ts';

/** The HTTP API of the desktop's engine, off until the settings turn it on. */
export interface DesktopApi extends AccessControl {
  followSettings(): void;
  stop(): Promise<void>;
}

/**
 * Starts the desktop's parts around one engine, once the app is ready.
 * @param dist the folder of everything built
 * @param makeApi makes the API of an engine whose files lie in a folder
 */
export async function startDesktop(
  dist: string,
  makeApi: (engine: Engine, log: Log, dataFolder: string) => DesktopApi,
): Promise<void> {
  app.setAppUserModelId('app.notafter.desktop');
  app.dock?.hide(); // It lives in the menu bar.
  servePage(join(dist, 'page'));
  const environment = { platform: process.platform, desktop: process.env['XDG_CURRENT_DESKTOP'] ?? '' };
  const hasTray = await findTray(environment);
  const opened = await openDesktopEngine(join(dist, 'example', 'example.pem'));
  if (!opened) return;
  const { engine, log } = opened;
  harden((error) => log.error('an address could not be opened', error));

  const memory = new DesktopMemory(app.getPath('userData'));
  const facts: DesktopFacts = {
    hasTray,
    notifications: Notification.isSupported() ? 'shown' : 'unsupported',
  };
  engine.status.setDesktop(facts);
  const window = new MainWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    icon: join(dist, 'icons', 'app.png'),
    memory,
    onClose: () => orLog('closing the window', closeToTray(window, notifier, memory, hasTray)),
  });
  const notifier = new Notifier({
    engine,
    log,
    open: (hash) => window.show(hash),
    onFailed: (reason) => {
      log.warn(`the system refused a notification: ${reason}`);
      engine.status.setDesktop({ ...facts, notifications: 'refused' });
    },
  });
  const orLog = (what: string, work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.error(`${what} failed`, error));
  const updates = makeUpdates({ engine, log, memory, notifier, window });
  const showLog = () => shell.showItemInFolder(log.path ?? app.getPath('userData'));
  const showHelp = () => window.show(settingsHash);
  Menu.setApplicationMenu(Menu.buildFromTemplate(appMenu(process.platform, { showLog, showHelp })));
  const tray = new AppTray({
    engine,
    clock: systemClock,
    log,
    iconFolder: join(dist, 'icons'),
    environment,
    loginItem: loginItem(),
    newest: () => updates.state.newest,
    actions: {
      open: (jobId) => window.show(jobId === undefined ? undefined : jobHash(jobId)),
      checkAll: () => engine.checks.checkAll(),
      // Where the disk does not take it, nothing has changed, and the menu goes on showing so.
      pause: (length) =>
        orLog('pausing', engine.jobs.bulk.pause(null, pauseUntil(length, systemClock.now()))),
      resume: () => orLog('resuming', engine.jobs.bulk.resume(null)),
      offerUpdate: () => orLog('offering an update', updates.offer()),
      showLog,
      quit: () => app.quit(),
    },
  });

  const api = makeApi(engine, log, app.getPath('userData'));
  const desktop = {
    update: () => updates.state,
    lookForUpdate: () => updates.look(),
    offerUpdate: () => updates.offer(),
    showLog,
    command: new CommandPlace({
      platform: process.platform,
      environment: process.env,
      program: ownCommand(),
    }),
  };
  orLog('putting the command where it was', (async () => desktop.command.refresh())());
  serveRpcPorts(engine, api, desktop, log);
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => undefined); // The tray stays: without a listener Electron would quit.
  app.on('before-quit', () => window.allowClose());
  powerMonitor.on('resume', () => engine.wake());
  powerMonitor.on('unlock-screen', () => engine.wake());
  stopBeforeQuit(async () => {
    notifier.close();
    updates.close();
    tray.close();
    await api.stop();
    await engine.stop();
  });
  engine.start();
  api.followSettings();
  if (!hasTray || !process.argv.includes(hiddenArg)) window.show();
}
