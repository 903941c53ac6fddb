import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, expect, it, vi } from 'vitest';
import { AppTray } from '../../../electron/desktop/tray/tray.ts';
import { TestEngine } from '../../support/test-engine.ts';

const menus: MenuItemConstructorOptions[][] = [];
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class Tray extends Emitter {
    setImage() {}
    setToolTip() {}
    setContextMenu() {}
    destroy() {}
  }
  return {
    Tray,
    Menu: {
      buildFromTemplate(template: MenuItemConstructorOptions[]) {
        menus.push(template);
        return new Emitter();
      },
    },
    nativeImage: { createFromPath: (path: string) => path },
    nativeTheme: Object.assign(new Emitter(), { shouldUseDarkColors: false }),
  };
});

beforeEach(() => menus.splice(0));

it('shows that quiet is over at that moment, and after a restart that it goes on', async () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  await using test = new TestEngine({ now });
  const { engine, clock, log } = test;
  const open = () =>
    new AppTray({
      engine,
      clock,
      log,
      iconFolder: '/icons',
      environment: { platform: 'linux', desktop: 'KDE' },
      loginItem: null,
      newest: () => null,
      actions: {
        open: vi.fn(),
        openSettings: vi.fn(),
        checkAll: vi.fn(),
        pause: vi.fn(),
        resume: vi.fn(),
        quiet: vi.fn(),
        offerUpdate: vi.fn(),
        showLog: vi.fn(),
        quit: vi.fn(),
      },
    });
  const entry = () => menus.at(-1)?.find(({ label }) => label?.startsWith('Quiet'))?.label;
  const first = open();
  expect(entry()).toBe('Quiet until tomorrow');
  await engine.settings.edit({ quietUntil: new Date(now + 5 * 60_000).toISOString() });
  clock.advance(200);
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  first.close();
  menus.splice(0);
  const second = open();
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  clock.advance(5 * 60_000 - 201);
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  clock.advance(1);
  expect(entry()).toBe('Quiet until tomorrow');
  second.close();
});
