import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildIfNeeded } from './build.ts';

const root = join(import.meta.dirname, '..');
const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Starts the desktop app; where it cannot be, the same app headless with its page in the browser. */
async function start(): Promise<void> {
  await buildIfNeeded();
  const reason = whyNoDesktop();
  if (reason === null) return run([join(electronFolder, 'cli.js'), root, ...process.argv.slice(2)]);
  process.stderr.write(`${reason} NotAfter starts without a desktop, with its page in the browser.\n\n`);
  run([join(root, 'dist/app/notafter.js'), 'serve', '--open', ...process.argv.slice(2)]);
}

/** The sentence that says why Electron cannot run here, or null where it can. Fetches its runtime if need be. */
function whyNoDesktop(): string | null {
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) return null;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY && isInstalled())
    return 'There is no display here.';
  return isInstalled() || fetchRuntime()
    ? null
    : 'Electron’s runtime is not on this machine and could not be fetched.';
}

function isInstalled(): boolean {
  const pathFile = join(electronFolder, 'path.txt');
  return existsSync(pathFile) && existsSync(join(electronFolder, 'dist', readFileSync(pathFile, 'utf8')));
}

/** Electron's own installer. What it has to say about a failure is for its developers; ours is one sentence. */
function fetchRuntime(): boolean {
  const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
  process.stderr.write(`Fetching Electron ${version}’s runtime, about 120 MB, this once…\n`);
  const { status } = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: ['ignore', 'inherit', 'ignore'],
    env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
  });
  return status === 0 && isInstalled();
}

function run(args: string[]): void {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

await start();
