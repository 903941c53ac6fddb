import { mkdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs keep what they can make again (XDG Base Directory Specification, Apple's and Microsoft's guides). */
function cacheFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  const home = homedir();
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'NotAfter');
    case 'win32':
      return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'NotAfter', 'Cache');
    default:
      return join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'NotAfter');
  }
}

/**
 * Keeps compiled code from one start to the next. Anyone who can write to the folder could plant code there, so it is the
 * user's alone or is not used; and it is never used in the packaged app, where it would undo the archive's integrity.
 */
export function keepCompiled(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): void {
  const folder = cacheFolder(platform, environment);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    const isOurs = platform === 'win32' || (uid === process.getuid?.() && (mode & 0o022) === 0);
    if (isOurs) module.enableCompileCache(join(folder, 'compiled'));
  } catch {
    // No home, a full disk: it starts without.
  }
}
