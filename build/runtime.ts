import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { downloadArtifact, initializeProxy } from '@electron/get';

const electronRequire = createRequire(import.meta.url);

/** The folder of the npm package that fetches Electron's runtime. */
export const electronFolder = dirname(electronRequire.resolve('electron/package.json'));

/** Returns the program of Electron's runtime, which the environment may name (ELECTRON_OVERRIDE_DIST_PATH); null where there is none. */
export function findRuntime(): string | null {
  const pathFile = join(electronFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : null;
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined) return join(override, name ?? 'electron');
  return name !== null && existsSync(join(electronFolder, 'dist', name))
    ? join(electronFolder, 'dist', name)
    : null;
}

/**
 * Fetches Electron's runtime into its downloader's cache, with progress and through the proxy that the environment names, and has
 * Electron's installer unpack it from there.
 * @returns what stood in the way, or null
 */
export async function fetchRuntime(): Promise<string | null> {
  // SAFETY: the package of Electron has both files in these shapes.
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
    if (hasProxy(process.env)) initializeProxy();
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
  return status === 0 && findRuntime() !== null ? null : 'it could not be unpacked';
}

/** @electron/get uses the proxies of the environment only on request. */
function hasProxy(environment: NodeJS.ProcessEnv): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) =>
    Boolean(environment[name]),
  );
}

/** The innermost reason of an error of fetch, which wraps it. */
function reasonOf(error: unknown): string {
  // SAFETY: what fetch throws; each field may be missing.
  const { cause, code, message } = error as NodeJS.ErrnoException;
  return cause === undefined ? (code ?? message) : reasonOf(cause);
}
