import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { JobStatus } from '../../shared/job.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { type TrayActions, trayFace } from './tray-menu.ts';

/** Changes within this time are shown together. */
const settleMs = 200;
/** "in 5 hours" grows stale without any event. */
const refreshMs = 10 * 60_000;

/** The tray icon: its picture, tooltip and menu follow the engine. The menu is set anew on change: Linux shows no other. */
export class AppTray {
  readonly #tray: Tray;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #actions: TrayActions;
  readonly #iconFolder: string;
  readonly #unsubscribe: () => void;
  #cancelRefresh: () => void;
  #status: JobStatus = 'pending';
  #isSettling = false;

  constructor(engine: Engine, clock: Clock, iconFolder: string, actions: TrayActions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#actions = actions;
    this.#iconFolder = iconFolder;
    this.#tray = new Tray(this.#image(this.#status));
    this.#tray.on('click', () => actions.open()); // Some Linux desktops never send it: the menu opens the window too.
    this.#unsubscribe = engine.subscribe(() => this.#settle());
    this.#cancelRefresh = () => undefined;
    this.#refresh();
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelRefresh();
    this.#tray.destroy();
  }

  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    this.#cancelRefresh();
    this.#cancelRefresh = this.#clock.after(settleMs, () => this.#refresh());
  }

  #refresh(): void {
    this.#isSettling = false;
    const { status, tooltip, menu } = trayFace(
      [...this.#engine.views()],
      this.#engine.state,
      this.#clock.now(),
      this.#actions,
    );
    if (status !== this.#status) this.#tray.setImage(this.#image(status));
    this.#status = status;
    this.#tray.setToolTip(tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(menu));
    this.#cancelRefresh = this.#clock.after(refreshMs, () => this.#refresh());
  }

  #image(status: JobStatus) {
    return nativeImage.createFromPath(join(this.#iconFolder, `tray-${status}.png`));
  }
}
