import { describe, expect, it } from 'vitest';
import { findHindrances } from '../../../electron/desktop/notifications/hindrances.ts';

/** Answers of a desktop, by the last words of what it is asked; a question without an answer fails, as a missing program does. */
const answering =
  (answers: Record<string, string>) =>
  async (_command: string, args: readonly string[]): Promise<string> => {
    const answer = answers[args.slice(-2).join(' ')] ?? answers[args.at(-1) ?? ''];
    if (answer === undefined) throw new Error('No such property');
    return answer;
  };
const service = 'org.freedesktop.Notifications';
// As gdbus 2.74, gsettings and dunst 1.9.0 print them on Debian 12.
const running = { [`--method=org.freedesktop.DBus.NameHasOwner ${service}`]: '(true,)\n' };
const missing = { [`--method=org.freedesktop.DBus.NameHasOwner ${service}`]: '(false,)\n' };
const list = '--method=org.freedesktop.DBus.ListActivatableNames';

it('asks the registry of Windows by the full path of its program', async () => {
  const asked: string[] = [];
  await findHindrances({ platform: 'win32', desktop: '' }, async (command) => {
    asked.push(command);
    return '';
  });
  expect(new Set(asked)).toEqual(new Set(['C:\\Windows\\System32\\reg.exe']));
});

describe('what keeps a system from showing notifications', () => {
  it.each<[string, NodeJS.Platform, string, Record<string, string>, string[]]>([
    ['nothing is in the way', 'linux', 'XFCE', running, []],
    [
      'no service runs',
      'linux',
      '',
      { ...missing, [list]: "(['org.freedesktop.DBus', 'org.a11y.Bus'],)\n" },
      ['no-daemon'],
    ],
    [
      'the bus can start one',
      'linux',
      '',
      { ...missing, [list]: `(['org.freedesktop.DBus', '${service}'],)\n` },
      [],
    ],
    ['there is no bus', 'linux', '', {}, []],
    [
      'Plasma holds notifications back',
      'linux',
      'KDE',
      { ...running, [`${service} Inhibited`]: '(<true>,)\n' },
      ['do-not-disturb'],
    ],
    ['Plasma shows them', 'linux', 'KDE', { ...running, [`${service} Inhibited`]: '(<false>,)\n' }, []],
    [
      'dunst is paused',
      'linux',
      'i3',
      { ...running, 'org.dunstproject.cmd0 paused': '(<true>,)\n' },
      ['daemon-paused'],
    ],
    [
      'GNOME does not disturb',
      'linux',
      'ubuntu:GNOME',
      { ...running, 'org.gnome.desktop.notifications show-banners': 'false\n' },
      ['do-not-disturb'],
    ],
    [
      'GNOME’s key is of no account elsewhere',
      'linux',
      'XFCE',
      { ...running, 'org.gnome.desktop.notifications show-banners': 'false\n' },
      [],
    ],
    [
      'Windows shows none',
      'win32',
      '',
      { '/v ToastEnabled': '\r\n    ToastEnabled    REG_DWORD    0x0\r\n' },
      ['toasts-off'],
    ],
    [
      'Windows shows them',
      'win32',
      '',
      { '/v ToastEnabled': '\r\n    ToastEnabled    REG_DWORD    0x1\r\n' },
      [],
    ],
    [
      'a policy turns them off',
      'win32',
      '',
      {
        '/v NoToastApplicationNotification': '\r\n    NoToastApplicationNotification    REG_DWORD    0x1\r\n',
      },
      ['toasts-off'],
    ],
    ['macOS cannot be asked', 'darwin', '', running, []],
  ])('%s', async (_name, platform, desktop, answers, found) => {
    expect(await findHindrances({ platform, desktop }, answering(answers))).toEqual(found);
  });
});
