import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { windowContext } from './browser.ts';
import { ipcMain, MessagePortMain } from './ipc.ts';
import { isMode } from './modes.ts';
import { PreventableEvent } from './preventable-event.ts';
import { answerRequest, appOrigin, standInOrigin, toChromium, toElectron } from './protocol.ts';

interface WindowOptions {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  show?: boolean;
  backgroundColor?: string;
  webPreferences?: {
    preload?: string;
    sandbox?: boolean;
    contextIsolation?: boolean;
    nodeIntegration?: boolean;
  };
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Gone {
  reason: string;
  exitCode: number;
}

const worldName = 'preload';

type FromPreload =
  | { kind: 'post'; channel: string; message: unknown; ports: number[] }
  | { kind: 'port'; id: number; data: string };

/** Electron's WebContents, as far as NotAfter uses it: a Chromium page with the preload script in a world of its own. */
class WebContents extends EventEmitter {
  readonly #preload: string | undefined;
  readonly #bounds: () => Rectangle;
  #page: Page | undefined;
  #cdp: CDPSession | undefined;
  #contextId: number | undefined;
  #ports = new Map<number, MessagePortMain>();
  #isCrashed = false;
  #isNavigating = false;
  #isDestroyed = false;
  url = '';

  constructor(preload: string | undefined, bounds: () => Rectangle) {
    super();
    this.#preload = preload;
    this.#bounds = bounds;
  }

  /** For specs that drive the page; none while its process is gone. */
  get page(): Page | undefined {
    return this.#page;
  }

  /** did-fail-load comes first where it fails, and did-finish-load all the same, for the page that Chromium shows instead. */
  async loadURL(url: string): Promise<void> {
    if (this.#isNavigating) {
      this.emit('did-fail-load', {}, failed, 'ERR_FAILED', url, true);
      throw Object.assign(new Error(`ERR_FAILED (${failed}) loading '${url}'`), { code: 'ERR_FAILED' });
    }
    this.url = url;
    this.#isCrashed = false;
    const page = await this.#openPage();
    if (url.startsWith(appOrigin) && failuresLeft > 0) {
      failuresLeft -= 1;
      this.#emitNavigation('did-fail-load', {}, failed, 'ERR_FAILED', url, true);
      this.emit('did-finish-load', {});
      throw Object.assign(new Error(`ERR_FAILED (${failed}) loading '${url}'`), { code: 'ERR_FAILED' });
    }
    const response = await page.goto(toChromium(url));
    this.#emitNavigation('did-navigate', {}, url, response?.status() ?? 200, response?.statusText() ?? '');
    if (this.#isDestroyed) throw new Error('ERR_FAILED (-2) loading');
    this.emit('laid-out');
    this.emit('did-finish-load', {});
  }

  /** A load that is asked for within one of these events fails within the call. */
  #emitNavigation(name: string, ...args: unknown[]): void {
    this.#isNavigating = true;
    this.emit(name, ...args);
    this.#isNavigating = false;
  }

  /** The address that is shown, with the place that the page has gone to by itself. */
  getURL(): string {
    return this.#page ? toElectron(this.#page.url()) : this.url;
  }

  /** Chromium's own printing, as Electron has it. */
  async printToPDF({ preferCSSPageSize = false } = {}): Promise<Buffer> {
    if (!this.#page) throw new Error('There is no page to print.');
    return this.#page.pdf({ format: 'A4', preferCSSPageSize });
  }

  reload(): void {
    const { url } = this;
    this.loadURL(url).catch(() => undefined);
  }

  /** Ends the page's process, as a crash does. Heard of later, not within the call. */
  async crash(): Promise<void> {
    const page = this.#page;
    this.#page = undefined;
    this.#isCrashed = true;
    await page?.close();
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
    this.#cdp = undefined;
    setImmediate(() => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 }));
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  destroy(): void {
    this.#isDestroyed = true;
    for (const port of this.#ports.values()) port.close();
    void this.#page?.close();
    this.emit('destroyed');
  }

  async #openPage(): Promise<Page> {
    if (this.#page) return this.#page;
    const context = await windowContext();
    const page = await context.newPage();
    this.#page = page;
    const { width, height } = this.#bounds();
    await page.setViewportSize({ width, height });
    await page.route(`${standInOrigin}/**`, answerRequest);
    // A window that the page opens goes nowhere: its address is handed to who decides, as Electron does before there is one.
    page.on('popup', (popup) => popup.once('response', () => void popup.close()));
    await context.route(
      (asked) => !asked.href.startsWith(standInOrigin),
      (route) => {
        const request = route.request();
        // The page that says what failed links to our own, whose scheme Chromium does not know here.
        if (toElectron(request.url()).startsWith(appOrigin)) return route.continue();
        if (request.isNavigationRequest()) this.openHandler?.({ url: request.url() });
        return route.fulfill({ status: 204 }); // An answer without a page: the window stays empty.
      },
    );
    await this.attach(page);
    return page;
  }

  /** Asked about each address that the page wants a window for. */
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  /** A page whose process is gone, or that was destroyed, cannot be sent anything. */
  send(channel: string, ...args: unknown[]): void {
    if (this.#isCrashed) throw new Error('Render frame was disposed before WebFrameMain could be accessed');
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    this.#deliver({ kind: 'send', channel, args });
  }

  async attach(page: Page): Promise<void> {
    const cdp = await page.context().newCDPSession(page);
    this.#cdp = cdp;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== worldName) return;
      this.#contextId = context.id;
      for (const port of this.#ports.values()) port.close();
      this.#ports.clear();
    });
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      if (executionContextId === this.#contextId) this.#hear(JSON.parse(payload) as FromPreload, page);
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: worldName });
    if (this.#preload === undefined) return;
    const world = readFileSync(join(import.meta.dirname, 'preload-world.js'), 'utf8');
    const source = `(() => { ${world}\n(() => { ${readFileSync(this.#preload, 'utf8')}\n })(); })();`;
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName });
  }

  #hear(message: FromPreload, page: Page): void {
    if (message.kind === 'port') {
      this.#ports.get(message.id)?.receive(message.data);
      return;
    }
    const ports = message.ports.map((id) => {
      const port = new MessagePortMain((relayed) => this.#deliver({ kind: 'port', id, ...relayed }));
      this.#ports.set(id, port);
      return port;
    });
    ipcMain.emit(
      message.channel,
      { ports, sender: this, senderFrame: { url: toElectron(page.url()), parent: null } },
      message.message,
    );
  }

  #deliver(message: object): void {
    const expression = `standInReceive(${JSON.stringify(message)})`;
    const contextId = this.#contextId;
    if (contextId === undefined) return;
    // A page that has gone hears nothing more; Electron drops such messages too.
    this.#cdp?.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
  }
}

/** Chromium's net error for a load that failed (net::ERR_FAILED). */
const failed = -2;
let failuresLeft = isMode('page-fails') ? 1 : 0;

/** A window without a page. The system's end of session reaches it too. */
export class BaseWindow extends EventEmitter {
  static readonly all = new Set<BaseWindow>();
  constructor(_options: { show?: boolean } = {}) {
    super();
    BaseWindow.all.add(this);
  }
}

/** Electron's BrowserWindow: a page that is drawn all the time, with whether a person would see it kept beside it. */
export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  /** Hears of every page before it loads anything: the app, which tells its own listeners. */
  static onContents: (contents: WebContents) => void = () => undefined;
  static onContentsGone: (contents: WebContents, details: Gone) => void = () => undefined;
  static onLastClosed: () => void = () => undefined;
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  readonly options: WindowOptions;
  readonly webContents: WebContents;
  #isVisible = false;
  #wasShown = false;
  #isFullScreen = false;
  #isDestroyed = false;
  #hasLaidOut = false;
  #bounds: Rectangle;

  constructor(options: WindowOptions = {}) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = new WebContents(options.webPreferences?.preload, () => this.#bounds);
    this.webContents.on('laid-out', () => this.#layOut());
    this.webContents.on('render-process-gone', (_event, details: Gone) =>
      BrowserWindow.onContentsGone(this.webContents, details),
    );
    BrowserWindow.#all.add(this);
    BrowserWindow.onContents(this.webContents);
    if (options.show ?? true) this.show();
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  /** The first layout that is not empty. A hidden window on Wayland draws no frame, so it comes after the first show. */
  #layOut(): void {
    this.#hasLaidOut = true;
    if (!isMode('wayland') || this.#wasShown) process.nextTick(() => this.emit('ready-to-show'));
  }

  getNormalBounds(): Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Rectangle): void {
    if (!isMode('wayland')) this.#bounds = { ...bounds };
  }

  show(): void {
    const isFirst = !this.#wasShown;
    this.#isVisible = true;
    this.#wasShown = true;
    this.emit('show');
    if (isFirst && isMode('wayland') && this.#hasLaidOut) process.nextTick(() => this.emit('ready-to-show'));
  }
  hide(): void {
    this.#isVisible = false;
    this.emit('hide');
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isVisible(): boolean {
    return this.#isVisible;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  isFullScreen(): boolean {
    return this.#isFullScreen;
  }
  /** Leaving takes a while on macOS; a window that is hidden meanwhile leaves its space behind, black. */
  setFullScreen(isFullScreen: boolean): void {
    setImmediate(() => {
      this.#isFullScreen = isFullScreen;
      this.emit(isFullScreen ? 'enter-full-screen' : 'leave-full-screen');
    });
  }

  /** As a click on the window's close button. The page goes later, not within the call. Answers whether it will. */
  close(): boolean {
    if (this.#isDestroyed) return true;
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    setImmediate(() => this.destroy());
    return true;
  }

  /** Without asking anyone: no close event. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#isVisible = false;
    this.webContents.destroy();
    BrowserWindow.#all.delete(this);
    this.emit('closed');
    if (BrowserWindow.#all.size === 0) BrowserWindow.onLastClosed();
  }
}
