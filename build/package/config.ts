import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');

/** The release of Electron that is packed, without its range. */
export const electronVersion = packageJson.devDependencies.electron.replace(/^\D+/, '');

/**
 * What electron-builder makes of the build. Everything that runs is bundled, so no dependency is packed beside it: the archive
 * holds what dist/ has, and nothing of the sources, the tests or their tools.
 */
export const packageConfig: Configuration = {
  appId: 'app.notafter.desktop',
  productName: 'NotAfter',
  copyright: 'The NotAfter developers, MIT licence',
  electronVersion,
  directories: { output: join(root, 'release'), buildResources: join(root, 'build/package') },
  files: ['dist/**', '!dist/built', '!dist/app/notafter.js', '!**/*.map', 'package.json', 'LICENSE'],
  asar: true,
  npmRebuild: false,
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
    target: ['AppImage', 'deb', 'rpm', 'tar.gz'],
    category: 'Network',
    executableName: 'notafter',
    synopsis: packageJson.description,
    maintainer: packageJson.author,
    desktop: { entry: { Keywords: 'TLS;SSL;certificate;expiry;monitor', StartupWMClass: 'NotAfter' } },
  },
  mac: {
    target: [
      { target: 'dmg', arch: ['x64', 'arm64'] },
      { target: 'zip', arch: ['x64', 'arm64'] },
    ],
    category: 'public.app-category.utilities',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: join(root, 'build/package/entitlements.mac.plist'),
    entitlementsInherit: join(root, 'build/package/entitlements.mac.plist'),
    extendInfo: { LSUIElement: true },
  },
  win: { target: ['nsis', 'portable'] },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true, perMachine: false },
};
