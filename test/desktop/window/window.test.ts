import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MainWindow } from '../../../electron/desktop/window/window.ts';
import { closeBrowser, openBrowser } from '../../electron-stand-in/browser.ts';
import { BrowserWindow } from '../../electron-stand-in/window.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

// The stand-in with its Chromium, and a clock of the test's.
vi.mock('electron', () => import('../../electron-stand-in/electron-module.ts'));

beforeAll(openBrowser);
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
