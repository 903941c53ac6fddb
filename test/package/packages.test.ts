import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Arch, Platform, build as pack } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { artifactsOf } from '../../build/package/artifacts.ts';
import { packageConfig } from '../../build/package/config.ts';
import { packDir } from '../../build/package/dir.ts';
import { feedFaults } from '../../build/package/feed.ts';
import { keepFeeds, linuxRuns, mergeFeeds } from '../../build/package/linux-runs.ts';
import { releaseNotes } from '../../build/package/release-notes.ts';
import { appId } from '../../electron/desktop/app-id.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const environment = { GITHUB_REPOSITORY: 'some/where' };
const config = packageConfig(environment);
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe('names of packages and the update feed', () => {
  // SAFETY: the function by which electron-builder writes the feed for GitHub (updateInfoBuilder.js): null leaves a name as it is.
  const { computeSafeArtifactNameIfNeeded } = createRequire(import.meta.url)(
    'app-builder-lib/out/platformPackager.js',
  ) as { computeSafeArtifactNameIfNeeded: (name: string, make: () => string) => string | null };

  it.each([config.nsis?.artifactName, config.portable?.artifactName])(
    '%s is the same on disk, in the feed and on GitHub',
    (pattern = '') => {
      const name = String(pattern)
        .replace(/\$\{version\}/, '1.2.3-beta.1')
        .replace(/\$\{ext\}/, 'exe');
      expect(name).toMatch(/^[A-Za-z0-9._-]+\.exe$/);
      expect(computeSafeArtifactNameIfNeeded(name, () => 'another')).toBeNull();
    },
  );

  it('that do not agree are found before anything is uploaded', () => {
    using folder = temporaryFolder();
    writeFileSync(
      folder.file('latest.yml'),
      'version: 1.2.3\nfiles:\n  - url: NotAfter-Setup-1.2.3.exe\n    sha512: x\npath: NotAfter-Setup-1.2.3.exe\n',
    );
    writeFileSync(folder.file('NotAfter Setup 1.2.3.exe'), '');
    expect(feedFaults(folder.path)).toEqual([
      'GitHub would store "NotAfter Setup 1.2.3.exe" under another name.',
      'latest.yml names NotAfter-Setup-1.2.3.exe, which is not there.',
    ]);
    writeFileSync(folder.file('NotAfter-Setup-1.2.3.exe'), '');
    expect(feedFaults(folder.path)).toHaveLength(1);
    using empty = temporaryFolder();
    expect(feedFaults(empty.path)).toEqual(['There is no feed (latest*.yml).']);
  });
});

describe('an AppImage', () => {
  it('keeps its name when it updates itself: what starts at login names it', () => {
    const pattern = String(config.appImage?.artifactName);
    const nameOf = (version: string) =>
      pattern
        .replace(/\$\{version\}/, version)
        .replace(/\$\{arch\}/, 'x86_64')
        .replace(/\$\{ext\}/, 'AppImage');
    const [name, next] = [nameOf('1.2.2'), nameOf('1.2.3')];
    expect(name).toMatch(/^[A-Za-z0-9._-]+\.AppImage$/);
    using folder = temporaryFolder();
    const script = (text: string) => `#!/bin/sh\necho ${text} >> ${folder.file('started')}\n`;
    writeFileSync(folder.file(name), script('old'), { mode: 0o755 });
    mkdirSync(folder.file('cache'));
    writeFileSync(folder.file(`cache/${next}`), script('new'), { mode: 0o755 });
    const renamed: string[] = [];
    const { AppImageUpdater } = createRequire(import.meta.url)('electron-updater/out/AppImageUpdater.js') as {
      AppImageUpdater: { prototype: { doInstall(options: object): boolean } };
    };
    const before = process.env['APPIMAGE'];
    process.env['APPIMAGE'] = folder.file(name);
    try {
      const updater = {
        installerPath: folder.file(`cache/${next}`),
        emit: (_event: string, path: string) => renamed.push(path),
      };
      expect(AppImageUpdater.prototype.doInstall.call(updater, { isForceRunAfter: false })).toBe(true);
    } finally {
      if (before === undefined) delete process.env['APPIMAGE'];
      else process.env['APPIMAGE'] = before;
    }
    expect({ renamed, started: readFileSync(folder.file('started'), 'utf8') }).toEqual({
      renamed: [],
      started: 'new\n',
    });
    expect(existsSync(folder.file(name))).toBe(true);
  });
});

describe('the runs that pack for Linux', () => {
  it('pack what is unpacked or mounted apart from deb and rpm, whose mark would lead its updates to dpkg', () => {
    const all = (one: typeof config) =>
      z
        .array(z.object({ target: z.string() }))
        .parse(one.linux?.target)
        .map(({ target }) => target);
    expect(linuxRuns(() => packageConfig({})).map(all)).toEqual([
      ['AppImage', 'tar.gz'],
      ['deb', 'rpm'],
    ]);
  });

  it('leave feeds that name the packages of both', () => {
    using folder = temporaryFolder();
    const feed = (...names: string[]) =>
      `version: 1.2.3\nfiles:\n${names.map((name) => `  - url: ${name}\n    sha512: x\n`).join('')}path: ${names[0]}\n`;
    const write = (name: string, text: string) => writeFileSync(folder.file(name), text);
    write('latest-linux.yml', feed('NotAfter-x86_64.AppImage'));
    write('latest-linux-arm64.yml', feed('NotAfter-arm64.AppImage'));
    keepFeeds(folder.path);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.yml'))).toEqual([]);
    write('latest-linux.yml', feed('notafter_1.2.3_amd64.deb', 'notafter-1.2.3.x86_64.rpm'));
    write('latest-linux-arm64.yml', feed('notafter_1.2.3_arm64.deb'));
    mergeFeeds(folder.path);
    expect(readdirSync(folder.path).sort()).toEqual(['latest-linux-arm64.yml', 'latest-linux.yml']);
    expect(parse(readFileSync(folder.file('latest-linux.yml'), 'utf8'))).toEqual({
      version: '1.2.3',
      files: ['NotAfter-x86_64.AppImage', 'notafter_1.2.3_amd64.deb', 'notafter-1.2.3.x86_64.rpm'].map(
        (url) => ({ url, sha512: 'x' }),
      ),
      path: 'NotAfter-x86_64.AppImage',
    });
    expect(feedFaults(folder.path)).toHaveLength(5);
  });
});

describe('release notes', () => {
  it('are what the changelog says of the version', () => {
    const changelog =
      '# Changelog\n\n## [Unreleased]\n\n- new\n\n## [1.1.0] - 2026-11-26\n\n### Added\n\n- it\n\n## [1.0.0] - 2026-01-01\n\n- old\n';
    expect(releaseNotes(changelog, '1.1.0')).toBe('### Added\n\n- it\n');
    expect(releaseNotes(changelog, '1.0.0')).toBe('- old\n');
    expect(() => releaseNotes(changelog, '2.0.0')).toThrow('no heading for 2.0.0');
  });
});

describe('macOS', () => {
  it('is signed ad hoc without a certificate, and says why it connects to the local network', () => {
    expect(config.mac).toMatchObject({ identity: '-', hardenedRuntime: false });
    expect(config.electronFuses).toMatchObject({ resetAdHocDarwinSignature: true });
    expect(packageConfig({ CSC_LINK: 'x' }).mac).toMatchObject({ hardenedRuntime: true });
    expect(packageConfig({ CSC_LINK: 'x' }).mac).not.toHaveProperty('identity');
    expect(config.mac?.extendInfo).toHaveProperty(
      'NSLocalNetworkUsageDescription',
      expect.stringContaining('hosts'),
    );
    expect([config.extraMetadata, packageConfig({ CSC_LINK: 'x' }).extraMetadata]).toMatchObject([
      { isSigned: false },
      { isSigned: true },
    ]);
  });
});

describe('Windows', () => {
  it('has packages for both architectures, and is signed by Azure where an account is named', () => {
    expect(config.win?.target).toEqual(
      ['nsis', 'portable'].map((target) => ({ target, arch: ['x64', 'arm64'] })),
    );
    expect(config.win).not.toHaveProperty('azureSignOptions');
    const azure = {
      AZURE_ENDPOINT: 'https://x',
      AZURE_ACCOUNT: 'a',
      AZURE_PROFILE: 'p',
      AZURE_PUBLISHER: 'CN=x',
    };
    expect(packageConfig(azure).win?.azureSignOptions).toMatchObject({ codeSigningAccountName: 'a' });
  });

  it('takes away at the end what starts at login', () => {
    const script = readFileSync(join(root, 'build/package/installer.nsh'), 'utf8');
    const uninstall = script.slice(script.indexOf('customUnInstall'));
    for (const key of ['Run', 'Explorer\\StartupApproved\\Run'])
      expect(uninstall).toContain(
        `DeleteRegValue HKCU "Software\\Microsoft\\Windows\\CurrentVersion\\${key}" "\${APP_ID}"`,
      );
  });
});

describe.runIf(has('makensis'))('the installer’s own macros', () => {
  /** What electron-builder's script has around them: multiUser.nsh and StdUtils' test for an update. */
  const around = (body: string) => `Unicode true
!include LogicLib.nsh
!macro _isUpdated _a _b _t _f
  StrCmp "$R9" "true" \`\${_t}\` \`\${_f}\`
!macroend
!define APP_ID ${appId}
!define isUpdated \`"" isUpdated ""\`
Var installMode
Name x
OutFile x.exe
!include ${join(root, 'build/package/installer.nsh')}
${body}`;
  const compile = (what: string) => {
    using folder = temporaryFolder();
    const section = '!insertmacro customInstall';
    const uninstall = 'Section Uninstall\n!insertmacro customUnInstall\nSectionEnd';
    writeFileSync(
      folder.file('x.nsi'),
      around(
        `Section\nStrCpy $installMode ${what}\n${section}\nWriteUninstaller $TEMP\\u.exe\nSectionEnd\n${uninstall}`,
      ),
    );
    const { stdout, status } = spawnSync('makensis', ['-V4', '-WX', folder.file('x.nsi')], {
      encoding: 'utf8',
      cwd: folder.path,
    });
    return { status, runs: stdout.split('\n').filter((line) => line.includes('powershell.exe')) };
  };

  it('compile without a warning, start PowerShell by its path alone, and reach the PATH of all users', () => {
    const { status, runs } = compile('all');
    expect(status).toBe(0);
    expect(runs.length).toBeGreaterThanOrEqual(4);
    for (const run of runs) expect(run).toContain('"$SYSDIR\\WindowsPowerShell\\v1.0\\powershell.exe"');
    for (const what of ['add', 'remove'])
      expect(runs.filter((run) => run.includes(`path.ps1" ${what} -AllUsers`))).toHaveLength(1);
  });
});

describe.runIf(process.platform === 'linux')('packages for Linux', () => {
  const folder = temporaryFolder();
  let unpacked = '';
  /** What electron-builder hands to fpm for a package, and the desktop entry. */
  const handed: Record<'deb' | 'rpm', { args: string[]; desktop: string }> = {
    deb: { args: [], desktop: '' },
    rpm: { args: [], desktop: '' },
  };
  const tree = folder.file('tree');

  beforeAll(async () => {
    unpacked = (await packDir(folder.file('packed'))).folder;
    for (const target of ['deb', 'rpm'] as const)
      await pack({
        targets: Platform.LINUX.createTarget(target, Arch.x64),
        projectDir: root,
        prepackaged: unpacked,
        publish: 'never',
        // A fresh one: electron-builder writes into what it is given.
        config: {
          ...packageConfig(environment, folder.file('packed')),
          publish: null,
          directories: { output: folder.file('made') },
        },
        // electron-builder's own tests stop it here: fpm would be downloaded.
        effectiveOptionComputed: async (options: [string[], string]) => {
          handed[target] = { args: options[0], desktop: readFileSync(options[1], 'utf8') };
          for (const [flag, name] of [
            ['--after-install', 'postinst'],
            ['--after-remove', 'postrm'],
          ] as const)
            cpSync(options[0][options[0].indexOf(flag) + 1] ?? '', folder.file(`${target}-${name}`));
          cpSync(options[1], folder.file('entry.desktop'));
          return true;
        },
      });
    for (const pair of handed.deb.args.filter((arg) => /^\/.+=\//.test(arg))) {
      const [from = '', to = ''] = pair.split('=');
      // The entry's own file is gone with the run that made it.
      cpSync(to.endsWith('.desktop') ? folder.file('entry.desktop') : from, join(tree, to), {
        recursive: true,
      });
    }
  }, 120_000);
  afterAll(() => folder[Symbol.dispose]());

  const handedValue = (target: 'deb' | 'rpm', flag: string) =>
    handed[target].args[handed[target].args.indexOf(flag) + 1];

  it('have all icons, the manual page, completion and metadata where systems look for them', () => {
    const share = (path: string) => existsSync(join(tree, 'usr/share', path));
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512])
      expect([size, share(`icons/hicolor/${size}x${size}/apps/notafter.png`)]).toEqual([size, true]);
    for (const path of [
      'icons/hicolor/scalable/apps/notafter.svg',
      'man/man1/notafter.1',
      'bash-completion/completions/notafter',
      'zsh/site-functions/_notafter',
      'fish/vendor_completions.d/notafter.fish',
      `metainfo/${appId}.metainfo.xml`,
      `applications/${appId}.desktop`,
    ])
      expect([path, share(path)]).toEqual([path, true]);
  });

  it('bring what Electron loads on an empty system, and nothing that no system has', () => {
    expect(config.deb?.depends).toEqual(expect.arrayContaining(['libasound2t64 | libasound2', 'libgbm1']));
    expect(config.deb?.recommends).toEqual([]);
    expect(config.rpm?.depends).toEqual(expect.arrayContaining(['alsa-lib', 'mesa-libgbm', 'libsecret']));
    expect(handed.rpm.args).toContain('--rpm-rpmbuild-define=_build_id_links none');
    expect(handedValue('deb', '--maintainer')).toBe(
      'The NotAfter developers <some@users.noreply.github.com>',
    );
    expect(handedValue('deb', '--url')).toBe('https://github.com/some/where');
    // The recipes of package managers download it by this name.
    const { version } = packageJson;
    expect(handed.deb.args).toContain(join(folder.file('made'), artifactsOf(version).deb.x64));
  });

  it('are named by one id: the entry’s file, the windows’ class and Electron’s app id', () => {
    expect(handed.deb.desktop).toContain(`StartupWMClass=${appId}\n`);
    expect(config.extraMetadata).toMatchObject({ desktopName: `${appId}.desktop` });
    expect(config.toolsets).toEqual({ appimage: '1.0.3' });
  });

  it.runIf(has('desktop-file-validate'))('have a valid desktop entry', () => {
    expect(execFileSync('desktop-file-validate', [folder.file('entry.desktop')], { encoding: 'utf8' })).toBe(
      '',
    );
  });

  it.runIf(has('appstreamcli'))('have valid metadata', () => {
    const file = join(tree, `usr/share/metainfo/${appId}.metainfo.xml`);
    const { stdout, status } = spawnSync('appstreamcli', ['validate', '--no-net', file], {
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({
      stdout: expect.stringContaining('Validation was successful'),
      status: 0,
    });
  });

  it('put the wrapper on the PATH, and take it and the AppArmor profile away at the end', () => {
    const [postinst, postrm] = ['postinst', 'postrm'].map((name) =>
      readFileSync(folder.file(`deb-${name}`), 'utf8'),
    );
    expect(postinst).toContain(
      "update-alternatives --install '/usr/bin/notafter' 'notafter' '/opt/NotAfter/resources/bin/notafter'",
    );
    expect(postinst).not.toContain("'/opt/NotAfter/notafter'");
    expect(postrm).toContain(
      "update-alternatives --remove 'notafter' '/opt/NotAfter/resources/bin/notafter'",
    );
    expect(postrm).toContain('/etc/apparmor.d/');
  });

  it.runIf(has('lintian') && has('dpkg-deb'))(
    'make a deb that lintian has nothing against but what its place in /opt brings',
    () => {
      const control = join(tree, 'DEBIAN');
      mkdirSync(control, { recursive: true });
      const installed = Number(execFileSync('du', ['-sk', tree], { encoding: 'utf8' }).split('\t')[0]);
      const [synopsis = '', ...more] = (handedValue('deb', '--description') ?? '').split('\n');
      writeFileSync(
        join(control, 'control'),
        `Package: notafter\nVersion: 1.2.3\nArchitecture: amd64\nMaintainer: ${handedValue('deb', '--maintainer')}\nInstalled-Size: ${installed}\nDepends: ${config.deb?.depends?.join(', ')}\nSection: net\nPriority: optional\nHomepage: ${handedValue('deb', '--url')}\nDescription: ${synopsis}\n ${more.join(' ').trim()}\n`,
      );
      for (const name of ['postinst', 'postrm']) {
        cpSync(folder.file(`deb-${name}`), join(control, name));
        chmodSync(join(control, name), 0o755);
      }
      execFileSync(
        'dpkg-deb',
        ['--root-owner-group', '--build', tree, folder.file('notafter_1.2.3_amd64.deb')],
        { stdio: 'pipe' },
      );
      const { stdout } = spawnSync(
        'lintian',
        [
          '--no-tag-display-limit',
          '--fail-on',
          'none',
          '--allow-root',
          folder.file('notafter_1.2.3_amd64.deb'),
        ],
        { encoding: 'utf8' },
      );
      const tags = [
        ...new Set(stdout.split('\n').flatMap((line) => /^[EW]: notafter: (\S+)/.exec(line)?.[1] ?? [])),
      ].sort();
      expect(tags.filter((tag) => !(tag in accepted))).toEqual([]);
    },
    120_000,
  );

  describe('the wrapper', () => {
    const app = folder.file('app');
    const wrapper = join(app, 'resources/bin/notafter');
    beforeAll(() => {
      cpSync(join(unpacked, 'resources/bin'), join(app, 'resources/bin'), { recursive: true });
      writeFileSync(join(app, 'notafter'), `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done\nexit 3\n`, {
        mode: 0o755,
      });
    });

    it('starts the page by zypak in a Flatpak, whose sandbox it is, and commands without it', () => {
      const path = folder.file('zypak');
      mkdirSync(path);
      const zypak = `#!/bin/sh\nprintf 'zypak %s\\n' "$TMPDIR" && exec "$@"\n`;
      writeFileSync(join(path, 'zypak-wrapper'), zypak, { mode: 0o755 });
      const env = {
        ...process.env,
        PATH: `${path}:${process.env['PATH']}`,
        FLATPAK_ID: appId,
        XDG_RUNTIME_DIR: '/run/user/1',
      };
      const words = (...args: string[]) => spawnSync(wrapper, args, { encoding: 'utf8', env }).stdout;
      expect(words()).toBe(`zypak /run/user/1/app/${appId}\n`);
      expect(words('--hidden')).toBe(`zypak /run/user/1/app/${appId}\n--hidden\n`);
      expect(words('status')).toBe([...headless, 'status', ''].join('\n'));
    });

    const headless = ['--no-sandbox', '--ozone-platform=headless', '--disable-gpu', '--'];
    it.each([
      [[], []],
      [['--hidden'], ['--hidden']],
      [['notafter://job'], ['notafter://job']],
      [
        ['check', 'a.example:443', '--json'],
        [...headless, 'check', 'a.example:443', '--json'],
      ],
      [['--version'], [...headless, '--version']],
      [
        ['check', './with blank.pem', "it's"],
        [...headless, 'check', './with blank.pem', "it's"],
      ],
      [['chek'], [...headless, 'chek']],
    ])('starts the app for %j with %j', (args, started) => {
      const link = folder.file('on-path');
      if (!existsSync(link)) execFileSync('ln', ['-s', wrapper, link]);
      const { stdout, status } = spawnSync(link, args, { encoding: 'utf8' });
      expect({ words: stdout.split('\n').slice(0, -1), status }).toEqual({ words: started, status: 3 });
    });

    it('is executable in the package', () => {
      expect(statSync(join(tree, 'opt/NotAfter/resources/bin/notafter')).mode & 0o111).toBe(0o111);
      expect(readdirSync(join(tree, 'opt/NotAfter/resources/bin'))).toEqual(['notafter']);
    });
  });

  it('print 5 MB of JSON whole through a pipe, as root and without a display', async () => {
    const launch = join(root, 'test/electron-stand-in/launch.ts');
    const { extractAll } = await import('@electron/asar');
    extractAll(join(unpacked, 'resources/app.asar'), folder.file('asar'));
    const example = join(folder.file('asar'), 'dist/example/example.pem');
    mkdirSync(folder.file('many'));
    for (let index = 0; index < 1_500; index += 1) cpSync(example, folder.file(`many/${index}.pem`));
    const child = spawn(
      process.execPath,
      [
        launch,
        folder.file('asar'),
        ...['--no-sandbox', '--ozone-platform=headless', '--'],
        'check',
        folder.file('many'),
        '--json',
      ],
      {
        env: { ...process.env, STAND_IN_MODES: 'root', DISPLAY: '', WAYLAND_DISPLAY: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    if (child.exitCode === null) await once(child, 'close');
    const text = Buffer.concat(chunks).toString();
    expect(text.length).toBeGreaterThan(5_000_000);
    expect(JSON.parse(text)).toHaveLength(1_500);
  }, 120_000);
});

/** What lintian says of every program that is bundled outside of Debian, and why it stays. */
const accepted: Readonly<Record<string, string>> = {
  'executable-not-elf-or-script': 'The stand-in for Electron’s program, where the runtime is not there.',
  'postrm-removes-alternative': 'electron-builder’s script does; the link is gone either way.',
  'dir-or-file-in-opt':
    'Policy 9.1.1 keeps packages of Debian itself from /opt; those of others belong there (FHS 3.13).',
  'no-changelog': 'CHANGELOG.md is on the release’s page.',
  'no-copyright-file': 'The licences are in /opt/NotAfter (LICENSE, licences.md).',
  'uncompressed-manual-page': 'electron-builder’s fpm takes files as they are.',
  'maintainer-script-ignores-errors': 'electron-builder’s scripts go on where a system lacks a program.',
  'command-with-path-in-maintainer-script': 'electron-builder asks for /usr/bin/ischroot by its path.',
};
