import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface DesktopEnvironment {
  platform: NodeJS.Platform;
  /** XDG_CURRENT_DESKTOP: `GNOME`, `ubuntu:GNOME`, `KDE`. */
  desktop: string;
}

/** Runs a command and answers what it printed. @throws where it cannot be run */
type Run = (command: string, args: readonly string[]) => Promise<string>;

const execute = promisify(execFile);
const maxAnswerMs = 2_000;
const runCommand: Run = async (command, args) =>
  (await execute(command, args, { timeout: maxAnswerMs })).stdout;

/**
 * Whether there is a place where a tray icon can be seen. Linux desktops show them through a service on the session bus
 * (org.kde.StatusNotifierWatcher), which GNOME has only by an extension. Where the bus cannot be asked, GNOME is taken to have
 * none, and the others to have one.
 */
export async function hasTray(
  { platform, desktop }: DesktopEnvironment,
  run: Run = runCommand,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  try {
    const answer = await run('gdbus', [
      'call',
      '--session',
      '--dest=org.freedesktop.DBus',
      '--object-path=/org/freedesktop/DBus',
      '--method=org.freedesktop.DBus.NameHasOwner',
      'org.kde.StatusNotifierWatcher',
    ]);
    return answer.includes('true');
  } catch {
    return !desktop.includes('GNOME'); // No gdbus, or no session bus.
  }
}
