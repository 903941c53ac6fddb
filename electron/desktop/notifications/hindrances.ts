import type { Hindrance } from '../../../shared/schema/notification-test.ts';
import { windowsPrograms } from '../../engine/file-sources/stores/windows-store.ts';
import { type RunCommand, runCommand } from '../os/run-command.ts';
import type { DesktopEnvironment } from '../tray/support.ts';

const service = 'org.freedesktop.Notifications';
const pushKey = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\PushNotifications';
const policyKey = 'HKCU\\Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\PushNotifications';

const bus = (method: string, ...args: string[]) => [
  'call',
  '--session',
  '--dest=org.freedesktop.DBus',
  '--object-path=/org/freedesktop/DBus',
  `--method=org.freedesktop.DBus.${method}`,
  ...args,
];
const property = (face: string, name: string) => [
  'call',
  '--session',
  `--dest=${service}`,
  '--object-path=/org/freedesktop/Notifications',
  '--method=org.freedesktop.DBus.Properties.Get',
  face,
  name,
];

interface Question {
  hindrance: Hindrance;
  command: string;
  args: readonly string[];
  isHindered: (answer: string) => boolean;
}

/** What each desktop can be asked, with its source. A question that it does not know has no answer, and hinders nothing. */
const questions: readonly Question[] = [
  // KDE Plasma and others that follow it: a property beside the Desktop Notifications Specification.
  {
    hindrance: 'do-not-disturb',
    command: 'gdbus',
    args: property(service, 'Inhibited'),
    isHindered: (answer) => answer.includes('<true>'),
  },
  // dunst, `man dunstctl`: is-paused reads this property.
  {
    hindrance: 'daemon-paused',
    command: 'gdbus',
    args: property('org.dunstproject.cmd0', 'paused'),
    isHindered: (answer) => answer.includes('<true>'),
  },
];

/** GNOME: the switch Do Not Disturb is this key the other way round (gsettings-desktop-schemas). */
const gnome: Question = {
  hindrance: 'do-not-disturb',
  command: 'gsettings',
  args: ['get', 'org.gnome.desktop.notifications', 'show-banners'],
  isHindered: (answer) => answer.trim() === 'false',
};

const windows = (reg: string): readonly Question[] => [
  {
    hindrance: 'toasts-off',
    command: reg,
    args: ['query', pushKey, '/v', 'ToastEnabled'],
    isHindered: (answer) => /REG_DWORD\s+0x0\b/.test(answer),
  },
  // Microsoft's policy “Turn off toast notifications” (Policy CSP, Notifications).
  {
    hindrance: 'toasts-off',
    command: reg,
    args: ['query', policyKey, '/v', 'NoToastApplicationNotification'],
    isHindered: (answer) => /REG_DWORD\s+0x1\b/.test(answer),
  },
];

/**
 * Returns what keeps the system from showing notifications, as far as it can be asked without asking for rights: macOS and the
 * Focus of Windows cannot.
 */
export async function findHindrances(
  { platform, desktop }: DesktopEnvironment,
  run: RunCommand = runCommand,
): Promise<Hindrance[]> {
  if (platform === 'win32') return ask(windows(windowsPrograms(process.env).reg), run);
  if (platform !== 'linux') return [];
  if (await hasNoDaemon(run)) return ['no-daemon'];
  return ask(desktop.includes('GNOME') ? [...questions, gnome] : questions, run);
}

async function ask(asked: readonly Question[], run: RunCommand): Promise<Hindrance[]> {
  const found = await Promise.all(
    asked.map(async ({ hindrance, command, args, isHindered }) => {
      // A program, a property or a key that is missing says nothing.
      const answer = await run(command, args).catch(() => '');
      return isHindered(answer) ? [hindrance] : [];
    }),
  );
  return [...new Set(found.flat())];
}

/** Whether the session bus has no notification service, and none that it could start. */
async function hasNoDaemon(run: RunCommand): Promise<boolean> {
  try {
    if ((await run('gdbus', bus('NameHasOwner', service))).includes('true')) return false;
    return !(await run('gdbus', bus('ListActivatableNames'))).includes(`'${service}'`);
  } catch {
    return false; // No gdbus, or no session bus: the notification itself shows it.
  }
}
