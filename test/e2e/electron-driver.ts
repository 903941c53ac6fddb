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
  checked: boolean;
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
  notifications: {
    title: string;
    body: string;
    isShown: boolean;
    silent: boolean;
    actions: { text: string }[];
    emit(name: string, ...args: unknown[]): void;
  }[];
  questions: { message: string; buttons: string[]; isModal?: boolean }[];
  opened: string[];
  answers: string[];
}
type Recording = typeof globalThis & { notafterRecorded: Recorded };

/** The app on Electron's own runtime, driven by Playwright. */
export const launchOnElectron: DesktopDriver = async (userData, { args: moreArgs = [], env = {} } = {}) => {
  const executablePath = createRequire(import.meta.url)('electron') as string;
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [
    ...sandbox,
    '-r',
    join(import.meta.dirname, 'electron-recorder.cjs'),
    root,
    `--user-data-dir=${userData}`,
    ...moreArgs,
  ];
  const environment = Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined);
  const app = await _electron.launch({
    executablePath,
    args,
    // SAFETY: what is undefined was left out.
    env: Object.fromEntries(environment) as Record<string, string>,
  });
  const child = app.process();
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const state = (): Promise<DesktopState> =>
    app.evaluate(({ BrowserWindow }) => {
      const { trays, notifications, questions, opened } = (globalThis as Recording).notafterRecorded;
      return {
        trays: trays.map(({ image, toolTip, menu }) => ({
          image,
          toolTip,
          menu: (menu?.items ?? [])
            .filter(({ type }) => type !== 'separator')
            .map(({ label, enabled, checked }) => ({ label, enabled, checked })),
        })),
        notifications: notifications.map(({ title, body, isShown, silent, actions }) => ({
          title,
          body,
          isShown,
          silent,
          actions: actions.map(({ text }) => text),
        })),
        questions,
        opened,
        windows: BrowserWindow.getAllWindows().map((window) => ({ isVisible: window.isVisible() })),
      };
    });
  const findPage = () => {
    const [found] = app.windows();
    if (!found) throw new Error('The app shows no window.');
    return found;
  };
  const first = moreArgs.includes('--hidden') ? null : await app.firstWindow();
  return {
    get page() {
      return first ?? findPage();
    },
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
    clickNotificationAction: (title, text) =>
      app.evaluate(
        (_electronModule, wanted) => {
          const found = (globalThis as Recording).notafterRecorded.notifications.findLast(
            (one) => one.title === wanted.title,
          );
          const actionIndex = found?.actions.findIndex((action) => action.text === wanted.text);
          found?.emit('action', { actionIndex, selectionIndex: -1 }, actionIndex, -1);
        },
        { title, text },
      ),
    setTheme: (source) =>
      app.evaluate(({ nativeTheme }, wanted) => {
        nativeTheme.themeSource = wanted;
      }, source),
    answerNext: (button) =>
      app.evaluate((_electronModule, wanted) => {
        (globalThis as Recording).notafterRecorded.answers.push(wanted);
      }, button),
    closeWindow: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
    startAgain: async () => {
      const [code] = (await once(
        spawn(executablePath, [...sandbox, root, `--user-data-dir=${userData}`]),
        'close',
      )) as [number | null];
      return code;
    },
    command: async (...words) => {
      const run = spawn(executablePath, [...sandbox, root, ...words]);
      let stdout = '';
      run.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      const [status] = (await once(run, 'close')) as [number | null];
      return { status, stdout };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null)
        await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined);
      await ended;
    },
  };
};
