import { app, BrowserWindow } from 'electron';
import { pageOrigin, showPlaceChannel } from '../../../shared/ipc.ts';
import type { DesktopMemory } from '../desktop-state.ts';

export interface MainWindowOptions {
  preload: string;
  icon: string;
  memory: DesktopMemory;
  /** Called when the person closes the window, in place of closing it. */
  onClose: () => void;
}

/** The one window: made when first shown, hidden when closed, until the app quits. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  #mayClose = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  /** Brings the window to the front, at a place in the page (`#/alerts`) if one is named. */
  show(hash?: string): void {
    const window = this.#window;
    if (!window) {
      this.#window = this.#open(hash);
      return;
    }
    if (hash !== undefined) window.webContents.send(showPlaceChannel, hash);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  hide(): void {
    this.#window?.hide();
  }

  /** For dialogs that belong to it; null while there is none. */
  get native(): BrowserWindow | null {
    return this.#window;
  }

  /** From now on closing closes: the app quits. */
  allowClose(): void {
    this.#mayClose = true;
  }

  #open(hash: string | undefined): BrowserWindow {
    const { memory, icon, preload } = this.#options;
    const window = new BrowserWindow({
      width: 1200,
      height: 800,
      ...memory.bounds,
      minWidth: 640,
      minHeight: 480,
      show: false,
      title: 'NotAfter',
      icon,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        devTools: !app.isPackaged,
      },
    });
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      memory.bounds = window.getNormalBounds();
      if (this.#mayClose) return;
      event.preventDefault();
      this.#options.onClose();
    });
    window.on('closed', () => {
      this.#window = null;
    });
    void window.loadURL(`${pageOrigin}/index.html${hash ?? ''}`);
    return window;
  }
}
