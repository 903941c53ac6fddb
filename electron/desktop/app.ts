import { join } from 'node:path';
import { app, Menu, Notification, powerMonitor, shell } from 'electron';
import type { FileChoice } from '../../shared/contract/desktop.ts';
import { pauseUntil, tomorrow } from '../../shared/domain/pause.ts';
import { jobHash, settingsHash } from '../../shared/ipc.ts';
import type { AccessControl } from '../api/router/router.ts';
import { systemClock } from '../engine/clock.ts';
import { logCrashes } from '../engine/crash-log.ts';
import type { Engine } from '../engine/engine.ts';
import { keepMemorySmall } from '../engine/idle-memory.ts';
import type { Log } from '../engine/log.ts';
import { appId } from './app-id.ts';
import { DesktopMemory } from './desktop-state.ts';
import { openDesktopEngine, openDesktopFiles } from './engine.ts';
import { findHindrances } from './notifications/hindrances.ts';
import { NotificationTester } from './notifications/notification-tester.ts';
import { Notifier } from './notifications/notifier.ts';
import { CommandPlace } from './os/cli-install.ts';
import { ownCommand } from './os/executable.ts';
import { loginItem, wasStartedAtLogin } from './os/login-item.ts';
import { hiddenArg, quitArg } from './os/start-args.ts';
import { stopBeforeQuit } from './quit.ts';
import { serveRpcPorts } from './rpc/port.ts';
import { harden } from './security.ts';
import { TrayPlace } from './tray/place.ts';
import { hasTray as findTray } from './tray/support.ts';
import { AppTray } from './tray/tray.ts';
import { makeUpdates } from './updates/make-updater.ts';
import { appMenu } from './window/app-menu.ts';
import { closeToTray } from './window/close-to-tray.ts';
import { servePage } from './window/page-protocol.ts';
import { MainWindow } from './window/window.ts';

/** The HTTP API of the desktop's engine, off until the settings turn it on. */
export interface SwitchedApi extends AccessControl {
  followSettings(): void;
  stop(): Promise<void>;
}

/** By it Windows starts the app for a notification that was clicked (docs: app.setToastActivatorCLSID). Never change it. */
const toastActivator = '{6F3B7C1E-52B4-4B0E-9C55-3A6E7D0B8A41}';

/**
 * Starts the desktop's parts around one engine, once the app is ready.
 * @param dist the folder of everything built
 * @param makeApi makes the API of an engine whose files lie in a folder
 * @param onLog called with the log as soon as it is open
 * @throws DataFolderError where the data folder cannot be used
 */
export async function startDesktop(
  dist: string,
  makeApi: (engine: Engine, log: Log, dataFolder: string) => SwitchedApi,
  onLog: (log: Log) => void,
): Promise<void> {
  app.setAppUserModelId(appId);
  if (process.platform === 'win32') app.setToastActivatorCLSID(toastActivator);
  if (process.platform === 'darwin') app.setActivationPolicy('accessory'); // It lives in the menu bar.
  const files = openDesktopFiles();
  const { log } = files;
  onLog(log);
  logCrashes(log, app.getVersion());
  servePage(join(dist, 'page'));
  const environment = { platform: process.platform, desktop: process.env['XDG_CURRENT_DESKTOP'] ?? '' };
  const isThere = () => findTray(environment);
  // Asking for the tray takes a moment, in which a second start must not be lost: Electron emits it once.
  const early: (readonly string[])[] = [];
  const onEarlyStart = (_event: unknown, argv: readonly string[]) => void early.push(argv);
  app.on('second-instance', onEarlyStart);
  const whetherTray = isThere(); // Another program answers, while the engine opens.
  const { engine, unlocked } = openDesktopEngine(files, join(dist, 'example', 'example.pem'));
  const hasTray = await whetherTray;
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.error(`a child process ended: ${type}, ${reason} (${exitCode})`, new Error(reason)),
  );
  harden((error) => log.error('an address could not be opened', error));
  const orLog = (what: string, work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.error(`${what} failed`, error));

  const memory = new DesktopMemory(app.getPath('userData'));
  const facts = {
    hasTray,
    // Asked at every start: on Windows it also makes the system's clicks on older notifications arrive.
    notifications: Notification.isSupported() ? ('shown' as const) : ('unsupported' as const),
  };
  engine.status.setDesktop(facts);
  const window = new MainWindow({
    preload: join(dist, 'preload', 'preload.cjs'),
    icon: join(dist, 'icons', 'app.png'),
    memory,
    clock: systemClock,
    log,
    onClose: () => orLog('closing the window', closeToTray(window, notifier, memory, place.isFound)),
  });
  const notifier = new Notifier({
    engine,
    log,
    open: (hash) => window.show(hash),
    onFailed: (reason) => {
      log.warn(`the system refused a notification: ${reason}`);
      engine.status.setDesktop({ ...facts, hasTray: place.isFound, notifications: 'refused' });
    },
  });
  const tester = new NotificationTester({
    clock: systemClock,
    platform: process.platform,
    isOn: () => engine.settings.current.notifications,
    hindrances: () => findHindrances(environment),
    open: () => window.show(settingsHash),
  });
  const updates = makeUpdates({ engine, log, memory, notifier, window });
  const showLog = () => shell.showItemInFolder(log.path ?? app.getPath('userData'));
  const showHelp = () => window.show(settingsHash);
  Menu.setApplicationMenu(Menu.buildFromTemplate(appMenu(process.platform, { showLog, showHelp })));
  const login = loginItem();
  const makeTray = () =>
    new AppTray({
      engine,
      clock: systemClock,
      log,
      iconFolder: join(dist, 'icons'),
      environment,
      loginItem: login,
      newest: () => updates.state.newest,
      actions: {
        open: (jobId) => window.show(jobId === undefined ? undefined : jobHash(jobId)),
        openSettings: () => window.show(settingsHash),
        checkAll: () => engine.checks.checkAll(),
        // Where the disk does not take it, nothing has changed, and the menu goes on showing so.
        pause: (length) =>
          orLog('pausing', engine.jobs.bulk.pause(null, pauseUntil(length, systemClock.now()))),
        resume: () => orLog('resuming', engine.jobs.bulk.resume(null)),
        quiet: (isOn) =>
          orLog(
            'turning quiet on or off',
            engine.settings.edit({ quietUntil: isOn ? tomorrow(systemClock.now()) : null }),
          ),
        offerUpdate: () => orLog('offering an update', updates.offer()),
        showLog,
        quit: () => app.quit(),
      },
    });
  const place = new TrayPlace({
    clock: systemClock,
    isFound: hasTray,
    isThere,
    makeTray,
    onFound: () => engine.status.setDesktop({ ...facts, hasTray: true }),
    onGivenUp: () => isHidden && window.show(),
  });

  const api = makeApi(engine, log, app.getPath('userData'));
  const desktop = {
    update: () => updates.state,
    lookForUpdate: () => updates.look(),
    offerUpdate: () => updates.offer(),
    showLog,
    loginItem: login,
    testNotification: () => tester.send(),
    keepPage: (isDirty: boolean) => window.setDirty(isDirty),
    chooseFiles: async (what: FileChoice) =>
      (await import('./os/choose-files.ts')).chooseFiles(what, window.native),
    command: new CommandPlace({
      platform: process.platform,
      environment: process.env,
      program: ownCommand(),
    }),
  };
  orLog('putting the command where it was', (async () => desktop.command.refresh())());
  orLog('renewing what starts at login', (async () => login?.refresh())());
  serveRpcPorts(engine, api, desktop, log);
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => undefined); // The tray stays: without a listener Electron would quit.
  app.on('before-quit', () => window.allowClose());
  powerMonitor.on('resume', () => engine.wake());
  powerMonitor.on('unlock-screen', () => engine.wake());
  let endMemory: () => void = () => undefined;
  const onSecondStart = (argv: readonly string[]) => {
    if (argv.includes(quitArg)) app.quit();
    else if (!argv.includes(hiddenArg)) window.show();
  };
  stopBeforeQuit({
    stop: async () => {
      engine.run.end();
      endMemory();
      notifier.close();
      tester.close();
      updates.close();
      place.close();
      await api.stop();
      await engine.stop();
    },
    onFault: (error) => log.error('stopping failed', error),
    onSecondStart,
  });
  app.off('second-instance', onEarlyStart);
  const isHidden = wasStartedAtLogin();
  for (const argv of early) onSecondStart(argv);
  if (!isHidden) window.show();
  // A check that needs a sealed secret would fail before the keyring has answered.
  if (engine.secrets.isLocked) await unlocked;
  if (engine.run.isEnded) return; // It was quit meanwhile.
  engine.start();
  notifier.tellOfInterruption();
  endMemory = keepMemorySmall(systemClock, engine.checks);
  api.followSettings();
}
