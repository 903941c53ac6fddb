import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Platform, build as pack } from 'electron-builder';
import { buildIfNeeded } from '../build.ts';
import { electronFolder, findRuntime } from '../runtime.ts';
import { electronVersion, packageConfig, partFolders, releaseFolder } from './config.ts';
import { writeHeadlessPackage } from './headless.ts';
import { writeLinuxParts } from './linux-parts.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Packs the app for this system into a folder, unpacked, on Electron's runtime where that is installed, else on a stand-in for it
 * that can be packed but not run.
 * @returns the folder, and whether the runtime is Electron's own
 */
export async function packDir(output: string): Promise<{ folder: string; isElectron: boolean }> {
  await buildIfNeeded();
  const parts = partFolders(output);
  await writeHeadlessPackage(parts.headless, process.env);
  await writeLinuxParts(parts.linux, process.env);
  const runtime = join(electronFolder, 'dist');
  const isElectron = findRuntime() !== null && process.env['ELECTRON_OVERRIDE_DIST_PATH'] === undefined;
  const electronDist = isElectron ? runtime : makeStandIn();
  try {
    await pack({
      targets: Platform.current().createTarget('dir'),
      projectDir: root,
      publish: 'never',
      config: { ...packageConfig(process.env, output), electronDist, directories: { output } },
    });
  } finally {
    if (!isElectron) rmSync(electronDist, { recursive: true });
  }
  return { folder: join(output, unpacked()), isElectron };
}

/** The folder that electron-builder makes if no architecture is given. */
function unpacked(): string {
  if (process.platform === 'win32') return 'win-unpacked';
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'mac-arm64' : 'mac';
  return process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked';
}

/** Where in that folder the archive is, and the program beside it. */
function contents(folder: string): { archive: string; program: string } {
  if (process.platform === 'darwin') {
    const app = join(folder, 'NotAfter.app/Contents');
    return { archive: join(app, 'Resources/app.asar'), program: join(app, 'MacOS/NotAfter') };
  }
  const program = process.platform === 'win32' ? 'NotAfter.exe' : 'notafter';
  return { archive: join(folder, 'resources/app.asar'), program: join(folder, program) };
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
  const { folder, isElectron } = await packDir(releaseFolder);
  const { archive, program } = contents(folder);
  const { length } = readFileSync(archive);
  process.stdout.write(
    `${program}: app.asar of ${(length / 1024 / 1024).toFixed(1)} MiB, on ${isElectron ? 'Electron’s runtime' : 'a stand-in for Electron’s runtime, which cannot be run'}\n`,
  );
}
