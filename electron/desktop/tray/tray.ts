import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import type { SummarizedJob } from '../../../shared/text/headline.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import type { LoginItem } from '../os/login-item.ts';
import { trayPicture } from './icon.ts';
import { type TrayActions, type TrayIcon, trayFace } from './menu.ts';
import type { DesktopEnvironment } from './support.ts';

/** Changes within this time are shown together. */
const groupWaitMs = 200;
/** "in 5 hours" grows stale without any event. */
const refreshMs = 10 * 60_000;

export interface AppTrayOptions {
  engine: Engine;
  clock: Clock;
  log: Log;
  iconFolder: string;
  environment: DesktopEnvironment;
  loginItem: LoginItem | null;
  /** A newer version that is known of. */
  newest: () => string | null;
  actions: Omit<TrayActions, 'launchAtLogin'>;
}

/**
 * The tray icon: its picture, tooltip and menu follow the engine. A menu is set again only when its words changed: on macOS setting one
 * closes the one that is open (electron#4801).
 */
export class AppTray {
  readonly #options: AppTrayOptions;
  readonly #tray: Tray;
  readonly #unsubscribe: () => void;
  readonly #onTheme = () => this.#refresh();
  #cancelRefresh: () => void = () => undefined;
  #picture: string;
  #toolTip = '';
  /** The words of the menu that is set. */
  #words = '';
  #isOpen = false;
  /** See `TrayFacts`; null: alerts have changed since it was read. */
  #snoozed: ReadonlySet<string> | null = null;
  #isSettling = false;

  constructor(options: AppTrayOptions) {
    this.#options = options;
    this.#picture = this.#pictureOf('pending');
    this.#tray = new Tray(this.#image());
    // On macOS a click opens the menu and is emitted as well (tray_icon_cocoa.mm). Some Linux desktops never send it: the menu opens
    // the window too.
    if (options.environment.platform !== 'darwin') this.#tray.on('click', () => options.actions.open());
    this.#unsubscribe = options.engine.events.subscribe(({ type }) => {
      if (aboutAlerts.has(type)) this.#snoozed = null;
      this.#settle();
    });
    nativeTheme.on('updated', this.#onTheme);
    this.#refresh();
  }

  close(): void {
    this.#unsubscribe();
    nativeTheme.off('updated', this.#onTheme);
    this.#cancelRefresh();
    this.#tray.destroy();
  }

  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    this.#cancelRefresh();
    this.#cancelRefresh = this.#options.clock.after(groupWaitMs, () => this.#refresh());
  }

  #refresh(): void {
    this.#isSettling = false;
    this.#cancelRefresh();
    const { engine, clock, log, loginItem, newest, actions } = this.#options;
    this.#snoozed ??= new Set(engine.alerts.snoozedJobs());
    const facts = {
      ...engine.status.state,
      snoozed: this.#snoozed,
      launchesAtLogin: loginItem?.isOn() ?? null,
      newest: newest(),
    };
    const launchAtLogin = (isOn: boolean) => {
      try {
        loginItem?.set(isOn);
      } catch (error) {
        log.error('launch at login could not be set', error); // The menu goes on showing how it is.
      }
      this.#words = ''; // The system ticked the entry by itself.
      this.#refresh();
    };
    const quiet = (isOn: boolean) => {
      actions.quiet(isOn);
      this.#words = ''; // As above: where it is not written, the entry goes on showing how it is.
      this.#settle();
    };
    const face = trayFace(jobsOf(engine), facts, clock.now(), { ...actions, launchAtLogin, quiet });
    const picture = this.#pictureOf(face.icon);
    if (picture !== this.#picture) {
      this.#picture = picture;
      this.#tray.setImage(this.#image());
    }
    if (face.tooltip !== this.#toolTip) {
      this.#toolTip = face.tooltip;
      this.#tray.setToolTip(face.tooltip);
    }
    this.#setMenu(face.menu);
    const quietMs = Date.parse(facts.quietUntil ?? '') - clock.now();
    this.#cancelRefresh = clock.after(quietMs > 0 ? Math.min(quietMs, refreshMs) : refreshMs, () =>
      this.#refresh(),
    );
  }

  /** Entries act on what they were made for, so words decide: functions differ each time. */
  #setMenu(template: MenuItemConstructorOptions[]): void {
    const words = JSON.stringify(template);
    if (this.#isOpen || words === this.#words) return;
    this.#words = words;
    const menu = Menu.buildFromTemplate(template);
    // Linux sends neither event (electron#28837), and its menus can be changed while they are open.
    menu.on('menu-will-show', () => {
      this.#isOpen = true;
    });
    menu.on('menu-will-close', () => {
      this.#isOpen = false;
      // Electron closes the menu before it runs the entry that was chosen.
      this.#settle();
    });
    this.#tray.setContextMenu(menu);
  }

  #pictureOf(icon: TrayIcon): string {
    const { environment } = this.#options;
    const isDark =
      environment.platform === 'win32'
        ? nativeTheme.shouldUseDarkColorsForSystemIntegratedUI
        : nativeTheme.shouldUseDarkColors;
    return trayPicture(icon, environment, isDark);
  }

  #image() {
    return nativeImage.createFromPath(join(this.#options.iconFolder, this.#picture));
  }
}

/** Events after which other hosts may be snoozed: people are notified again of an alert whose snooze has ended. */
const aboutAlerts: ReadonlySet<EngineEvent['type']> = new Set([
  'alert',
  'digest',
  'alert-changed',
  'job-removed',
]);

/** Returns what the tray shows of the jobs. A view of each, as the page has it, would also need a hash of every job. */
function jobsOf({ jobs }: Engine): SummarizedJob[] {
  return Array.from(jobs.withStatus(), ({ job: { id, name, target, paused }, status, lastCheck }) => {
    return { id, name, target, paused, status, lastCheck };
  });
}
