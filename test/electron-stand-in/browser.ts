import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../support/chromium.ts';

let browser: Browser | undefined;
let context: BrowserContext | undefined;
let cdpPort = 0;
const portArg = '--remote-debugging-port=';

/** Called when Chromium was ended by its own protocol: Electron quits then (devtools_manager_delegate.cc). */
let onBrowserClosed: () => void = () => undefined;
export function whenBrowserCloses(callback: () => void): void {
  onBrowserClosed = callback;
}

/** Chromium for the windows, with a debugging port by which a spec can drive the same pages. */
export async function openBrowser(): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('The stand-in needs a Chromium.');
  const given = process.argv.find((arg) => arg.startsWith(portArg))?.slice(portArg.length);
  cdpPort = given === undefined ? await freePort() : Number(given);
  browser = await chromium.launch({
    executablePath,
    // Signals are the app's business.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // An address is asked for as the page named it, not as https first.
    args: [...chromiumArgs, '--disable-features=HttpsUpgrades', `--remote-debugging-port=${cdpPort}`],
  });
  browser.once('disconnected', () => onBrowserClosed());
}

export function debuggingPort(): number {
  return cdpPort;
}

/** The context of all windows. Electron names itself in the user agent, and so does this. */
export async function windowContext(): Promise<BrowserContext> {
  if (!browser) throw new Error('A window was made before the app was ready.');
  context ??= await browser.newContext({
    viewport: null,
    userAgent: `Mozilla/5.0 Chrome/${browser.version()} Electron/stand-in Safari/537.36`,
  });
  return context;
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const { promise: closed, resolve: done } = Promise.withResolvers<void>();
  server.close(() => done());
  await closed;
  return port;
}
