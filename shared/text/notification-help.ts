import type { Hindrance, NotificationTest } from '../schema/notification-test.ts';

/** Why a test notification was not seen, and what to do about it. */
export interface NotificationHelp {
  /** What is in the way, as one sentence. */
  what: string;
  /** What to do, in the order in which to try it. */
  steps: readonly string[];
}

type System = NotificationTest['system'];

const known: { readonly [Cause in Hindrance]: NotificationHelp } = {
  'no-daemon': {
    what: 'No notification service runs on this desktop.',
    steps: [
      'Install one, for example dunst, mako or xfce4-notifyd, and have it start with your session.',
      'Then send the test again.',
    ],
  },
  'do-not-disturb': {
    what: 'Do Not Disturb is on.',
    steps: [
      'Turn it off: on GNOME in the clock’s menu, on KDE Plasma in the menu of the bell.',
      'Or let NotAfter through, in the notification settings of your desktop.',
    ],
  },
  'daemon-paused': {
    what: 'Dunst is paused: it keeps notifications back.',
    steps: ['Run dunstctl set-paused false, then send the test again.'],
  },
  'toasts-off': {
    what: 'Notifications are off in Windows.',
    steps: ['Open Settings → System → Notifications and turn on Notifications.', 'Then send the test again.'],
  },
};

/** Electron's documentation names the causes for macOS and Windows; for Linux, libnotify is what it uses. */
const refused: { readonly [Name in System]: NotificationHelp } = {
  macos: {
    what: 'macOS does not let NotAfter show notifications.',
    steps: [
      'Open System Settings → Notifications → NotAfter and turn on “Allow notifications”.',
      'If NotAfter is not in that list, this copy is not signed, and macOS shows notifications of signed apps only.',
    ],
  },
  windows: {
    what: 'Windows refused the notification.',
    steps: [
      'Open Settings → System → Notifications, and turn on Notifications and NotAfter in the list of apps.',
      'Windows shows notifications of installed apps only: use the installer, not an unpacked copy.',
    ],
  },
  linux: {
    what: 'The notification service refused the notification.',
    steps: [
      'Restart the notification service of your desktop, or log out and in.',
      'Then send the test again.',
    ],
  },
};

const unsupported: NotificationHelp = {
  what: 'This system has no libnotify, which notifications need.',
  steps: ['Install libnotify (libnotify4 on Debian and Ubuntu), then start NotAfter again.'],
};

const off: NotificationHelp = {
  what: 'Desktop notifications are off in NotAfter.',
  steps: ['Turn on “Show desktop notifications” in Settings → Alerts, then send the test again.'],
};

/** The system took the notification, and nothing came: what hides it cannot be asked for there. */
const hidden: { readonly [Name in System]: readonly string[] } = {
  macos: [
    'Check for a Focus in Control Center. Turn it off, or add NotAfter to its allowed apps in System Settings → Focus.',
    'In System Settings → Notifications → NotAfter, choose Banners or Alerts.',
    'If your display is mirrored or shared, allow notifications for that in System Settings → Notifications.',
  ],
  windows: [
    'Turn off Do not disturb in Settings → System → Notifications, or add NotAfter under “Set priority notifications”. Windows turns it on by itself in games, in full screen and while presenting.',
    'In the list of apps there, NotAfter must be on, with “Show notification banners”.',
  ],
  linux: [
    'Check that Do Not Disturb is off: on GNOME in the clock’s menu, on KDE Plasma in the menu of the bell.',
    'In the notification settings of your desktop, NotAfter must be on, with banners or pop-ups.',
  ],
};

/** Returns what keeps a notification from being shown, as far as the system says so; null: nothing is known to. */
export function knownHindrance({
  system,
  outcome,
  reason,
  hindrances,
}: NotificationTest): NotificationHelp | null {
  if (outcome === 'off') return off;
  const [first] = hindrances;
  if (first !== undefined) return known[first];
  if (outcome === 'unsupported')
    return system === 'linux'
      ? unsupported
      : { ...unsupported, what: 'This system does not support notifications.', steps: [] };
  if (outcome !== 'failed') return null;
  const { what, steps } = refused[system];
  return { what: reason ? `${what} It says: ${reason}` : what, steps };
}

/** Returns what to do when a person saw nothing although the system took the notification. */
export function hiddenNotification(system: System): NotificationHelp {
  return { what: 'The system accepted the notification but did not show it.', steps: hidden[system] };
}
