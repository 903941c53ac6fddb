import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import type { DesktopDriver, DesktopState } from './desktop-driver.ts';

const root = join(import.meta.dirname, '../..');

interface RecordedItem {
  label: string;
  type: string;
  enabled: boolean;
  submenu?: { items: RecordedItem[] } | null;
  click(): void;
}

/** What the recorder keeps in the main process. */
interface Recorded {
  trays: {
    image: string;
    toolTip: string;
    menu: { items: RecordedItem[] } | null;
  }[];
  notifications: { title: string; body: string; isShown: boolean; emit(name: string): void }[];
}
type Recording = typeof globalThis & { notafterRecorded: Recorded };

/** The app on Electron's own runtime, driven by Playwright. */
export const launchOnElectron: DesktopDriver = async (userData) => {
  const executablePath = createRequire(import.meta.url)('electron') as string;
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [
    ...sandbox,
    '-r',
    join(import.meta.dirname, 'electron-recorder.cjs'),
    root,
    `--user-data-dir=${userData}`,
  ];
  const app = await _electron.launch({ executablePath, args });
  const child = app.process();
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const state = (): Promise<DesktopState> =>
    app.evaluate(({ BrowserWindow }) => {
      const { trays, notifications } = (globalThis as Recording).notafterRecorded;
      return {
        trays: trays.map(({ image, toolTip, menu }) => ({
          image,
          toolTip,
          menu: (menu?.items ?? [])
            .filter(({ type }) => type !== 'separator')
            .map(({ label, enabled }) => ({ label, enabled })),
        })),
        notifications: notifications.map(({ title, body, isShown }) => ({ title, body, isShown })),
        windows: BrowserWindow.getAllWindows().map((window) => ({ isVisible: window.isVisible() })),
      };
    });
  return {
    page: await app.firstWindow(),
    ended,
    state,
    clickMenu: (label) =>
      app.evaluate((_electronModule, wanted) => {
        const [tray] = (globalThis as Recording).notafterRecorded.trays;
        const items = tray?.menu?.items ?? [];
        const all = items.flatMap((item) => [item, ...(item.submenu?.items ?? [])]);
        all.find((item) => item.label === wanted)?.click();
      }, label),
    clickNotification: (title) =>
      app.evaluate((_electronModule, wanted) => {
        (globalThis as Recording).notafterRecorded.notifications
          .findLast((one) => one.title === wanted)
          ?.emit('click');
      }, title),
    closeWindow: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
    startAgain: async () => {
      const [code] = (await once(
        spawn(executablePath, [...sandbox, root, `--user-data-dir=${userData}`]),
        'close',
      )) as [number | null];
      return code;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null)
        await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined);
      await ended;
    },
  };
};
