import { BrowserWindow } from 'electron';
import { jobHash, pageOrigin, showJobChannel } from '../../shared/desktop.ts';

export interface MainWindowOptions {
  preload: string;
  icon: string;
}

/** The one window: made when first shown, hidden when closed, until the app quits. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  #mayClose = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  get isVisible(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  /** Brings the window to the front, with a job if one is named. */
  show(jobId?: string): void {
    const window = this.#window;
    if (!window) {
      this.#window = this.#open(jobId);
      return;
    }
    if (jobId !== undefined) window.webContents.send(showJobChannel, jobId);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** From now on closing closes: the app quits. */
  allowClose(): void {
    this.#mayClose = true;
  }

  #open(jobId: string | undefined): BrowserWindow {
    const window = new BrowserWindow({
      width: 1200,
      height: 800,
      minWidth: 640,
      minHeight: 480,
      show: false,
      title: 'NotAfter',
      icon: this.#options.icon,
      autoHideMenuBar: true,
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
      },
    });
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (this.#mayClose) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      this.#window = null;
    });
    void window.loadURL(`${pageOrigin}/index.html${jobId === undefined ? '' : jobHash(jobId)}`);
    return window;
  }
}
