import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageConfig } from '../../build/package/config.ts';
import { writeHeadlessPackage } from '../../build/package/headless.ts';
import {
  debVersion,
  nodeDigests,
  nodeVersion,
  serverDebName,
  serverUnit,
  writeServerDeb,
} from '../../build/package/server-deb.ts';
import { refuseNode } from '../../electron/node-version.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe.runIf(has('dpkg-deb') && has('md5sum'))('the deb for servers', () => {
  const folder = temporaryFolder();
  const tree = folder.file('tree');
  let deb = '';
  const field = (name: string) =>
    execFileSync('dpkg-deb', ['--field', deb, name], { encoding: 'utf8' }).trim();

  beforeAll(async () => {
    const environment = { GITHUB_REPOSITORY: 'some/where' };
    await writeHeadlessPackage(folder.file('headless'), environment);
    // In the place of 120 MB: the Node that runs the tests.
    writeFileSync(folder.file('node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
    mkdirSync(folder.file('made'));
    const parts = {
      headless: folder.file('headless'),
      node: folder.file('node'),
      output: folder.file('made'),
    };
    deb = writeServerDeb({ ...parts, arch: 'x64', environment });
    execFileSync('dpkg-deb', ['--extract', deb, tree]);
    execFileSync('dpkg-deb', ['--control', deb, folder.file('control')]);
  }, 120_000);
  afterAll(() => folder[Symbol.dispose]());

  const notafter = (...args: string[]) =>
    spawnSync(join(tree, 'usr/bin/notafter'), args, { encoding: 'utf8', cwd: folder.path });

  it('has a name and a version that sort as Debian’s do', () => {
    // No ~ in it: GitHub would store it under another name (feed.ts).
    expect(serverDebName('1.2.3-beta.1', 'arm64')).toMatch(/^notafter-server_1\.2\.3-beta\.1_arm64\.deb$/);
    const [before, after] = [debVersion('1.2.3-beta.1'), debVersion('1.2.3')];
    expect(spawnSync('dpkg', ['--compare-versions', before, 'lt', after]).status).toBe(0);
    expect(deb).toBe(join(folder.file('made'), `notafter-server_${packageJson.version}_amd64.deb`));
    expect([field('Package'), field('Version')]).toEqual(['notafter-server', packageJson.version]);
  });

  it.runIf(has('deb-systemd-helper') || existsSync('/usr/bin/deb-systemd-helper'))(
    'leaves no link of an enabled service behind when it is purged',
    () => {
      const place = folder.file('installed');
      const link = join(place, 'etc/systemd/system/multi-user.target.wants/notafter.service');
      mkdirSync(join(place, 'lib/systemd/system'), { recursive: true });
      mkdirSync(dirname(link), { recursive: true });
      writeFileSync(join(place, 'lib/systemd/system/notafter.service'), serverUnit());
      symlinkSync('/lib/systemd/system/notafter.service', link);
      const script = (name: string, ...args: string[]) =>
        execFileSync('sh', [join(folder.file('control'), name), ...args], {
          env: { ...process.env, DPKG_ROOT: place, DPKG_MAINTSCRIPT_PACKAGE: 'notafter-server' },
        });
      script('postinst', 'configure', '');
      script('postrm', 'remove');
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      script('postrm', 'purge');
      expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
    },
  );

  it('has the Node of the lock file, whose archives have known digests', () => {
    expect(nodeDigests.version).toBe(nodeVersion);
    for (const digest of Object.values(nodeDigests.sha512))
      expect(Buffer.from(digest, 'base64')).toHaveLength(64);
  });

  it('takes the place of the desktop’s deb, whose command, manual page and completion it has', () => {
    expect([field('Conflicts'), field('Replaces')]).toEqual(['notafter', 'notafter']);
    for (const path of [
      'usr/share/man/man1/notafter.1.gz',
      'usr/share/bash-completion/completions/notafter',
      'usr/share/zsh/vendor-completions/_notafter',
      'usr/share/fish/vendor_completions.d/notafter.fish',
      'usr/lib/systemd/system/notafter.service',
    ])
      expect([path, existsSync(join(tree, path))]).toEqual([path, true]);
  });

  it('is among the packages of a release', () => {
    const release = readFileSync(join(import.meta.dirname, '../../build/package/release.ts'), 'utf8');
    expect(release).toContain("for (const arch of ['x64', 'arm64'] as const)");
    expect(release).toContain('writeServerDeb({');
  });

  it('needs nothing of a desktop', () => {
    const names = field('Depends')
      .split(/[,|]/)
      .map((one) => one.trim().split(' ')[0]);
    expect(names).toEqual(['libc6', 'libgcc-s1', 'libgcc1', 'libstdc++6']);
    expect(packageConfig({}).deb?.depends?.filter((one) => names.includes(one))).toEqual([]);
  });

  it('comes with a Node that the program runs on', () => expect(refuseNode(nodeVersion)).toBeNull());

  it('runs by its command: version, a certificate file, and the service until SIGTERM', async () => {
    expect(notafter('--version')).toMatchObject({ status: 0, stdout: `${packageJson.version}\n` });
    const example = join(tree, 'usr/lib/notafter/dist/example/example.pem');
    expect(JSON.parse(notafter('check', example, '--json').stdout)).toMatchObject([{ unreachable: null }]);
    const child = spawn(
      join(tree, 'usr/bin/notafter'),
      ['serve', '--port', '0', '--data', folder.file('data'), '--json'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'close');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as Ready;
    expect(await (await fetch(url)).text()).toContain('<title>NotAfter</title>');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('has a unit with the restrictions of that in the documents, for this machine alone', () => {
    const documented = readFileSync(
      join(import.meta.dirname, '../../docs/examples/fleet/notafter.service'),
      'utf8',
    );
    const kept = documented
      .split('\n')
      .filter((line) => !/^(ExecStart|LoadCredential|Documentation)=/.test(line));
    const lines = serverUnit().split('\n');
    expect(lines.filter((line) => !/^(ExecStart|Documentation)=/.test(line))).toEqual(kept);
    expect(lines).toContain('ExecStart=/usr/bin/notafter serve --data %S/notafter');
  });

  it.runIf(has('systemd-analyze'))('has a unit that systemd reads', () => {
    const unit = folder.file('notafter.service');
    writeFileSync(unit, serverUnit().replace('/usr/bin/notafter', join(tree, 'usr/bin/notafter')));
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('notafter.service'))).toEqual([]);
  });

  it.runIf(has('lintian'))(
    'is clean for lintian but for what is bundled',
    () => {
      const { stdout } = spawnSync(
        'lintian',
        ['--no-tag-display-limit', '--fail-on', 'none', '--allow-root', deb],
        { encoding: 'utf8' },
      );
      const tags = stdout
        .split('\n')
        .flatMap((line) => /^[EW]: notafter-server: (\S+)/.exec(line)?.[1] ?? []);
      expect([...new Set(tags)].filter((tag) => !(tag in accepted))).toEqual([]);
    },
    120_000,
  );
});

/** What lintian says of it, and why it stays. */
const accepted: Readonly<Record<string, string>> = {};
