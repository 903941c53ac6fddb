import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packDir } from '../../build/package/dir.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const mebibyte = 1024 * 1024;
/** What the archive may weigh: it is downloaded by everybody, at every update. */
const budget = 10 * mebibyte;

describe('the packed app', () => {
  const folder = temporaryFolder();
  let unpacked = '';
  let archive = '';
  let files: string[] = [];
  beforeAll(async () => {
    unpacked = (await packDir(folder.path)).folder;
    archive = join(unpacked, 'resources/app.asar');
    files = listPackage(archive, { isPack: false });
  }, 120_000);
  afterAll(() => folder[Symbol.dispose]());

  it('holds what was built, its manifest and the licence, and nothing else', () => {
    const strangers = files.filter((path) => !/^\/(dist(\/|$)|package\.json$|LICENSE$)/.test(path));
    expect(strangers).toEqual([]);
    for (const path of [
      '/dist/desktop/main.js',
      '/dist/preload/preload.cjs',
      '/dist/page/index.html',
      '/dist/docs/index.html',
      '/dist/desktop/import-worker.js',
    ])
      expect(files).toContain(path);
    // The commands on the PATH are packaged separately, beside the archive.
    expect(files.filter((path) => path.startsWith('/dist/app'))).toEqual([]);
  });

  it('holds no sources, maps, tests, dependencies or private keys', () => {
    expect(files.filter((path) => /\.(ts|tsx|map)$|node_modules|\/test\/|\.key$|\.env/.test(path))).toEqual(
      [],
    );
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'notafter', main: 'dist/desktop/main.js' });
    for (const field of ['devDependencies', 'dependencies', 'scripts'])
      expect(manifest[field] ?? {}).toEqual({});
  });

  it('requires nothing that is not in it but Electron and Node', () => {
    const scripts = files.filter((path) => /^\/dist\/(desktop|preload)\/.*\.c?js$/.test(path));
    const imported = scripts.flatMap((path) => {
      const text = extractFile(archive, path.slice(1)).toString();
      const imports = text.matchAll(/^(?:import|export)\s[^'"\n]*?from\s?["']([^"']+)["']/gm);
      // Libraries in CommonJS ask so, within a bundle too.
      const requires = text.matchAll(/\b__require\("([^"$]+)"\)/g);
      return [...imports, ...requires].map(([, name = '']) => name);
    });
    expect(imported.length).toBeGreaterThan(0);
    const known = ['electron', ...builtinModules];
    expect(imported.filter((name) => !/^(node:|\.\.?\/)/.test(name) && !known.includes(name))).toEqual([]);
  });

  it('is enough to run: its command line reads the certificate that ships with it', () => {
    const alone = folder.file('alone');
    extractAll(archive, alone);
    const launch = join(import.meta.dirname, '../electron-stand-in/launch.ts');
    const example = join(alone, 'dist/example/example.pem');
    const args = [launch, alone, 'check', example, '--json'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: alone });
    expect({ stderr, status }).toEqual({ stderr: '', status: expect.any(Number) });
    expect(JSON.parse(stdout)).toMatchObject([{ target: { file: example }, unreachable: null }]);
  });

  it('serves its page as root and without a display, by the arguments of the wrapper, and ends cleanly', async () => {
    const served = folder.file('served');
    extractAll(archive, served);
    const launch = join(import.meta.dirname, '../electron-stand-in/launch.ts');
    const switches = ['--no-sandbox', '--ozone-platform=headless', '--disable-gpu', '--'];
    const serve = ['serve', '--port', '0', '--data', folder.file('data'), '--json'];
    const child = spawn(process.execPath, [launch, served, ...switches, ...serve], {
      env: { ...process.env, STAND_IN_MODES: 'root', DISPLAY: '', WAYLAND_DISPLAY: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const lines = once(createInterface({ input: child.stdout }), 'line');
    const [line] = await Promise.race([lines, ended]);
    const { url } = JSON.parse(String(line)) as Ready;
    expect(await (await fetch(url)).text()).toContain('<title>NotAfter</title>');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('has beside it the licences of all that is in it', () => {
    expect(readFileSync(join(unpacked, 'resources/LICENSE'), 'utf8')).toContain('MIT');
    expect(readFileSync(join(unpacked, 'resources/licences.md'), 'utf8')).toMatch(/^## react /m);
  });

  it('weighs no more than its budget', () => {
    expect(statSync(archive).size).toBeLessThan(budget);
  });

  it('has its fuses set: no Node mode, no inspector, nothing loaded but the archive that was packed', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'notafter'));
    const isOn = (option: FuseV1Options) => String.fromCharCode(Number(wire[option])) === '1';
    expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
    expect(isOn(FuseV1Options.EnableCookieEncryption)).toBe(true);
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(readFileSync(join(unpacked, 'version'), 'utf8')).toMatch(/^\d+\.\d+\.\d+/);
  });
});
