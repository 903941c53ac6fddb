import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { downloadArtifact } from '@electron/get';
import { buildIfNeeded } from './build.ts';

const root = join(import.meta.dirname, '..');
const electronRequire = createRequire(import.meta.url);
const electronFolder = dirname(electronRequire.resolve('electron/package.json'));

/** Starts the desktop app; where it cannot be, the same app headless with its page in the browser. */
async function start(): Promise<void> {
  await buildIfNeeded();
  const reason = await whyNoDesktop();
  if (reason === null) return run([join(electronFolder, 'cli.js'), root, ...process.argv.slice(2)]);
  process.stderr.write(`${reason} NotAfter starts without a desktop, with its page in the browser.\n\n`);
  run([join(root, 'dist/app/notafter.js'), 'serve', '--open', ...process.argv.slice(2)]);
}

/** The sentence that says why Electron cannot run here, or null where it can. Fetches its runtime if need be. */
async function whyNoDesktop(): Promise<string | null> {
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) return null;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY && isInstalled())
    return 'There is no display here.';
  const obstacle = isInstalled() ? null : await fetchRuntime();
  return obstacle === null
    ? null
    : `Electron’s runtime is not on this machine and could not be fetched (${obstacle}).`;
}

function isInstalled(): boolean {
  const pathFile = join(electronFolder, 'path.txt');
  return existsSync(pathFile) && existsSync(join(electronFolder, 'dist', readFileSync(pathFile, 'utf8')));
}

/**
 * Fetches Electron's runtime into the cache of its own downloader, with progress, and has Electron's installer unpack
 * it from there. Answers what stood in the way, or null.
 */
async function fetchRuntime(): Promise<string | null> {
  const { version } = electronRequire('electron/package.json') as { version: string };
  const checksums = electronRequire('electron/checksums.json') as Record<string, string>;
  let shown = -1;
  const getProgressCallback = async ({ percent }: { percent: number }) => {
    const rounded = Math.floor(percent * 100);
    if (rounded === shown) return;
    shown = rounded;
    process.stderr.write(`\rFetching Electron ${version}’s runtime, this once… ${rounded} %`);
  };
  process.stderr.write(`Fetching Electron ${version}’s runtime, this once…`);
  try {
    await downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums,
      downloadOptions: { quiet: true, getProgressCallback },
    });
    process.stderr.write('\n');
  } catch (error) {
    process.stderr.write('\n');
    return reasonOf(error);
  }
  const { status } = spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'inherit' });
  return status === 0 && isInstalled() ? null : 'it could not be unpacked';
}

/** The innermost reason of an error of fetch, which wraps it. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  return cause === undefined ? (code ?? message) : reasonOf(cause);
}

function run(args: string[]): void {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

await start();
