import { EventEmitter } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { closeBrowser, openBrowser } from './browser.ts';
import { closeControl, openControl } from './control.ts';
import { mark } from './marks.ts';
import { PreventableEvent } from './preventable-event.ts';
import { BrowserWindow } from './window.ts';

const userDataArg = '--user-data-dir=';

/** Electron's `app`, as far as NotAfter uses it. */
class App extends EventEmitter {
  /** As if it were packed, with its resources in this folder. */
  readonly isPackaged = process.env['STAND_IN_RESOURCES'] !== undefined;
  #ready: Promise<void> | undefined;
  #isQuitting = false;

  whenReady(): Promise<void> {
    mark('waits');
    this.#ready ??= (async () => {
      await openBrowser();
      await openControl();
      mark('ready');
      this.emit('ready');
    })();
    return this.#ready;
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`The stand-in knows no path “${name}”.`);
    const given = process.argv.find((arg) => arg.startsWith(userDataArg))?.slice(userDataArg.length);
    return given ?? join(homedir(), '.config', 'NotAfter');
  }

  getVersion(): string {
    return process.env['STAND_IN_APP_VERSION'] ?? '0';
  }

  /** Kept as macOS and Windows keep it. */
  #opensAtLogin = false;
  getLoginItemSettings(): { openAtLogin: boolean } {
    return { openAtLogin: this.#opensAtLogin };
  }
  setLoginItemSettings({ openAtLogin }: { openAtLogin: boolean }): void {
    this.#opensAtLogin = openAtLogin;
  }

  getName(): string {
    return 'NotAfter';
  }

  relaunch(): void {}

  getAppPath(): string {
    return process.cwd();
  }

  setAppUserModelId(): void {}

  /** As Electron does: the first instance hears of the second. A lock of a process that has ended counts for nothing. */
  requestSingleInstanceLock(): boolean {
    mkdirSync(this.getPath('userData'), { recursive: true });
    const file = join(this.getPath('userData'), 'SingletonLock');
    for (;;) {
      try {
        closeSync(openSync(file, 'wx'));
        writeFileSync(file, String(process.pid));
        process.on('exit', () => rmSync(file, { force: true }));
        process.on('SIGUSR2', () => this.emit('second-instance', {}, [], ''));
        return true;
      } catch {
        const pid = Number(readFileSync(file, 'utf8'));
        try {
          process.kill(pid, 'SIGUSR2');
          return false;
        } catch {
          rmSync(file, { force: true });
        }
      }
    }
  }

  /** before-quit, then every window closes, then will-quit: each may hold it up (Electron's app.quit). */
  quit(): void {
    void this.#quit();
  }

  async #quit(): Promise<void> {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    const mayGoOn = (name: string) => {
      const event = new PreventableEvent();
      this.emit(name, event);
      return !event.defaultPrevented;
    };
    if (
      mayGoOn('before-quit') &&
      BrowserWindow.getAllWindows().every((window) => window.close()) &&
      mayGoOn('will-quit')
    ) {
      this.emit('quit', {}, 0);
      this.exit(0);
    }
    this.#isQuitting = false;
  }

  exit(code = 0): void {
    void Promise.allSettled([closeControl(), closeBrowser()]).then(() => process.exit(code));
  }
}

// Where Electron's own resources would be, and beside them those of an app that is packed.
Object.assign(process, { resourcesPath: process.env['STAND_IN_RESOURCES'] ?? import.meta.dirname });
export const app = new App();
BrowserWindow.onContents = (contents) => app.emit('web-contents-created', {}, contents);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
