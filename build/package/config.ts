import { basename, join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { appId } from '../../electron/desktop/app-id.ts';
import packageJson from '../../package.json' with { type: 'json' };

type Arch = 'x64' | 'arm64';

const root = join(import.meta.dirname, '../..');

/** The release of Electron that is packed, without its range. */
export const electronVersion = packageJson.devDependencies.electron.replace(/^\D+/, '');

/** The page of the repository that packs. Packed elsewhere there is none, and packages for Linux must name one (RFC 2606: never a real name). */
export function homepageOf({ GITHUB_REPOSITORY }: NodeJS.ProcessEnv): string {
  return GITHUB_REPOSITORY ? `https://github.com/${GITHUB_REPOSITORY}` : 'https://notafter.invalid/';
}

/** Returns who maintains packages for Linux, with an address, which Debian's policy wants. */
export function maintainerOf({ GITHUB_REPOSITORY = '' }: NodeJS.ProcessEnv): string {
  const [owner = '', repo] = GITHUB_REPOSITORY.split('/');
  return `${packageJson.author} <${repo ? `${owner}@users.noreply.github.com` : 'developers@notafter.invalid'}>`;
}

/** Where a release is made, with the parts that its packages take in. */
export const releaseFolder = join(root, 'release');

/** Returns where, beside what is packed, linux-parts.ts and headless.ts write what packages take in. */
export function partFolders(output: string): { linux: string; headless: string } {
  return { linux: join(output, '.linux'), headless: join(output, 'headless') };
}

/** What deb and rpm install beside the app, as fpm takes it: `SOURCE=DESTINATION`. */
const systemFiles = (parts: string) => [
  ...[
    'man/man1/notafter.1',
    'bash-completion/completions/notafter',
    'zsh/site-functions/_notafter',
    'fish/vendor_completions.d/notafter.fish',
    `metainfo/${appId}.metainfo.xml`,
  ].map((path) => `${join(parts, 'share', path)}=/usr/share/${path}`),
  `${join(parts, 'notafter.svg')}=/usr/share/icons/hicolor/scalable/apps/notafter.svg`,
];

/** By `docker run debian:12` and Signal's list: what Electron's program is linked against, and what it opens when it runs. */
const debDepends = [
  'libasound2t64 | libasound2',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libgbm1',
  'libgtk-3-0t64 | libgtk-3-0',
  'libnotify4',
  'libnss3',
  'libsecret-1-0',
  'libuuid1',
  'libxss1',
  'libxtst6',
  'xdg-utils',
];
const rpmDepends = [
  'alsa-lib',
  'at-spi2-core',
  'gtk3',
  'libnotify',
  'libsecret',
  '(libuuid or libuuid1)',
  'libXScrnSaver',
  '(libXtst or libXtst6)',
  'mesa-libgbm',
  'nss',
  'xdg-utils',
];

/**
 * Azure Trusted Signing, where its account is named: https://www.electron.build/code-signing-win#using-azure-trusted-signing-beta. It signs with
 * the login of the Azure CLI (DefaultAzureCredential), which the release workflow gets by its own token.
 */
function azureSigning({ AZURE_ENDPOINT, AZURE_ACCOUNT, AZURE_PROFILE, AZURE_PUBLISHER }: NodeJS.ProcessEnv) {
  if (!AZURE_ENDPOINT || !AZURE_ACCOUNT || !AZURE_PROFILE || !AZURE_PUBLISHER) return {};
  return {
    azureSignOptions: {
      endpoint: AZURE_ENDPOINT,
      codeSigningAccountName: AZURE_ACCOUNT,
      certificateProfileName: AZURE_PROFILE,
      publisherName: AZURE_PUBLISHER,
    },
  };
}

/**
 * What electron-builder makes of the build. Everything that runs is bundled, so no dependency is packed beside it: the archive
 * holds what dist/ has, and nothing of the sources, the tests or their tools.
 * @param output folder of the parts that `partFolders` names
 * @param environment names the repository that packs (GITHUB_REPOSITORY, `owner/name`), where a copy then looks for newer ones
 */
export function packageConfig(environment: NodeJS.ProcessEnv, output = releaseFolder): Configuration {
  const { linux: parts, headless } = partFolders(output);
  const { GITHUB_REPOSITORY = '', APPLE_API_KEY, CSC_LINK } = environment;
  const [owner, repo] = GITHUB_REPOSITORY.split('/');
  const isOnGithub = owner !== undefined && repo !== undefined;
  const arch: Arch[] = ['x64', 'arm64'];
  return {
    appId,
    productName: 'NotAfter',
    copyright: 'The NotAfter developers, MIT licence',
    electronVersion,
    directories: { output: releaseFolder, buildResources: join(root, 'build/package') },
    files: [
      'dist/**',
      '!dist/built',
      '!dist/licences.md',
      // The command line is packaged separately, beside the archive.
      '!dist/app',
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
    extraMetadata: {
      homepage: homepageOf(environment),
      // By it Electron names its windows, so that desktops find the entry of the same name.
      desktopName: `${appId}.desktop`,
      // macOS puts no newer version in the place of one that was signed by no one.
      isSigned: CSC_LINK !== undefined,
    },
    // The runtime of 1.0 needs no FUSE 2, which no longer comes with Ubuntu and Fedora.
    toolsets: { appimage: '1.0.3' },
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
      // Setting fuses breaks the signature that Apple silicon asks of every program.
      resetAdHocDarwinSignature: true,
    },
    icon: join(root, 'build/icons/png/app.png'),
    linux: {
      target: ['AppImage', 'deb', 'rpm', 'tar.gz'].map((target) => ({ target, arch })),
      icon: join(parts, 'icons'),
      category: 'Network;Monitor',
      executableName: 'notafter',
      syncDesktopName: true,
      synopsis: 'Certificate monitor in the tray',
      description: 'Checks TLS certificates on a schedule and warns before they expire.',
      maintainer: maintainerOf(environment),
      extraResources: [{ from: join(root, 'build/package/bin-linux'), to: 'bin' }],
      desktop: {
        entry: {
          GenericName: 'Certificate Monitor',
          Keywords: 'TLS;SSL;certificate;expiry;monitor;',
        },
      },
    },
    // electron-updater renames a file whose name has a version, and what starts it at login would name the old one (AppImageUpdater).
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
    appImage: { artifactName: 'NotAfter-${arch}.${ext}' },
    // As electron-builder names it without being told; the recipes of package managers (recipes.ts) read the pattern here.
    deb: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
      artifactName: '${name}_${version}_${arch}.${ext}',
      depends: debDepends,
      // Electron draws its tray icon itself, over D-Bus.
      recommends: [],
      afterInstall: join(parts, 'after-install.tpl'),
      afterRemove: join(parts, 'after-remove.tpl'),
      fpm: systemFiles(parts),
    },
    rpm: {
      depends: rpmDepends,
      afterInstall: join(parts, 'after-install.tpl'),
      afterRemove: join(parts, 'after-remove.tpl'),
      // Every app on the same Electron has the same build ids: their links would be files of several packages.
      fpm: ['--rpm-rpmbuild-define=_build_id_links none', ...systemFiles(parts)],
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
    dmg: { artifactName: '${productName}-${version}-${arch}.${ext}' },
    mac: {
      // Electron's own: https://github.com/electron/electron/blob/main/README.md#platform-support (Ventura)
      minimumSystemVersion: '13.0',
      target: [
        { target: 'dmg', arch },
        { target: 'zip', arch },
      ],
      category: 'public.app-category.utilities',
      // Without a certificate it is signed ad hoc: Apple silicon starts nothing else, and the hardened runtime would refuse its libraries.
      ...(CSC_LINK === undefined ? { identity: '-' } : {}),
      hardenedRuntime: CSC_LINK !== undefined,
      gatekeeperAssess: false,
      entitlements: join(root, 'build/package/entitlements.mac.plist'),
      entitlementsInherit: join(root, 'build/package/entitlements.mac.plist'),
      extendInfo: {
        LSUIElement: true,
        // macOS 15 drops connections to the local network of an app that does not say why it makes them.
        NSLocalNetworkUsageDescription:
          'NotAfter checks the certificates of the hosts on your network that you add.',
      },
      extraResources: [{ from: join(root, 'build/package/bin-mac'), to: 'bin' }],
      // Signed and notarised where the workflow has the secrets for it; without them it is packed as it is.
      notarize: APPLE_API_KEY !== undefined,
    },
    win: {
      // One installer for both architectures: the feed names one.
      target: ['nsis', 'portable'].map((target) => ({ target, arch })),
      ...azureSigning(environment),
      extraResources: [
        { from: join(root, 'build/package/bin-win'), to: 'bin' },
        { from: headless, to: 'cli' },
        // The Node that packs: the app itself cannot be a console program. On arm64 Windows runs it by its emulation.
        ...(process.platform === 'win32' ? [{ from: process.execPath, to: 'bin/node.exe' }] : []),
      ],
    },
    // GitHub writes dots for blanks in names, and the feed hyphens: a name without a blank is the same everywhere.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
    portable: { artifactName: 'NotAfter-${version}-portable.${ext}' },
    nsis: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
      artifactName: 'NotAfter-Setup-${version}.${ext}',
      oneClick: false,
      allowToChangeInstallationDirectory: true,
      perMachine: false,
      include: join(root, 'build/package/installer.nsh'),
    },
  };
}
