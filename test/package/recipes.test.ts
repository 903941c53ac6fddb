import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { artifactsOf } from '../../build/package/artifacts.ts';
import { writeChecksums } from '../../build/package/checksums.ts';
import { packageConfig } from '../../build/package/config.ts';
import { makeRecipes, productCode } from '../../build/package/recipes.ts';
import { writeShare } from '../../build/package/share.ts';
import { appId } from '../../electron/desktop/app-id.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const version = '1.2.3';
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const config = packageConfig({});

// SAFETY: the modules by which electron-builder names its files and its installer.
const builderRequire = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
const { expandMacro } = builderRequire('./out/util/macroExpander.js') as {
  expandMacro: (pattern: string, arch: string, appInfo: object, extra: object) => string;
};
const { getArtifactArchName, Arch } = builderRequire('builder-util') as {
  getArtifactArchName: (arch: number, ext: string) => string;
  Arch: { x64: number; arm64: number };
};
const { UUID } = builderRequire('builder-util-runtime') as {
  UUID: { v5: (name: string, namespace: Buffer) => string; parse: (text: string) => Buffer };
};

const folder = temporaryFolder();
const assets = folder.file('assets');
let recipes = new Map<string, string>();
const recipe = (path: string) => recipes.get(path) ?? '';
const checksums = () => readFileSync(join(assets, 'SHA256SUMS'), 'utf8');
const release = (changes: object = {}) => ({
  version,
  repository: 'some/where',
  checksums: checksums(),
  date: '2026-11-26',
  ...changes,
});

/** Writes a deb with what the recipes touch of the real one, which packages.test.ts holds. */
function writeDeb(path: string): void {
  const tree = folder.file('tree');
  const app = join(tree, 'opt/NotAfter');
  const write = (file: string, text = '') => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  write(
    'DEBIAN/control',
    `Package: notafter\nVersion: ${version}\nArchitecture: amd64\nMaintainer: x <x@x.invalid>\nDescription: x\n`,
  );
  for (const name of ['notafter', 'chrome-sandbox', 'resources/LICENSE', 'resources/licences.md'])
    write(`opt/NotAfter/${name}`);
  // What an app of a deb updates itself by.
  for (const name of ['package-type', 'app-update.yml']) write(`opt/NotAfter/resources/${name}`, 'deb');
  cpSync(join(root, 'build/package/bin-linux'), join(app, 'resources/bin'), { recursive: true });
  chmodSync(join(app, 'resources/bin/notafter'), 0o755);
  write(
    `usr/share/applications/${appId}.desktop`,
    '[Desktop Entry]\nType=Application\nName=NotAfter\nExec=/opt/NotAfter/notafter %U\nIcon=notafter\n',
  );
  write('usr/share/icons/hicolor/512x512/apps/notafter.png');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, path], { stdio: 'pipe' });
}

beforeAll(async () => {
  const { deb, dmg, setup, npm } = artifactsOf(version);
  mkdirSync(assets);
  for (const name of [...Object.values(dmg), setup, npm, ...Object.values(deb)])
    writeFileSync(join(assets, name), name);
  if (has('dpkg-deb')) for (const name of Object.values(deb)) writeDeb(join(assets, name));
  await writeChecksums(assets);
  recipes = makeRecipes(release());
});
afterAll(() => folder[Symbol.dispose]());

describe('the names of a release’s files', () => {
  it('are those that electron-builder gives them', () => {
    const named = (pattern: unknown, ext: string, arch: number) =>
      expandMacro(
        String(pattern),
        getArtifactArchName(arch, ext),
        {
          name: packageJson.name,
          sanitizedProductName: config.productName,
          version,
        },
        { ext },
      );
    const both = (pattern: unknown, ext: string) => ({
      x64: named(pattern, ext, Arch.x64),
      arm64: named(pattern, ext, Arch.arm64),
    });
    expect(artifactsOf(version)).toEqual({
      deb: both(config.deb?.artifactName, 'deb'),
      dmg: both(config.dmg?.artifactName, 'dmg'),
      setup: named(config.nsis?.artifactName, 'exe', Arch.x64),
      npm: `notafter-${version}.tgz`,
    });
  });
});

describe('recipes of package managers', () => {
  it('download files of the release alone, each by its own digest', () => {
    const digests = new Map(
      checksums()
        .split('\n')
        .map((line) => [line.slice(66), line.slice(0, 64)]),
    );
    const text = [...recipes.values()].join('\n').replaceAll('#{version}', version);
    const named = [...text.matchAll(/releases\/download\/v1\.2\.3\/([^\s"')]+)/g)].map(
      ([, name = '']) => name,
    );
    const files = named.flatMap((name) =>
      name.includes('#{arch}') ? ['x64', 'arm64'].map((arch) => name.replace('#{arch}', arch)) : [name],
    );
    expect(new Set(files)).toEqual(new Set([...digests.keys()].filter(Boolean)));
    const written = new Set(text.match(/\b[0-9a-f]{64}\b/g));
    expect(written).toEqual(new Set([...digests.values()].filter(Boolean)));
  });

  it('leave nothing to be filled in', () => {
    expect([...recipes.keys()]).toHaveLength(8);
    for (const [path, text] of recipes) expect([path, text.match(/@[A-Z0-9_]+@/)]).toEqual([path, null]);
  });

  it.each(['.deb', '.dmg', '.exe', '.tgz'])(
    'are not made where the release names its %s otherwise',
    (end) => {
      const renamed = checksums().replaceAll(end, `-renamed${end}`);
      expect(() => makeRecipes(release({ checksums: renamed }))).toThrow(/SHA256SUMS does not name .+/);
    },
  );

  it('are not made of a prerelease', () => {
    expect(makeRecipes(release({ version: '1.3.0-beta.1' })).size).toBe(0);
  });

  it('are written by the release workflow’s command, which needs to know the repository', () => {
    using other = temporaryFolder();
    const names = artifactsOf(packageJson.version);
    const list = [...Object.values(names.deb), ...Object.values(names.dmg), names.setup, names.npm];
    writeFileSync(other.file('SHA256SUMS'), list.map((name) => `${'ab'.repeat(32)}  ${name}\n`).join(''));
    const run = (environment: NodeJS.ProcessEnv) =>
      spawnSync(
        process.execPath,
        [join(root, 'build/package/recipes.ts'), other.path, other.file('recipes')],
        { encoding: 'utf8', env: { ...process.env, GITHUB_REPOSITORY: '', ...environment } },
      );
    expect(run({}).status).toBe(1);
    const { stdout, status } = run({ GITHUB_REPOSITORY: 'some/where', SOURCE_DATE_EPOCH: '0' });
    expect({ status, lines: stdout.trim().split('\n').length }).toEqual({ status: 0, lines: 8 });
    const place = `recipes/winget/manifests/n/NotAfter/NotAfter/${packageJson.version}`;
    expect(readFileSync(other.file(`${place}/NotAfter.NotAfter.installer.yaml`), 'utf8')).toContain(
      'ReleaseDate: 1970-01-01',
    );
  });
});

describe('Homebrew', () => {
  it.runIf(has('ruby')).each(['homebrew/Casks/notafter.rb', 'homebrew/Formula/notafter.rb'])(
    '%s is Ruby',
    (path) => {
      const { stdout, stderr } = spawnSync('ruby', ['-wc', '-'], { input: recipe(path), encoding: 'utf8' });
      expect({ stdout, stderr }).toEqual({ stdout: 'Syntax OK\n', stderr: '' });
    },
  );

  it('installs what the npm package has in share/', async () => {
    using share = temporaryFolder();
    await writeShare(share.path, {});
    const files = [...recipe('homebrew/Formula/notafter.rb').matchAll(/share_files\/"([^"]+)"/g)];
    expect(files).toHaveLength(4);
    for (const [, file = ''] of files) expect([file, existsSync(share.file(file))]).toEqual([file, true]);
  });

  it('links the command of the app, and asks for the oldest macOS that Electron runs on', () => {
    const cask = recipe('homebrew/Casks/notafter.rb');
    expect(config.mac?.extraResources).toContainEqual({
      from: join(root, 'build/package/bin-mac'),
      to: 'bin',
    });
    expect(cask).toContain('binary "#{appdir}/NotAfter.app/Contents/Resources/bin/notafter"');
    expect(config.mac?.minimumSystemVersion).toBe('13.0');
    expect(cask).toContain('depends_on macos: :ventura\n');
  });
});

/** What winget-cli's JSON schemas 1.12.0 ask of the fields that are written: microsoft/winget-cli, schemas/JSON/manifests/v1.12.0. */
const url = z.url({ protocol: /^https$/ }).max(2048);
const winget = <const Type extends string>(type: Type) =>
  z.strictObject({
    PackageIdentifier: z
      .string()
      .regex(/^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/)
      .max(128),
    PackageVersion: z
      .string()
      .regex(/^[^\\/:*?"<>|]+$/)
      .max(128),
    ManifestType: z.literal(type),
    ManifestVersion: z.literal('1.12.0'),
  });
const tag = z.string().min(1).max(40);
const manifests = {
  '': winget('version').extend({ DefaultLocale: z.literal('en-US') }),
  '.installer': winget('installer').extend({
    MinimumOSVersion: z.string().regex(/^\d+(\.\d+){0,3}$/),
    InstallerType: z.literal('nullsoft'),
    UpgradeBehavior: z.enum(['install', 'uninstallPrevious', 'deny']),
    Commands: z.array(tag).max(16),
    ReleaseDate: z.iso.date(),
    AppsAndFeaturesEntries: z.array(
      z.strictObject({
        DisplayName: z.string().min(1).max(256),
        Publisher: z.string().min(1).max(256),
        ProductCode: z.string().min(1).max(255),
      }),
    ),
    Installers: z
      .array(
        z.strictObject({
          Architecture: z.enum(['x64', 'arm64']),
          Scope: z.enum(['user', 'machine']),
          ElevationRequirement: z
            .enum(['elevationRequired', 'elevationProhibited', 'elevatesSelf'])
            .optional(),
          InstallerUrl: url,
          InstallerSha256: z.string().regex(/^[A-Fa-f0-9]{64}$/),
          InstallerSwitches: z.strictObject({ Custom: z.string().min(1).max(2048) }),
        }),
      )
      .length(4),
  }),
  '.locale.en-US': winget('defaultLocale').extend({
    PackageLocale: z.literal('en-US'),
    Publisher: z.string().min(2).max(256),
    PublisherUrl: url,
    PublisherSupportUrl: url,
    PrivacyUrl: url,
    PackageName: z.string().min(2).max(256),
    PackageUrl: url,
    License: z.string().min(3).max(512),
    LicenseUrl: url,
    ShortDescription: z.string().min(3).max(256),
    Moniker: tag,
    Tags: z.array(tag).max(16),
    ReleaseNotesUrl: url,
    Documentations: z.array(z.strictObject({ DocumentLabel: z.string().min(1).max(100), DocumentUrl: url })),
  }),
};

describe('winget', () => {
  const path = (part: string) =>
    `winget/manifests/n/NotAfter/NotAfter/${version}/NotAfter.NotAfter${part}.yaml`;

  it.each(Object.entries(manifests))('manifest “%s” follows the schema', (part, schema) => {
    const manifest: unknown = parse(recipe(path(part)));
    expect(schema.parse(manifest)).toMatchObject({
      PackageIdentifier: 'NotAfter.NotAfter',
      PackageVersion: version,
    });
  });

  it('knows the installation by the key and the name under which the installer registers it', () => {
    // NsisTarget.js, ELECTRON_BUILDER_NS_UUID.
    const namespace = UUID.parse('50e065bc-3134-11e6-9bab-38c9862bdaf3');
    expect(productCode(appId)).toBe(UUID.v5(appId, namespace));
    const { AppsAndFeaturesEntries } = manifests['.installer'].parse(parse(recipe(path('.installer'))));
    expect(AppsAndFeaturesEntries).toEqual([
      {
        DisplayName: `NotAfter ${version}`,
        Publisher: packageJson.author,
        ProductCode: productCode(appId),
      },
    ]);
  });
});

describe('AUR', () => {
  it.runIf(has('bash'))('PKGBUILD is Bash', () => {
    const { stderr, status } = spawnSync('bash', ['-n'], { input: recipe('aur/PKGBUILD'), encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it.runIf(has('shellcheck'))('PKGBUILD is clean for shellcheck', () => {
    const { stdout } = spawnSync('shellcheck', ['-'], { input: recipe('aur/PKGBUILD'), encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  describe.runIf(has('makepkg') && has('bsdtar') && has('setpriv') && process.getuid?.() === 0)(
    'by makepkg',
    () => {
      const place = folder.file('aur');
      // It refuses root. Without pacman, no dependency can be asked for.
      const makepkg = (...args: string[]) =>
        spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'makepkg', ...args], {
          cwd: place,
          encoding: 'utf8',
          env: { ...process.env, HOME: place, PACMAN: 'true', LC_ALL: 'C' },
        });
      beforeAll(() => {
        chmodSync(folder.path, 0o755);
        mkdirSync(place);
        writeFileSync(join(place, 'PKGBUILD'), recipe('aur/PKGBUILD'));
        copyFileSync(join(assets, artifactsOf(version).deb.x64), join(place, artifactsOf(version).deb.x64));
        chownSync(place, 65534, 65534);
      });

      it('.SRCINFO is what makepkg writes', () => {
        expect(makepkg('--printsrcinfo').stdout).toBe(recipe('aur/.SRCINFO'));
      });

      it('installs the app, its command and its licenses, and leaves updates to pacman', () => {
        const { stderr, status } = makepkg('--nodeps', '--noarchive', '--nocheck');
        expect([status, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
        const built = (path: string) => join(place, 'pkg/notafter-bin', path);
        expect(readlinkSync(built('usr/bin/notafter'))).toBe('/opt/NotAfter/resources/bin/notafter');
        expect(statSync(built('opt/NotAfter/chrome-sandbox')).mode & 0o7777).toBe(0o4755);
        for (const name of ['package-type', 'app-update.yml'])
          expect(existsSync(built(`opt/NotAfter/resources/${name}`))).toBe(false);
        expect(existsSync(built('usr/share/licenses/notafter-bin/LICENSE'))).toBe(true);
        expect(existsSync(built(`usr/share/applications/${appId}.desktop`))).toBe(true);
      });
    },
  );
});

describe('Flathub', () => {
  const name = `flathub/${appId}.yaml`;
  const manifest = () =>
    z
      .object({
        id: z.string(),
        command: z.string(),
        'finish-args': z.array(z.string()),
        modules: z.array(z.object({ 'build-commands': z.array(z.string()) })).length(1),
      })
      .parse(parse(recipe(name)));

  it('gives each permission its reason', () => {
    const lines = recipe(name).split('\n');
    const start = lines.indexOf('finish-args:');
    const end = lines.indexOf('modules:');
    const permissions = lines.slice(start + 1, end);
    expect(permissions[0]).toMatch(/^ {2}# /);
    expect(permissions.filter((line) => line.startsWith('  - '))).toHaveLength(
      manifest()['finish-args'].length,
    );
    // A reason may be for a group of them; no file system and no bus is among them.
    for (const permission of manifest()['finish-args'])
      expect(permission).toMatch(
        /^--(socket=(wayland|fallback-x11)|share=(ipc|network)|device=dri|talk-name=.+)$/,
      );
  });

  it('has an id that Flathub takes', () => {
    expect(manifest().id).toBe(appId);
    expect(appId.split('.').length).toBeGreaterThanOrEqual(3);
    expect(appId).not.toMatch(/\.desktop$/);
  });

  it.runIf(has('flatpak-builder'))('is a manifest that flatpak-builder reads', () => {
    writeFileSync(folder.file(`${appId}.yaml`), recipe(name));
    const { stdout, stderr, status } = spawnSync(
      'flatpak-builder',
      ['--show-manifest', folder.file(`${appId}.yaml`)],
      { encoding: 'utf8' },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ id: appId, command: 'notafter' });
  });

  it.runIf(has('dpkg-deb') && has('desktop-file-edit') && has('ar'))(
    'builds a folder whose command is there, and that does not update itself',
    () => {
      using work = temporaryFolder();
      const app = work.file('app');
      mkdirSync(app);
      copyFileSync(join(assets, artifactsOf(version).deb.x64), work.file('notafter.deb'));
      const commands = manifest().modules[0]?.['build-commands'] ?? [];
      execFileSync('bash', ['-ec', commands.join('\n')], {
        cwd: work.path,
        env: { ...process.env, FLATPAK_DEST: app },
      });
      expect(statSync(join(app, 'bin', manifest().command)).mode & 0o111).toBe(0o111);
      expect(readFileSync(join(app, `share/applications/${appId}.desktop`), 'utf8')).toContain(
        'Exec=notafter %U\n',
      );
      for (const file of ['package-type', 'app-update.yml'])
        expect(existsSync(join(app, 'NotAfter/resources', file))).toBe(false);
    },
  );
});
