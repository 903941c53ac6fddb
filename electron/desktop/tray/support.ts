import type { Clock } from '../../engine/clock.ts';
import { type RunCommand, runCommand } from '../os/run-command.ts';

/** Pauses before the desktop is asked again whether it shows tray icons: GNOME's extension comes seconds after the login. */
const askAgainMs = [2_000, 3_000, 5_000, 10_000, 40_000, 60_000, 180_000];

export interface DesktopEnvironment {
  platform: NodeJS.Platform;
  /** XDG_CURRENT_DESKTOP: `GNOME`, `ubuntu:GNOME`, `KDE`. */
  desktop: string;
}

/**
 * Whether there is a place where a tray icon can be seen. Linux desktops show them through a service on the session bus
 * (org.kde.StatusNotifierWatcher), which GNOME has only by an extension. Where the bus cannot be asked, GNOME is taken to have
 * none, and the others to have one.
 */
export async function hasTray(
  { platform, desktop }: DesktopEnvironment,
  run: RunCommand = runCommand,
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

/**
 * Asks again for some minutes whether tray icons can be seen.
 * @param isThere asks the desktop
 * @param onFound called once, when it shows them
 * @returns stops asking
 */
export function awaitTray(clock: Clock, isThere: () => Promise<boolean>, onFound: () => void): () => void {
  let isStopped = false;
  let cancel: () => void = () => undefined;
  const askAfter = ([pause, ...later]: readonly number[]) => {
    if (pause === undefined) return;
    cancel = clock.after(pause, () => {
      // Asking never fails: no answer counts as none.
      void isThere().then((isFound) => {
        if (isStopped) return;
        if (isFound) onFound();
        else askAfter(later);
      });
    });
  };
  askAfter(askAgainMs);
  return () => {
    isStopped = true;
    cancel();
  };
}
