import { basename, join } from 'node:path';
import type { Configuration } from 'electron-builder';
import packageJson from '../../package.json' with { type: 'json' };

type Arch = 'x64' | 'arm64';

const root = join(import.meta.dirname, '../..');

/** The release of Electron that is packed, without its range. */
export const electronVersion = packageJson.devDependencies.electron.replace(/^\D+/, '');

/**
 * What electron-builder makes of the build. Everything that runs is bundled, so no dependency is packed beside it: the archive
 * holds what dist/ has, and nothing of the sources, the tests or their tools.
 * @param environment names the repository that packs (GITHUB_REPOSITORY, `owner/name`), where a copy then looks for newer ones
 */
export function packageConfig({ GITHUB_REPOSITORY = '', APPLE_API_KEY }: NodeJS.ProcessEnv): Configuration {
  const [owner, repo] = GITHUB_REPOSITORY.split('/');
  const isOnGithub = owner !== undefined && repo !== undefined;
  const arch: Arch[] = ['x64', 'arm64'];
  return {
    appId: 'app.notafter.desktop',
    productName: 'NotAfter',
    copyright: 'The NotAfter developers, MIT licence',
    electronVersion,
    directories: { output: join(root, 'release'), buildResources: join(root, 'build/package') },
    files: [
      'dist/**',
      '!dist/built',
      '!dist/licences.md',
      '!dist/app/notafter.js',
      // Everything that runs is bundled; the optional package is a checkout's own Node.
      '!node_modules',
      '!**/*.map',
      'package.json',
      'LICENSE',
    ],
    // Where a person finds them.
    extraResources: [join(root, 'LICENSE'), join(root, 'dist/licences.md')].map((from) => ({
      from,
      to: basename(from),
    })),
    asar: true,
    npmRebuild: false,
    // Packed elsewhere, a copy knows of no place with newer ones.
    publish: isOnGithub ? { provider: 'github', owner, repo, releaseType: 'draft' } : null,
    // Packages for Linux must name a home.
    extraMetadata: isOnGithub ? { homepage: `https://github.com/${owner}/${repo}` } : {},
    // https://www.electronjs.org/docs/latest/tutorial/fuses
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    icon: join(root, 'build/icons/png/app.png'),
    linux: {
      target: ['AppImage', 'deb', 'rpm', 'tar.gz'].map((target) => ({ target, arch })),
      category: 'Network',
      executableName: 'notafter',
      synopsis: packageJson.description,
      maintainer: packageJson.author,
      desktop: { entry: { Keywords: 'TLS;SSL;certificate;expiry;monitor', StartupWMClass: 'NotAfter' } },
    },
    mac: {
      target: [
        { target: 'dmg', arch },
        { target: 'zip', arch },
      ],
      category: 'public.app-category.utilities',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: join(root, 'build/package/entitlements.mac.plist'),
      entitlementsInherit: join(root, 'build/package/entitlements.mac.plist'),
      extendInfo: { LSUIElement: true },
      extraResources: [{ from: join(root, 'build/package/bin-mac'), to: 'bin' }],
      // Signed and notarised where the workflow has the secrets for it; without them it is packed as it is.
      notarize: APPLE_API_KEY !== undefined,
    },
    win: {
      target: ['nsis', 'portable'],
      extraResources: [{ from: join(root, 'build/package/bin-win'), to: 'bin' }],
    },
    nsis: {
      oneClick: false,
      allowToChangeInstallationDirectory: true,
      perMachine: false,
      include: join(root, 'build/package/installer.nsh'),
    },
  };
}
