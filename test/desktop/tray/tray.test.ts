import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, expect, it, vi } from 'vitest';
import { AppTray } from '../../../electron/desktop/tray/tray.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

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

function openTray({ engine, clock, log }: TestEngine): AppTray {
  return new AppTray({
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
}

it('shows that quiet is over at that moment, and after a restart that it goes on', async () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  await using test = new TestEngine({ now });
  const { engine, clock } = test;
  const entry = () => menus.at(-1)?.find(({ label }) => label?.startsWith('Quiet'))?.label;
  const first = openTray(test);
  expect(entry()).toBe('Quiet until tomorrow');
  await engine.settings.edit({ quietUntil: new Date(now + 5 * 60_000).toISOString() });
  clock.advance(200);
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  first.close();
  menus.splice(0);
  const second = openTray(test);
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  clock.advance(5 * 60_000 - 201);
  expect(entry()).toMatch(/^Quiet until \w{3} /);
  clock.advance(1);
  expect(entry()).toBe('Quiet until tomorrow');
  second.close();
});

it.each([
  ['one host', ['one']],
  ['hosts whose alerts come as one digest', ['one', 'two', 'three']],
])('counts %s again once a snooze has ended', async (_, names) => {
  await using test = new TestEngine();
  await using server = await serveTls(test.ca.issue({ sans: ['other.example'] }));
  const { engine, clock } = test;
  engine.start();
  for (const name of names) {
    const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
    const { id } = await engine.jobs.add(jobInputSchema.parse({ name, target }));
    await engine.checks.checkNow(id);
  }
  clock.advance(60_000);
  const hourAhead = new Date(clock.now() + 3_600_000).toISOString();
  for (const { id } of engine.alerts.list({ limit: 10, offset: 0 }).items)
    engine.alerts.snooze(id, hourAhead);
  const tray = openTray(test);
  const title = () => menus.at(-1)?.[0]?.label;
  expect(title()).toMatch(new RegExp(`^0 of \\d need attention, ${names.length} snoozed$`));
  clock.advance(3_600_000 + 60_000);
  const verb = names.length === 1 ? 'needs' : 'need';
  expect(title()).toBe(`${names.length} of ${names.length} ${verb} attention`);
  tray.close();
});
