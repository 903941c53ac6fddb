import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MainWindow } from '../../../electron/desktop/window/window.ts';
import { closeBrowser, openBrowser, whenBrowserCloses } from '../../electron-stand-in/browser.ts';
import { protocol, standInOrigin } from '../../electron-stand-in/protocol.ts';
import { BrowserWindow } from '../../electron-stand-in/window.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

// The stand-in with its Chromium, and a clock of the test's.
vi.mock('electron', () => import('../../electron-stand-in/electron-module.ts'));

beforeAll(async () => {
  await openBrowser();
  // As in the app, which stays in the tray; and at the end there is no app to quit.
  BrowserWindow.onLastClosed = () => undefined;
  whenBrowserCloses(() => undefined);
});
afterAll(closeBrowser);

const minute = 60_000;

function makeWindow() {
  const clock = new ManualClock();
  const memory = { bounds: {} as { x?: number; width?: number } };
  const window = new MainWindow({
    preload: new URL('../../../dist/preload/preload.cjs', import.meta.url).pathname,
    icon: '/icon.png',
    memory,
    clock,
    log: new KeptLog(),
    onClose: () => window.hide(),
  });
  return { clock, memory, window, made: () => BrowserWindow.getAllWindows() };
}

describe('the window in the tray', () => {
  it('lets its page’s process go after ten minutes, and not before', () => {
    const { clock, memory, window, made } = makeWindow();
    window.show();
    const [first] = made();
    first?.close();
    expect(first?.isVisible()).toBe(false);
    clock.advance(9 * minute);
    expect(made()).toEqual([first]);
    // Opened and closed again, the ten minutes begin again.
    window.show();
    first?.close();
    clock.advance(9 * minute);
    expect(made()).toEqual([first]);
    clock.advance(minute);
    expect(made()).toEqual([]);
    expect(memory.bounds).toMatchObject({ width: 1200 });
    window.show('#/alerts');
    const [second] = made();
    expect(second).not.toBe(first);
    expect(second?.webContents.url).toMatch(/#\/alerts$/);
    second?.destroy();
  });

  it('keeps it while a form has something that was typed, and lets it go ten minutes after that', () => {
    const { clock, window, made } = makeWindow();
    window.show();
    window.setDirty(true);
    const [first] = made();
    first?.close();
    clock.advance(60 * minute);
    expect(made()).toEqual([first]);
    window.setDirty(false);
    clock.advance(10 * minute);
    expect(made()).toEqual([]);
  });

  it('is shown after three seconds, whatever its page does', () => {
    const { clock, window, made } = makeWindow();
    window.show();
    const [first] = made();
    expect(first?.isVisible()).toBe(false);
    clock.advance(2_999);
    expect(first?.isVisible()).toBe(false);
    clock.advance(1);
    expect(first?.isVisible()).toBe(true);
    first?.destroy();
  });
});

describe('a window in full screen', () => {
  it('is hidden once it has left it, and not before', async () => {
    const { window, made } = makeWindow();
    window.show();
    const [first] = made();
    await inFullScreen(first);
    first?.close();
    expect([first?.isVisible(), first?.isFullScreen()]).toEqual([true, true]);
    await expect.poll(() => first?.isVisible()).toBe(false);
    expect(first?.isFullScreen()).toBe(false);
    first?.destroy();
  });

  it('is hidden after three seconds where it never says that it has left it', async () => {
    const { clock, window, made } = makeWindow();
    window.show();
    const [first] = made();
    await inFullScreen(first);
    if (first) vi.spyOn(first, 'setFullScreen').mockImplementation(() => undefined);
    first?.close();
    clock.advance(2_999);
    expect(first?.isVisible()).toBe(true);
    clock.advance(1);
    expect(first?.isVisible()).toBe(false);
    first?.destroy();
  });

  it('stays where it was shown again before it has left it', async () => {
    const { clock, window, made } = makeWindow();
    window.show();
    const [first] = made();
    await inFullScreen(first);
    first?.close();
    window.show();
    clock.advance(minute);
    await expect.poll(() => first?.isFullScreen()).toBe(false);
    expect(first?.isVisible()).toBe(true);
    first?.destroy();
  });
});

async function inFullScreen(window: BrowserWindow | undefined): Promise<void> {
  window?.show();
  window?.setFullScreen(true);
  await expect.poll(() => window?.isFullScreen()).toBe(true);
}

describe('a window that is opened again after its page’s process was let go', () => {
  const pageFolder = fileURLToPath(new URL('../../../dist/page', import.meta.url));
  /** Scripts that were asked for and are not sent yet: the page is what HTML and style alone make of it. */
  let held: (() => void)[] = [];
  let isHolding = false;
  beforeAll(() =>
    protocol.handle('app', async (request) => {
      const path = new URL(request.url).pathname;
      if (isHolding && path.endsWith('.js')) await new Promise<void>((resolve) => held.push(resolve));
      const type = { js: 'text/javascript', css: 'text/css', html: 'text/html' }[
        path.split('.').at(-1) ?? ''
      ];
      const headers = { 'content-type': type ?? 'application/octet-stream' };
      return new Response(new Uint8Array(await readFile(join(pageFolder, path))), { headers });
    }),
  );

  const pageOf = (window: BrowserWindow | undefined) =>
    vi.waitUntil(() => {
      const page = window?.webContents.page;
      return page?.url().startsWith(standInOrigin) ? page : undefined;
    }, 10_000);

  it('paints its frame before any script has come, as the first one does', async () => {
    const { clock, window, made } = makeWindow();
    for (const round of ['first', 'again']) {
      [held, isHolding] = [[], true];
      window.show();
      const [current] = made();
      const page = await pageOf(current);
      const marks = () => page.evaluate(() => performance.getEntriesByType('paint').map(({ name }) => name));
      await expect.poll(() => held.length).toBeGreaterThan(0);
      // What is painted is the frame: the scripts are still held.
      await expect.poll(marks).toContain('first-paint');
      expect(await page.locator('.first-frame').count(), round).toBe(1);
      isHolding = false;
      for (const send of held) send();
      current?.close();
      clock.advance(10 * minute);
      expect(made(), round).toEqual([]);
    }
  });

  it('shows the place that it showed, or the one that is asked for', async () => {
    const { clock, window, made } = makeWindow();
    isHolding = false;
    const letGo = async (place: string) => {
      const [current] = made();
      const page = await pageOf(current);
      await page.evaluate((hash) => globalThis.location.assign(hash), place);
      current?.close();
      clock.advance(10 * minute);
      expect(made()).toEqual([]);
    };
    const openedAt = () => made()[0]?.webContents.url.replace(/^.*index\.html/, '');
    window.show();
    expect(openedAt()).toBe('');
    await letGo('#/jobs/one');
    window.show();
    expect(openedAt()).toBe('#/jobs/one');
    await letGo('#/jobs/two');
    window.show('#/alerts');
    expect(openedAt()).toBe('#/alerts');
    made()[0]?.destroy();
  });
});
