import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { windowContext } from './browser.ts';
import { ipcMain, MessagePortMain } from './ipc.ts';
import { PreventableEvent } from './preventable-event.ts';
import { answerRequest, standInOrigin, toChromium, toElectron } from './protocol.ts';

interface WindowOptions {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  show?: boolean;
  webPreferences?: {
    preload?: string;
    sandbox?: boolean;
    contextIsolation?: boolean;
    nodeIntegration?: boolean;
  };
}

const worldName = 'preload';

type FromPreload =
  | { kind: 'post'; channel: string; message: unknown; ports: number[] }
  | { kind: 'port'; id: number; data: string };

/** Electron's WebContents, as far as NotAfter uses it: a Chromium page with the preload script in a world of its own. */
class WebContents extends EventEmitter {
  readonly #preload: string | undefined;
  #cdp: CDPSession | undefined;
  #contextId: number | undefined;
  #ports = new Map<number, MessagePortMain>();
  url = '';

  constructor(preload: string | undefined) {
    super();
    this.#preload = preload;
  }

  /** Asked about each address that the page wants a window for. */
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
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

/** Electron's BrowserWindow: a page that is drawn all the time, with whether a person would see it kept beside it. */
export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>();
  /** Hears of every page before it loads anything: the app, which tells its own listeners. */
  static onContents: (contents: WebContents) => void = () => undefined;
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }

  readonly options: WindowOptions;
  readonly webContents: WebContents;
  #page: Page | undefined;
  #isVisible: boolean;

  constructor(options: WindowOptions = {}) {
    super();
    this.options = options;
    this.#isVisible = options.show ?? true;
    this.webContents = new WebContents(options.webPreferences?.preload);
    BrowserWindow.#all.add(this);
    BrowserWindow.onContents(this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    const context = await windowContext();
    const page = await context.newPage();
    this.#page = page;
    await page.setViewportSize({ width: this.options.width ?? 800, height: this.options.height ?? 600 });
    await page.route(`${standInOrigin}/**`, answerRequest);
    // A window that the page opens goes nowhere: its address is handed to who decides, as Electron does before there is one.
    page.on('popup', (popup) => popup.once('response', () => void popup.close()));
    await context.route(
      (asked) => !asked.href.startsWith(standInOrigin),
      (route) => {
        const request = route.request();
        if (request.isNavigationRequest()) this.webContents.openHandler?.({ url: request.url() });
        return route.fulfill({ status: 204 }); // An answer without a page: the window stays empty.
      },
    );
    await this.webContents.attach(page);
    await page.goto(toChromium(url));
    this.emit('ready-to-show');
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x = 0, y = 0, width = 800, height = 600 } = this.options;
    return { x, y, width, height };
  }

  show(): void {
    this.#isVisible = true;
  }
  hide(): void {
    this.#isVisible = false;
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isVisible(): boolean {
    return this.#isVisible;
  }

  /** As a click on the window's close button. Answers whether it closed. */
  close(): boolean {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.#isVisible = false;
    BrowserWindow.#all.delete(this);
    void this.#page?.close();
    this.emit('closed');
    return true;
  }
}
