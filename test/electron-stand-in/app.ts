import { EventEmitter } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { closeBrowser, openBrowser, whenBrowserCloses } from './browser.ts';
import { closeControl, openControl } from './control.ts';
import { mark } from './marks.ts';
import { isMode } from './modes.ts';
import { PreventableEvent } from './preventable-event.ts';
import { recorded } from './shell-parts.ts';
import { BrowserWindow } from './window.ts';

const userDataArg = '--user-data-dir=';

/** Waits until the microtasks and ticks that are due have run, as Electron does inside an emit from native code. */
const drained = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Relaunch {
  args: string[];
  execPath: string;
}

/** Electron's `app`, as far as NotAfter uses it. Each behaviour has its source in README.md. */
class App extends EventEmitter {
  /** As if it were packed, with its resources in this folder. */
  readonly isPackaged = process.env['STAND_IN_RESOURCES'] !== undefined;
  readonly commandLine = {
    hasSwitch: (name: string) =>
      process.argv.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  };
  toastActivatorCLSID = '';
  #ready: Promise<void> | undefined;
  #isQuitting = false;
  #isShutDown = false;
  readonly #relaunches: Relaunch[] = [];

  whenReady(): Promise<void> {
    mark('waits');
    this.#ready ??= (async () => {
      await openBrowser();
      await openControl(this);
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
  getLoginItemSettings(): { openAtLogin: boolean; wasOpenedAtLogin: boolean; args: string[] } {
    const wasOpenedAtLogin = isMode('macos') && process.env['STAND_IN_OPENED_AT_LOGIN'] === '1';
    return { ...recorded.loginItem, wasOpenedAtLogin };
  }
  setLoginItemSettings({ openAtLogin, args = [] }: { openAtLogin: boolean; args?: string[] }): void {
    // macOS starts an app at login without arguments.
    recorded.loginItem = { openAtLogin, args: isMode('macos') ? [] : args };
  }

  getName(): string {
    return 'NotAfter';
  }

  /** Each call starts one instance once it has ended (docs/api/app.md, app.relaunch). */
  relaunch({ args = process.argv.slice(1), execPath = process.execPath }: Partial<Relaunch> = {}): void {
    this.#relaunches.push({ args, execPath });
  }

  getAppPath(): string {
    return process.cwd();
  }

  setAppUserModelId(): void {}

  setToastActivatorCLSID(id: string): void {
    this.toastActivatorCLSID = id;
  }

  setActivationPolicy(policy: string): void {
    if (!isMode('macos')) throw new TypeError('app.setActivationPolicy is not a function');
    recorded.activationPolicy = policy;
  }

  /** The first instance hears of the second. A lock of a process that has ended counts for nothing. */
  requestSingleInstanceLock(): boolean {
    mkdirSync(this.getPath('userData'), { recursive: true });
    const file = join(this.getPath('userData'), 'SingletonLock');
    for (;;) {
      try {
        closeSync(openSync(file, 'wx'));
        writeFileSync(file, String(process.pid));
        process.on('exit', () => rmSync(file, { force: true }));
        process.on('SIGUSR2', () => {
          const argv = JSON.parse(readFileSync(`${file}.argv`, 'utf8')) as string[];
          this.emit('second-instance', new PreventableEvent(), argv, process.cwd(), null);
        });
        return true;
      } catch {
        const pid = Number(readFileSync(file, 'utf8'));
        try {
          writeFileSync(`${file}.argv`, JSON.stringify(process.argv.slice(1)));
          process.kill(pid, 'SIGUSR2');
          return false;
        } catch {
          rmSync(file, { force: true });
        }
      }
    }
  }

  /** Browser::Quit: before-quit at once; then the windows close; will-quit comes when the last is gone, or at once without any. */
  quit(): void {
    if (this.#isQuitting || this.#isShutDown) return;
    this.#isQuitting = true;
    if (!this.#mayGoOn('before-quit')) {
      this.#isQuitting = false;
      return;
    }
    const windows = BrowserWindow.getAllWindows();
    if (windows.length === 0) {
      // Asked for by JavaScript, nothing runs inside the emit; the quit is over before a promise goes on.
      if (this.#mayGoOn('will-quit')) this.#shutDown(0);
      else this.#isQuitting = false;
      return;
    }
    for (const window of windows) {
      // A window that stays cancels the quit; the others close all the same.
      if (!window.close()) this.#isQuitting = false;
    }
  }

  /** A quit that native code asks for: a signal, the system's menu. */
  quitFromNative(): void {
    if (BrowserWindow.getAllWindows().length > 0) {
      this.quit();
      return;
    }
    if (this.#isQuitting || this.#isShutDown) return;
    this.#isQuitting = true;
    if (this.#mayGoOn('before-quit')) void this.#notifyAndShutDown();
    else this.#isQuitting = false;
  }

  /** WindowList::RemoveWindow → Browser::OnWindowAllClosed. */
  lastWindowClosed(): void {
    if (this.#isShutDown) return;
    if (this.#isQuitting) void this.#notifyAndShutDown();
    else if (!this.emit('window-all-closed')) this.quit();
  }

  /** Ends at once: no close, before-quit or will-quit; quit is emitted. */
  exit(code = 0): void {
    this.#shutDown(code);
  }

  /** From native code, microtasks run inside the emit while the app is quitting: a quit that is asked for there is lost. */
  async #notifyAndShutDown(): Promise<void> {
    const mayGoOn = this.#mayGoOn('will-quit');
    await drained();
    this.#isQuitting = false;
    if (mayGoOn) this.#shutDown(0);
  }

  #mayGoOn(name: string): boolean {
    const event = new PreventableEvent();
    this.emit(name, event);
    return !event.defaultPrevented;
  }

  #shutDown(code: number): void {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.emit('quit', {}, code);
    const record = process.env['STAND_IN_RELAUNCH_FILE'];
    for (const relaunch of record === undefined ? [] : this.#relaunches)
      appendFileSync(record ?? '', `${JSON.stringify(relaunch)}\n`);
    void Promise.allSettled([closeControl(), closeBrowser()]).then(() => exitNow(code));
  }
}

const exitNow = process.exit.bind(process);
// Where Electron's own resources would be, and beside them those of an app that is packed.
Object.assign(process, { resourcesPath: process.env['STAND_IN_RESOURCES'] ?? import.meta.dirname });
export const app = new App();
BrowserWindow.onContents = (contents) => app.emit('web-contents-created', {}, contents);
BrowserWindow.onContentsGone = (contents, details) => app.emit('render-process-gone', {}, contents, details);
BrowserWindow.onLastClosed = () => app.lastWindowClosed();

whenBrowserCloses(() => app.quitFromNative());

/**
 * Takes the place of every handler that the main module has set by then: Electron sets its own once that has run
 * (ElectronBrowserMainParts::PostCreateMainMessageLoop), by sigaction, which Node does not notice. One graceful end for each signal,
 * and one in all that is heard: the same signal again ends the process by itself.
 */
export function setSignalHandlers(): void {
  let isHeard = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      if (!isHeard) app.quitFromNative();
      isHeard = true;
    });
  }
}
