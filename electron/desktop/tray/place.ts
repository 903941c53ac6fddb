import type { Clock } from '../../engine/clock.ts';
import { awaitTray } from './support.ts';
import type { AppTray } from './tray.ts';

export interface TrayPlaceOptions {
  clock: Clock;
  /** Whether the desktop showed tray icons at the start. */
  isFound: boolean;
  /** Asks again. */
  isThere: () => Promise<boolean>;
  makeTray: () => AppTray;
  /** Called when the desktop shows tray icons after all. */
  onFound: () => void;
  /** Called once it still showed none after the time that a login takes. */
  onGivenUp: () => void;
}

/** A desktop that shows no tray icons a minute after the login is taken to have none; it is asked for some minutes more. */
const loginMs = 60_000;

/**
 * Where the tray icon goes. A Tray that is made while the desktop shows none stays invisible for ever (tray_icon_linux.cc decides once),
 * so it is made when the desktop does: GNOME's extension comes after the login (gnome-shell-extension-appindicator#501).
 */
export class TrayPlace {
  readonly #cancel: (() => void)[] = [];
  #tray: AppTray | null = null;

  constructor({ clock, isFound, isThere, makeTray, onFound, onGivenUp }: TrayPlaceOptions) {
    if (isFound) {
      this.#tray = makeTray();
      return;
    }
    this.#cancel.push(
      awaitTray(clock, isThere, () => {
        this.#tray = makeTray();
        onFound();
      }),
      clock.after(loginMs, () => this.#tray === null && onGivenUp()),
    );
  }

  /** Whether a person can see the tray icon. */
  get isFound(): boolean {
    return this.#tray !== null;
  }

  close(): void {
    for (const cancel of this.#cancel) cancel();
    this.#tray?.close();
  }
}
