import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packWithNpm, writeHeadlessPackage } from '../../build/package/headless.ts';
import { refuseNode } from '../../electron/node-version.ts';
import { makeCa } from '../support/pki.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';

const run = promisify(execFile);
const windows = process.platform === 'win32';
/** What everybody downloads at `npx notafter`. */
const budget = 3 * 1024 * 1024;
/** The Node that runs what was installed; CI names each that the package supports. */
const node = process.env['NOTAFTER_TEST_NODE'] ?? process.execPath;

describe('the npm package', () => {
  const folder = temporaryFolder();
  const ca = makeCa();
  let archive = '';
  let installed = '';
  let server: TestServer;

  beforeAll(async () => {
    server = await serveTls(ca.issue(), [ca]);
    writeFileSync(folder.file('ca.pem'), ca.pem);
    await writeHeadlessPackage(folder.file('package'), { GITHUB_REPOSITORY: 'some/where' });
    archive = packWithNpm(folder.file('package'), folder.path);
    const empty = folder.file('empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'package.json'), '{"private":true}');
    // No package of others is in it, so that nothing is asked of a registry.
    await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', archive], {
      cwd: empty,
      shell: windows,
    });
    installed = join(empty, 'node_modules/notafter');
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    folder[Symbol.dispose]();
  });

  const program = () => join(installed, 'dist/app/notafter.js');
  /** As npm links it. Elsewhere than on Windows the link itself is started, by its first line. */
  const notafter = (...args: string[]) => {
    const { promise, resolve } = Promise.withResolvers<{ status: number; stdout: string; stderr: string }>();
    const child = execFile(
      windows ? node : join(installed, '../.bin/notafter'),
      windows ? [program(), ...args] : args,
      {
        cwd: folder.path,
        env: { ...process.env, PATH: `${join(node, '..')}:${process.env['PATH']}`, HOME: folder.path },
      },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    return promise;
  };
  const files = () =>
    readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(installed, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

  it('holds what `notafter` loads, the page and the licences, and nothing of the desktop', () => {
    const strangers = files().filter(
      (path) =>
        !/^(dist\/(app|page|docs|example)\/|share\/|(package\.json|LICENSE|README\.md|CHANGELOG\.md|licences\.md)$)/.test(
          path,
        ),
    );
    expect(strangers).toEqual([]);
    expect(files()).toContain('dist/page/index.html');
    expect(files().filter((path) => /\.(ts|tsx|map)$|main\.js$|preload/.test(path))).toEqual([]);
    expect(statSync(archive).size).toBeLessThan(budget);
  });

  it('holds every module that is started as a thread', () => {
    const cwd = join(import.meta.dirname, '../..');
    const modules = globSync('electron/**/*.ts', { cwd }).filter((path) =>
      readFileSync(join(cwd, path), 'utf8').includes('parentPort?.postMessage('),
    );
    expect(modules.length).toBeGreaterThan(0);
    for (const module of modules) expect(files()).toContain(`dist/app/${basename(module, '.ts')}.js`);
  });

  it('has a manifest with a program, its Nodes and no dependency', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      engines: { node: string };
      bin: Record<string, string>;
    };
    expect(manifest).toMatchObject({
      name: 'notafter',
      bin: { notafter: 'dist/app/notafter.js' },
      repository: { url: 'git+https://github.com/some/where.git' },
    });
    for (const field of ['private', 'dependencies', 'devDependencies', 'optionalDependencies', 'scripts'])
      expect(manifest).not.toHaveProperty(field);
    // The sentence on an older Node and the manifest agree.
    const [, least = ''] = /^\^(\d+\.\d+\.\d+) \|\| >=24\.0\.0$/.exec(manifest.engines.node) ?? [];
    const [major, minor] = least.split('.').map(Number);
    expect([refuseNode(least), refuseNode('24.0.0')]).toEqual([null, null]);
    for (const old of [`${major}.${Number(minor) - 1}.9`, '23.11.0', '20.20.2', '18.0.0'])
      expect(refuseNode(old)).toContain(`this is Node ${old}.`);
  });

  it('loads no module that is not in it but Node’s own', () => {
    const scripts = files().filter((path) => path.startsWith('dist/app/'));
    const imported = scripts.flatMap((path) => {
      const text = readFileSync(join(installed, path), 'utf8');
      const imports = text.matchAll(/^(?:import|export)\s[^'"\n]*?from\s?["']([^"']+)["']/gm);
      const later = text.matchAll(/\b(?:__require|import)\("([^"$]+)"\)/g);
      return [...imports, ...later].map(([, name = '']) => ({ path, name }));
    });
    expect(imported.length).toBeGreaterThan(50);
    const strange = imported.filter(({ path, name }) =>
      name.startsWith('.')
        ? !existsSync(join(installed, path, '..', name))
        : !name.startsWith('node:') && !builtinModules.includes(name),
    );
    expect(strange).toEqual([]);
  });

  it('says its version and checks a host', async () => {
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(await notafter('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    const checked = await notafter(
      'check',
      `localhost:${server.port}`,
      '--ca',
      folder.file('ca.pem'),
      '--json',
    );
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(checked.stdout)).toMatchObject([
      { status: 'ok', certificate: { subject: 'CN=localhost' } },
    ]);
    expect((await notafter('check', 'localhost:1')).status).toBe(3);
  });

  it('reads a certificate file by its thread, and prints completion', async () => {
    const example = join(installed, 'dist/example/example.pem');
    expect(JSON.parse((await notafter('check', example, '--json')).stdout)).toMatchObject([
      { unreachable: null },
    ]);
    const completion = await notafter('complete', 'bash');
    expect(completion).toMatchObject({ status: 0, stderr: '' });
    expect(completion.stdout).toContain('notafter');
    expect((await notafter('complete', '--', 'jobs', '+ex')).stdout).toMatch(/^explain\t.+\nexport\t.+\n$/);
    const share = (path: string) => readFileSync(join(installed, 'share', path), 'utf8');
    expect(share('bash-completion/completions/notafter')).toBe(completion.stdout);
    expect(share('man/man1/notafter.1')).toMatch(/^\.TH NOTAFTER 1 /);
  });

  it('serves its page, takes jobs and ends cleanly', async () => {
    const data = folder.file('data');
    const child = spawn(node, [program(), 'serve', '--port', '0', '--data', data, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as Ready;
    const page = await (await fetch(url)).text();
    expect(page).toContain('<title>NotAfter</title>');
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
    expect((await fetch(new URL(script, url))).headers.get('content-type')).toContain('javascript');
    expect((await fetch(new URL('docs/', url))).status).toBe(200);
    const added = await notafter(
      'jobs',
      'add',
      `localhost:${server.port}`,
      '--ca',
      folder.file('ca.pem'),
      '--data',
      data,
    );
    expect(added).toMatchObject({ status: 0, stderr: '' });
    expect((await notafter('jobs', 'list', '--data', data)).stdout).toContain(`localhost:${server.port}`);
    child.kill('SIGTERM');
    expect(await ended).toEqual(windows ? [null, 'SIGTERM'] : [0, null]);
  });
});
