import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Platform, build as pack } from 'electron-builder';
import { buildIfNeeded } from '../build.ts';
import { electronVersion, packageConfig } from './config.ts';

const root = join(import.meta.dirname, '../..');
const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/**
 * Packs the app for Linux into a folder, unpacked, on Electron's runtime where that is installed, else on a stand-in for it
 * that can be packed but not run.
 * @returns the folder, and whether the runtime is Electron's own
 */
export async function packDir(output: string): Promise<{ folder: string; isElectron: boolean }> {
  await buildIfNeeded();
  const runtime = join(electronFolder, 'dist');
  const isElectron = existsSync(join(runtime, 'electron'));
  const electronDist = isElectron ? runtime : makeStandIn();
  try {
    await pack({
      targets: Platform.LINUX.createTarget('dir'),
      projectDir: root,
      publish: 'never',
      config: { ...packageConfig(process.env), electronDist, directories: { output } },
    });
  } finally {
    if (!isElectron) rmSync(electronDist, { recursive: true });
  }
  return { folder: join(output, 'linux-unpacked'), isElectron };
}

/** By what @electron/fuses finds the fuses in a runtime: its word, the version of what follows, their number, and each one. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110010'),
]);

/** A folder that has of Electron's runtime what packing touches. */
function makeStandIn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'notafter-runtime-'));
  writeFileSync(join(folder, 'electron'), fuseWire, { mode: 0o755 });
  writeFileSync(join(folder, 'version'), electronVersion);
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  const { folder, isElectron } = await packDir(join(root, 'release'));
  const { length } = readFileSync(join(folder, 'resources/app.asar'));
  process.stdout.write(
    `${folder}: app.asar of ${(length / 1024 / 1024).toFixed(1)} MiB, on ${isElectron ? 'Electron’s runtime' : 'a stand-in for Electron’s runtime, which cannot be run'}\n`,
  );
}
