import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { withBuildLock } from './build-lock.ts';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist/built');
const sources = [
  'electron',
  'renderer',
  'shared',
  'build',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
];

/**
 * Builds the page, the preload script, the app and the API documentation into dist/, with the inventory of what others wrote. Waits for
 * another process that builds.
 */
export function build(logLevel: 'info' | 'error' = 'info'): Promise<void> {
  return withBuildLock(() => writeDist(logLevel));
}

/** Writes dist/, under the lock. */
async function writeDist(logLevel: 'info' | 'error'): Promise<void> {
  // Loaded only to build: to find out that there is nothing to do takes neither.
  const [{ createBuilder }, { writeInventory }] = await Promise.all([
    import('vite'),
    import('./inventory.ts'),
  ]);
  rmSync(stamp, { force: true });
  const before = process.env['NODE_ENV'];
  // Vite takes over what is set, and Vitest sets `test`: React would be built for development.
  process.env['NODE_ENV'] = 'production';
  try {
    const builder = await createBuilder({
      configFile: join(root, 'vite.config.ts'),
      mode: 'production',
      logLevel,
    });
    await builder.buildApp();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  copyDocs();
  cpSync(join(root, 'build/icons/png'), join(root, 'dist/icons'), { recursive: true });
  cpSync(join(root, 'build/example'), join(root, 'dist/example'), { recursive: true });
  writeInventory(join(root, 'dist'));
  writeFileSync(stamp, new Date().toISOString());
}

/** Builds if there is no build, or a source is newer than it. Says so on standard error. Waits for another process that builds. */
export async function buildIfNeeded(): Promise<void> {
  if (isBuilt()) return;
  await withBuildLock(async () => {
    if (isBuilt()) return;
    process.stderr.write('Building NotAfter…\n');
    await writeDist('error');
  });
}

function isBuilt(): boolean {
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Swagger UI, with a starter of our own: its page loads nothing from elsewhere. */
function copyDocs(): void {
  const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const to = join(root, 'dist/docs');
  mkdirSync(to, { recursive: true });
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) cpSync(join(from, name), join(to, name));
  for (const name of ['index.html', 'start.js']) cpSync(join(root, 'build/docs-page', name), join(to, name));
}

if (process.argv[1] === import.meta.filename)
  await (process.argv.includes('--if-needed') ? buildIfNeeded() : build());
