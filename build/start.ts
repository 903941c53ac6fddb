import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { quitArg } from '../electron/desktop/os/start-args.ts';
import { buildIfNeeded } from './build.ts';
import { callersFolder } from './callers-folder.ts';
import { electronFolder, fetchRuntime, findRuntime } from './runtime.ts';
import { chromiumSwitches, displayObstacle, earlyEnd, type StartFacts } from './start-plan.ts';

/**
 * `npm start`: the desktop app; where it cannot run, the same app without a desktop, with its page in the browser. Arguments are handed on.
 */

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const usualPort = 7443;
const isWindows = process.platform === 'win32';

function readFacts(): StartFacts {
  return {
    platform: process.platform,
    environment: process.env,
    uid: process.getuid?.(),
    isNamespaceRestricted: readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1',
    isHelperSetUp: isHelperSetUp(),
  };
}

function readSetting(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function isHelperSetUp(): boolean {
  const stats = statSync(join(electronFolder, 'dist/chrome-sandbox'), { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === 0 && (stats.mode & 0o7777) === 0o4755;
}

/**
 * Runs a program in a separate process group, so that Ctrl+C reaches it once: the terminal sends it to this process, which hands it on. A
 * second one to Electron would kill it before everything is written.
 */
function run(program: string, programArgs: string[]): ChildProcess {
  return spawn(program, programArgs, {
    cwd: callersFolder(process.env),
    stdio: 'inherit',
    detached: !isWindows,
  });
}

let asked = false;
/** Asks what runs to end; null: nothing does. */
let end: ((signal: NodeJS.Signals) => void) | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // While it builds or fetches there is nothing to be written: it ends at once, by the usual status of a signal.
    if (end === null) process.exit(128 + constants.signals[signal]);
    if (asked) return;
    asked = true;
    end(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Returns how a program ended; one that cannot be started ends with status 1. */
function endOf(child: ChildProcess): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    resolve({ code: 1, signal: null });
  });
  child.once('close', (code, signal) => resolve({ code, signal }));
  return promise;
}

/** Starts the desktop. @returns null once it has ended, or why it cannot run here */
async function runDesktop(facts: StartFacts): Promise<string | null> {
  const obstacle = displayObstacle(facts);
  if (obstacle !== null) return obstacle;
  const fetched = findRuntime() === null ? await fetchRuntime() : null;
  const runtime = findRuntime();
  if (runtime === null)
    return `Electron’s runtime is not on this machine and could not be fetched (${fetched ?? 'it could not be unpacked'}).`;
  const { switches, sentence } = chromiumSwitches(facts);
  if (sentence !== null) process.stderr.write(`${sentence}\n`);
  const begun = performance.now();
  const child = run(runtime, [...switches, root, ...args]);
  const again = [...switches, root, quitArg];
  // Windows has no signals, `kill` would end it at once, and its console’s Ctrl+C does not reach a program with a window: a second start
  // asks the first to quit.
  end = (name) => (isWindows ? spawn(runtime, again, { stdio: 'ignore' }) : child.kill(name));
  const { code, signal } = await endOf(child);
  end = null;
  const failure = asked ? null : earlyEnd(code, signal, performance.now() - begun);
  if (failure === null) process.exitCode = code ?? 1;
  return failure;
}

async function runHeadless(): Promise<void> {
  const port = args.includes('--port') || (await isFree(usualPort)) ? [] : ['--port', '0'];
  const own = args.filter((arg) => arg !== '--hidden'); // The desktop's: a service has no window to hide.
  const child = run(process.execPath, [
    join(root, 'dist/app/notafter.js'),
    'serve',
    '--open',
    ...port,
    ...own,
  ]);
  // The console of Windows sends Ctrl+C to this program and to the service.
  end = (signal) => (isWindows ? undefined : child.kill(signal));
  const { code } = await endOf(child);
  process.exitCode = code ?? 1;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false; // Another program has it, or may not be listened on.
  } finally {
    server.close();
  }
}

await buildIfNeeded();
const reason = await runDesktop(readFacts());
if (reason !== null && !asked) {
  process.stderr.write(`${reason} NotAfter starts without a desktop, with its page in the browser.\n\n`);
  await runHeadless();
}
