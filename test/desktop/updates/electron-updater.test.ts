import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { updateSource } from '../../../electron/desktop/updates/electron-updater.ts';
import type { Log } from '../../../electron/engine/log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const app = vi.hoisted(() => ({
  isPackaged: true,
  getAppPath: (): string => '',
  isInApplicationsFolder: (): boolean => true,
}));
const autoUpdater = vi.hoisted(() => ({
  autoInstallOnAppQuit: undefined as boolean | undefined,
  downloadUpdate: async () => [],
}));
vi.mock('electron', () => ({ app }));
vi.mock('electron-updater', () => ({ default: { autoUpdater } }));

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const platform = process.platform;
const resources = process.resourcesPath;

/** A packed copy on a system: its manifest, and what lies beside its archive. */
function copyOn(system: NodeJS.Platform, { isSigned = true, files = ['app-update.yml'] } = {}) {
  const folder = temporaryFolder();
  mkdirSync(folder.file('app'));
  writeFileSync(folder.file('app/package.json'), JSON.stringify({ isSigned }));
  for (const name of files) writeFileSync(folder.file(name), 'deb');
  app.getAppPath = () => folder.file('app');
  Object.defineProperty(process, 'platform', { value: system, configurable: true });
  Object.defineProperty(process, 'resourcesPath', { value: folder.path, configurable: true });
  return folder;
}

beforeEach(() => {
  for (const name of ['APPIMAGE', 'PORTABLE_EXECUTABLE_DIR']) vi.stubEnv(name, undefined);
  app.isInApplicationsFolder = () => true;
});
afterEach(() => {
  vi.unstubAllEnvs();
  Object.defineProperty(process, 'platform', { value: platform, configurable: true });
  Object.defineProperty(process, 'resourcesPath', { value: resources, configurable: true });
});
const source = () => updateSource(log, () => undefined);

describe('an update', () => {
  it('is installed on macOS only over a signed copy in the folder of applications: Squirrel.Mac refuses others', () => {
    using _signed = copyOn('darwin');
    expect(source().canInstall).toBe(true);
    // On a disk image, or where macOS runs it from a randomized path.
    app.isInApplicationsFolder = () => false;
    expect(source().canInstall).toBe(false);
    app.isInApplicationsFolder = () => true;
    using _unsigned = copyOn('darwin', { isSigned: false });
    expect(source().canInstall).toBe(false);
  });

  it('is installed on Windows but for the portable program, and on Linux by AppImage, deb and rpm', () => {
    using _windows = copyOn('win32');
    expect(source().canInstall).toBe(true);
    vi.stubEnv('PORTABLE_EXECUTABLE_DIR', 'D:\\tools');
    expect(source().canInstall).toBe(false);
    using _archive = copyOn('linux');
    expect(source().canInstall).toBe(false);
    vi.stubEnv('APPIMAGE', '/home/me/NotAfter.AppImage');
    expect(source().canInstall).toBe(true);
    vi.stubEnv('APPIMAGE', undefined);
    using _deb = copyOn('linux', { files: ['app-update.yml', 'package-type'] });
    expect(source().canInstall).toBe(true);
  });

  it('is not looked for by a copy without a feed, as other package managers install it', () => {
    using _feed = copyOn('linux');
    expect(source().canLook).toBe(true);
    using _none = copyOn('linux', { files: [] });
    expect(source().canLook).toBe(false);
  });

  it.each([
    ['deb and rpm ask for a password, so it waits for “now”', ['app-update.yml', 'package-type'], false],
    ['an AppImage installs it at the end', ['app-update.yml'], true],
  ] as const)('%s', async (_title, files, atQuit) => {
    using _copy = copyOn('linux', { files: [...files] });
    if (atQuit) vi.stubEnv('APPIMAGE', '/home/me/NotAfter.AppImage');
    await source().load();
    expect(autoUpdater.autoInstallOnAppQuit).toBe(atQuit);
  });
});
