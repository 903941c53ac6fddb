import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { Log } from '../../engine/log.ts';
import type { UpdateSource } from './updater.ts';

/** What electron-builder writes beside the archive of an app that was packed for a place where newer ones lie. */
const feedFile = 'app-update.yml';

const manifestSchema = z.object({ isSigned: z.boolean().default(false) });

/** Whether the copy was signed by a certificate, as build/package/config.ts wrote it into its manifest. */
function isSigned(): boolean {
  const manifest: unknown = JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8'));
  return manifestSchema.parse(manifest).isSigned;
}

/** Whether it was installed by the system's packages, which ask for the administrator's password. */
function isSystemPackage(): boolean {
  return (
    process.platform === 'linux' &&
    !process.env['APPIMAGE'] &&
    existsSync(join(process.resourcesPath, 'package-type'))
  );
}

/**
 * Whether a newer version can be put in the place of this one: not of an unpacked archive, nor of Windows' portable program, nor on macOS
 * of a copy that was signed by no one (Squirrel.Mac refuses it) or that runs from a disk image.
 */
function canInstall(): boolean {
  if (process.platform === 'darwin') return app.isPackaged && isSigned() && app.isInApplicationsFolder();
  if (process.platform === 'win32') return process.env['PORTABLE_EXECUTABLE_DIR'] === undefined;
  if (process.platform !== 'linux') return true;
  return !!process.env['APPIMAGE'] || existsSync(join(process.resourcesPath, 'package-type'));
}

/**
 * electron-updater, loaded when it is first used. It loads nothing and changes nothing by itself, and compares what it loads with
 * the digest of the feed; Windows and macOS verify the publisher's signature, too.
 */
export function updateSource(log: Log, beforeInstall: () => void): UpdateSource {
  const updater = async () => {
    const { default: electronUpdater } = await import('electron-updater');
    const { autoUpdater } = electronUpdater;
    autoUpdater.autoDownload = false;
    // A copy that cannot put a newer one in its place would seem to have none.
    autoUpdater.forceDevUpdateConfig = !canInstall();
    // It would send an id that it makes for this copy, for releases in stages: copies stay indistinguishable.
    autoUpdater.requestHeaders = { 'x-user-staging-id': '00000000-0000-0000-0000-000000000000' };
    autoUpdater.logger = {
      info: () => undefined, // NotAfter logs it in one line.
      warn: (message) => log.warn(String(message)),
      error: () => undefined,
    };
    return autoUpdater;
  };
  return {
    canLook: app.isPackaged && existsSync(join(process.resourcesPath, feedFile)),
    canInstall: canInstall(),
    async find() {
      const result = await (await updater()).checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },
    async load() {
      const autoUpdater = await updater();
      // The person has agreed; it counts where it was set before the load. A system package waits for “now”: at a logout no one sees the question for the password.
      autoUpdater.autoInstallOnAppQuit = !isSystemPackage();
      await autoUpdater.downloadUpdate();
    },
    async installNow() {
      beforeInstall();
      (await updater()).quitAndInstall(true, true);
    },
    async page() {
      const { parse } = await import('yaml');
      const feed = githubFeed.safeParse(parse(readFileSync(join(process.resourcesPath, feedFile), 'utf8')));
      return feed.success ? `https://github.com/${feed.data.owner}/${feed.data.repo}/releases/latest` : null;
    },
  };
}

/** A feed that has a page for people beside it. */
const githubFeed = z.object({ provider: z.literal('github'), owner: z.string(), repo: z.string() });
