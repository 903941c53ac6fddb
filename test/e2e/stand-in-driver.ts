import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { vi } from 'vitest';
import type { DesktopAction, DesktopState as StandInState } from '../electron-stand-in/control.ts';
import { standInOrigin } from '../electron-stand-in/protocol.ts';
import type { DesktopDriver, LaunchOptions } from './desktop-driver.ts';

const root = join(import.meta.dirname, '../..');
const electronCli = createRequire(import.meta.url).resolve('electron/cli.js');

/** Starts the app's bundles on the stand-in. */
export function startApp(
  userData: string,
  { args = [], env = {} }: LaunchOptions,
  controlFile?: string,
  output: 'inherit' | 'pipe' | 'ignore' = 'inherit',
): ChildProcess {
  return spawn(process.execPath, [electronCli, root, `--user-data-dir=${userData}`, ...args], {
    stdio: ['ignore', output, output === 'ignore' ? 'ignore' : 'inherit'],
    env: {
      ...process.env,
      ...env,
      ELECTRON_OVERRIDE_DIST_PATH: join(root, 'test/electron-stand-in'),
      ...(controlFile === undefined ? {} : { STAND_IN_CONTROL_FILE: controlFile }),
    },
  });
}

/** The real bundles on the stand-in: Electron's own command line starts it, through ELECTRON_OVERRIDE_DIST_PATH. */
export const launchOnStandIn: DesktopDriver = async (userData, options = {}) => {
  const controlFile = join(userData, 'control');
  rmSync(controlFile, { force: true }); // Of an app that was there before.
  const child = startApp(userData, options, controlFile);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const endedEarly = ended.then((code): never => {
    throw new Error(`The app ended at its start with status ${code}.`);
  });
  endedEarly.catch(() => undefined); // It ends at last in any case.
  const port = await Promise.race([appearance(userData, controlFile), endedEarly]);
  const ask = async (action?: DesktopAction): Promise<StandInState> => {
    const response = await fetch(
      `http://127.0.0.1:${port}`,
      action ? { method: 'POST', body: JSON.stringify(action) } : {},
    );
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as StandInState;
  };
  const { debuggingPort } = await ask();
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${debuggingPort}`);
  const findPage = () => {
    const pages = browser.contexts().flatMap((context) => context.pages());
    const found = pages.find((one) => one.url().startsWith(standInOrigin) || one.url().startsWith('data:'));
    if (!found) throw new Error('The app shows no window.');
    return found;
  };
  const { hasWindow = !options.args?.includes('--hidden') } = options;
  const first = hasWindow ? await Promise.race([vi.waitFor(findPage, 20_000), endedEarly]) : null;
  return {
    get page() {
      return first && !first.isClosed() ? first : findPage();
    },
    ended,
    state: () => ask(),
    clickMenu: async (label) => void (await ask({ action: 'menu', label })),
    clickNotification: async (title) => void (await ask({ action: 'notification', title })),
    clickNotificationAction: async (title, text) =>
      void (await ask({ action: 'notification-action', title, text })),
    setTheme: async (source) => void (await ask({ action: 'theme', source })),
    answerNext: async (button) => void (await ask({ action: 'answer', button })),
    closeWindow: async () => void (await ask({ action: 'close-window' })),
    startAgain: async () => {
      const [code] = (await once(startApp(userData, options), 'close')) as [number | null];
      return code;
    },
    command: async (...args) => {
      const run = startApp(userData, { ...options, args }, undefined, 'pipe');
      let stdout = '';
      run.stdout?.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      const [status] = (await once(run, 'close')) as [number | null];
      return { status, stdout };
    },
    system: async (action) => void (await ask(action)),
    standIn: () => ask(),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await browser.close();
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
};

/** Waits until the file has its content. */
async function appearance(folder: string, file: string): Promise<number> {
  const read = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  const { promise, resolve } = Promise.withResolvers<number>();
  const look = () => {
    const port = read();
    if (port > 0) resolve(port);
  };
  const watcher = watch(folder, look);
  look();
  try {
    return await promise;
  } finally {
    watcher.close();
  }
}
