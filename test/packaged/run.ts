import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { isHeld } from '../../electron/engine/store/folder-lock.ts';
import { freePort } from '../support/free-port.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls } from '../support/tls-server.ts';

/**
 * `npm run test:packaged -- EXECUTABLE`: what a person does with a packed app first. It starts, its window is shown, a host on a local
 * server is added and checked, and it quits within five seconds with status 0 and leaves no process. Driven by Chromium's own protocol,
 * since the fuses of a packed app keep Node's inspector off; `Browser.close` is Electron's way to quit by it
 * (shell/browser/ui/devtools_manager_delegate.cc).
 */

const [executable = ''] = process.argv.slice(2);
if (!existsSync(executable)) {
  process.stderr.write(
    `There is no program ${executable || '(none was named)'}: npm run test:packaged -- EXECUTABLE\n`,
  );
  process.exit(64);
}

const maxStartMs = 60_000;
const maxQuitMs = 5_000;
using folder = temporaryFolder();
const logFile = folder.file('logs/notafter.log');
const ca = makeCa();
const server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
const port = await freePort();
const sandbox = process.platform === 'linux' ? ['--no-sandbox'] : [];
const child = spawn(
  resolve(executable),
  [...sandbox, `--user-data-dir=${folder.path}`, `--remote-debugging-port=${port}`],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;

/** Asks until there is an answer; the time is a limit for a machine that is busy. */
async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  limitMs = maxStartMs,
): Promise<Value> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await new Promise((passed) => setTimeout(passed, 100));
  }
}

function step(what: string): void {
  process.stdout.write(`passed: ${what}\n`);
}

try {
  const browser = await until('it starts', () => chromium.connectOverCDP(`http://127.0.0.1:${port}`));
  const findPage = async (): Promise<Page | undefined> => {
    const pages = browser.contexts().flatMap((context) => context.pages());
    for (const page of pages) if ((await page.title()) === 'NotAfter') return page;
    return undefined;
  };
  const page = await until('it has a page', findPage);
  step('it starts');
  const shown = async () =>
    readFileSync(logFile, 'utf8').includes('the window is shown') ? true : undefined;
  await until('the window is shown', shown);
  step('the window is visible');
  await page.getByText('No hosts yet').waitFor();
  await page.getByRole('button', { name: 'Add host' }).click();
  await page.getByLabel('Address', { exact: true }).fill(`localhost:${server.port}`);
  await page.keyboard.press('Enter');
  await page.getByText(/^Expires in 5 days/).waitFor();
  step('a host is added and checked');
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.close').catch(() => undefined); // The connection goes with it.
  const late = AbortSignal.timeout(maxQuitMs);
  const [code, signal] = await Promise.race([
    ended,
    once(late, 'abort').then((): never => {
      throw new Error(`it did not quit within ${maxQuitMs / 1000} s`);
    }),
  ]);
  if (code !== 0) throw new Error(`it ended with ${signal ?? `status ${code}`}`);
  if (isHeld(folder.path)) throw new Error('a process still holds the data folder');
  step('it quits with status 0 and leaves no process');
  process.stdout.write('\n4 passed, 0 failed\n');
} catch (error) {
  child.kill('SIGKILL');
  const kept = resolve('test-results');
  mkdirSync(kept, { recursive: true });
  if (existsSync(join(folder.path, 'logs')))
    cpSync(join(folder.path, 'logs'), join(kept, 'logs'), { recursive: true });
  process.stderr.write(
    `FAILED: ${error instanceof Error ? error.message : String(error)}. Its log: ${kept}\n\n0 passed, 1 failed\n`,
  );
  process.exitCode = 1;
} finally {
  await server.close();
}
