import { join } from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
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
  loginItem: LoginItem;
  /** A newer version that is known of. */
  newest: () => string | null;
  actions: Omit<TrayActions, 'launchAtLogin'>;
}

/** The tray icon: its picture, tooltip and menu follow the engine. The menu is set anew on change: Linux shows no other. */
export class AppTray {
  readonly #options: AppTrayOptions;
  readonly #tray: Tray;
  readonly #unsubscribe: () => void;
  readonly #onTheme = () => this.#refresh();
  #cancelRefresh: () => void = () => undefined;
  #picture: string;
  #isSettling = false;

  constructor(options: AppTrayOptions) {
    this.#options = options;
    this.#picture = this.#pictureOf('pending');
    this.#tray = new Tray(this.#image());
    // Some Linux desktops never send it: the menu opens the window too.
    this.#tray.on('click', () => options.actions.open());
    this.#unsubscribe = options.engine.events.subscribe(() => this.#settle());
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
    const facts = { ...engine.status.state, launchesAtLogin: loginItem.isOn(), newest: newest() };
    const launchAtLogin = (isOn: boolean) => {
      try {
        loginItem.set(isOn);
      } catch (error) {
        log.error('launch at login could not be set', error); // The menu goes on showing how it is.
      }
      this.#refresh();
    };
    const face = trayFace([...engine.jobs.views()], facts, clock.now(), { ...actions, launchAtLogin });
    const picture = this.#pictureOf(face.icon);
    if (picture !== this.#picture) {
      this.#picture = picture;
      this.#tray.setImage(this.#image());
    }
    this.#tray.setToolTip(face.tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(face.menu));
    this.#cancelRefresh = clock.after(refreshMs, () => this.#refresh());
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
