import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { pageOrigin, showPlaceChannel } from '../../../shared/ipc.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Log } from '../../engine/log.ts';
import type { DesktopMemory } from '../desktop-state.ts';
import { boundsInSight } from './bounds.ts';
import { failedPage } from './failed-page.ts';

/** `ready-to-show` does not come for a hidden window on Wayland (electron#48859), and a slow disk is no reason to stay invisible. */
const maxHiddenMs = 3_000;
/** How long a window in the tray keeps its page's process: opening it again within that time is instant. */
const releaseAfterMs = 10 * 60_000;
/** Leaving full screen takes about a second on macOS; a window that never says that it has left is hidden all the same. */
const maxLeavingMs = 3_000;
/** A page whose process ends twice within this time would end again. */
const crashLoopMs = 60_000;
/** Chromium's net error for a load that another one replaced (net::ERR_ABORTED). */
const aborted = -3;

export interface MainWindowOptions {
  preload: string;
  icon: string;
  memory: Pick<DesktopMemory, 'bounds'>;
  clock: Clock;
  log: Log;
  /** Called when the person closes the window, in place of closing it. */
  onClose: () => void;
}

/** The one window: made when first shown, hidden when closed, let go after a while in the tray, until the app quits. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  #mayClose = false;
  #isDirty = false;
  /** Whether it was shown last, or hidden: a page that has loaded by then does not bring it back. */
  #isWanted = false;
  #crashedAt: number | null = null;
  #cancelRelease: () => void = () => undefined;
  /** The place in the page that a window which was let go had shown: the next one opens there. */
  #place = '';

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  /** Brings the window to the front, at a place in the page (`#/alerts`) if one is named. */
  show(hash?: string): void {
    this.#cancelRelease();
    this.#isWanted = true;
    showInDock(true);
    const window = this.#window;
    if (!window) {
      this.#window = this.#open(hash);
      return;
    }
    if (hash !== undefined) sendPlace(window.webContents, hash);
    if (window.isMinimized()) window.restore();
    bringInSight(window);
    window.show();
    window.focus();
  }

  /** Hides the window; on macOS a full-screen one leaves its space first, which would stay behind black (electron#39572). */
  hide(): void {
    const window = this.#window;
    if (!window) return;
    if (window.isFullScreen()) {
      this.#isWanted = false;
      this.#hideOnceLeft(window);
      return;
    }
    this.#hideNow(window);
  }

  /** For dialogs that belong to it; null while there is none. */
  get native(): BrowserWindow | null {
    return this.#window;
  }

  /** From now on closing closes: the app quits. */
  allowClose(): void {
    this.#mayClose = true;
  }

  /** Keeps the page while a form in it has something that was typed and not saved. */
  setDirty(isDirty: boolean): void {
    this.#isDirty = isDirty;
  }

  #hideOnceLeft(window: BrowserWindow): void {
    let isOver = false;
    const hide = () => {
      cancel();
      if (isOver || window.isDestroyed()) return;
      isOver = true;
      if (!this.#isWanted) this.#hideNow(window); // Shown again meanwhile, it stays.
    };
    const cancel = this.#options.clock.after(maxLeavingMs, hide);
    window.once('leave-full-screen', hide);
    window.setFullScreen(false);
  }

  #hideNow(window: BrowserWindow): void {
    window.hide();
    this.#isWanted = false;
    showInDock(false);
    this.#cancelRelease();
    this.#cancelRelease = this.#options.clock.after(releaseAfterMs, () => this.#release(window));
  }

  /** Ends the process of a page that is out of sight. */
  #release(window: BrowserWindow): void {
    if (window !== this.#window || window.isDestroyed() || window.isVisible()) return;
    if (this.#isDirty) {
      this.#cancelRelease = this.#options.clock.after(releaseAfterMs, () => this.#release(window));
      return;
    }
    this.#remember(window);
    this.#place = placeOf(window.webContents);
    window.destroy();
  }

  #remember(window: BrowserWindow): void {
    this.#options.memory.bounds = window.getNormalBounds();
  }

  #open(hash: string | undefined): BrowserWindow {
    const { memory, icon, preload, clock } = this.#options;
    const window = new BrowserWindow({
      width: 1200,
      height: 800,
      ...memory.bounds,
      minWidth: 640,
      minHeight: 480,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
      title: 'NotAfter',
      icon,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // Chromium would download a dictionary from Google (docs: spellchecker, “Does the spellchecker use any Google services?”).
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    this.#isDirty = false;
    let isShown = false;
    const showOnce = () => {
      cancel();
      if (isShown || !this.#isWanted || window.isDestroyed()) return;
      isShown = true;
      bringInSight(window);
      window.show();
    };
    const cancel = clock.after(maxHiddenMs, showOnce);
    window.once('show', () => this.#options.log.info('the window is shown'));
    window.once('ready-to-show', showOnce);
    window.webContents.once('did-finish-load', showOnce);
    this.#watch(window.webContents, showOnce);
    window.on('close', (event) => {
      this.#remember(window);
      if (this.#mayClose) return;
      event.preventDefault();
      this.#options.onClose();
    });
    window.on('closed', () => {
      cancel();
      if (this.#window === window) this.#window = null;
    });
    this.#load(window.webContents, `${pageOrigin}/index.html${hash ?? this.#place}`);
    return window;
  }

  #watch(contents: WebContents, show: () => void): void {
    const { log, clock } = this.#options;
    contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
      if (!isMainFrame || code === aborted) return;
      log.error(`the page could not be loaded: ${description || code} (${url})`, new Error(String(code)));
      // A failure of the page that says so would come back here.
      if (!url.startsWith('data:')) this.#fail(contents, 'The page of NotAfter could not be loaded.');
      show();
    });
    // An answer of 404 is a load that went well for Chromium (electron#37470).
    contents.on('did-navigate', (_event, url, status) => {
      if (status < 400) return;
      log.error(`the page could not be loaded: ${status} (${url})`, new Error(String(status)));
      this.#fail(contents, 'The page of NotAfter could not be loaded.');
    });
    contents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (this.#mayClose || reason === 'clean-exit') return;
      const isLoop = this.#crashedAt !== null && clock.now() - this.#crashedAt < crashLoopMs;
      this.#crashedAt = clock.now();
      this.#isDirty = false;
      log.error(`the page’s process ended: ${reason} (${exitCode})`, new Error(reason));
      // Not inside the event: older runtimes could start the process again from within its end.
      if (isLoop) this.#fail(contents, 'The page of NotAfter ended twice within a minute.');
      else setImmediate(() => contents.isDestroyed() || contents.reload());
    });
  }

  /** Shows the page that says what failed, in a later turn: a load within a navigation's event fails (WebContents::LoadURL). */
  #fail(contents: WebContents, sentence: string): void {
    setImmediate(() => {
      if (!contents.isDestroyed()) this.#load(contents, failedPage(sentence, this.#options.log.path ?? null));
    });
  }

  /** did-fail-load reports a load that fails; its promise must not end as an unhandled rejection. */
  #load(contents: WebContents, url: string): void {
    contents.loadURL(url).catch(() => undefined);
  }
}

/** Returns the place that a page shows (`#/jobs/…`); none of one that says what failed. */
function placeOf(contents: WebContents): string {
  const url = contents.getURL();
  return url.startsWith(`${pageOrigin}/`) ? new URL(url).hash : '';
}

/** A page whose process is gone cannot be sent anything: Electron throws there. */
function sendPlace(contents: WebContents, hash: string): void {
  if (!contents.isCrashed()) contents.send(showPlaceChannel, hash);
}

/** Displays come and go while the window is hidden. */
function bringInSight(window: BrowserWindow): void {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const before = window.getNormalBounds();
  const bounds = boundsInSight(
    before,
    [primary, ...others].map(({ workArea }) => workArea),
  );
  if (bounds !== before) window.setBounds(bounds);
}

/** macOS: an app with a window is in the Dock and in Cmd+Tab, one without lives in the menu bar. */
function showInDock(isShown: boolean): void {
  if (process.platform === 'darwin') app.setActivationPolicy(isShown ? 'regular' : 'accessory');
}
