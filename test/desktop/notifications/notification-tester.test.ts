import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NotificationTester } from '../../../electron/desktop/notifications/notification-tester.ts';
import type { NotificationTest } from '../../../shared/schema/notification-test.ts';
import { hiddenNotification, knownHindrance } from '../../../shared/text/notification-help.ts';
import { Notification, recorded } from '../../electron-stand-in/shell-parts.ts';
import { ManualClock } from '../../support/manual-clock.ts';

// The stand-in’s notifications take Electron’s place: they answer as each system does.
vi.mock('electron', () => import('../../electron-stand-in/shell-parts.ts'));

const clock = new ManualClock(Date.parse('2026-11-26T10:00:00Z'));
const open = vi.fn();
const tester = (platform: NodeJS.Platform, isOn = true) =>
  new NotificationTester({ clock, platform, isOn: () => isOn, hindrances: async () => [], open });

beforeEach(() => {
  recorded.notifications.length = 0;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a test notification', () => {
  it('says that the system took it, and opens the window when it is clicked', async () => {
    expect(await tester('linux').send()).toEqual({
      system: 'linux',
      outcome: 'shown',
      reason: null,
      hindrances: [],
    });
    const [shown] = recorded.notifications;
    expect(shown?.title).toBe('NotAfter can reach you');
    shown?.press();
    expect(open).toHaveBeenCalledOnce();
  });

  it('leaves its clicks to the activation that Windows reports, so that one click opens the window once', async () => {
    vi.spyOn(Notification, 'handleActivation', 'get').mockReturnValue(() => undefined);
    await tester('win32').send();
    expect(recorded.notifications[0]?.listenerCount('click')).toBe(0);
  });

  it('takes the place of the one before', async () => {
    const again = tester('linux');
    await again.send();
    await again.send();
    expect(recorded.notifications.map(({ isShown }) => isShown)).toEqual([false, true]);
    again.close();
    expect(recorded.notifications.map(({ isShown }) => isShown)).toEqual([false, false]);
  });

  it('gives the system’s reason when it is refused', async () => {
    vi.spyOn(Notification.prototype, 'show').mockImplementation(function (this: Notification) {
      this.emit('failed', {}, 'Notifications are not allowed for this application');
    });
    expect(await tester('darwin').send()).toMatchObject({
      system: 'macos',
      outcome: 'failed',
      reason: 'Notifications are not allowed for this application',
    });
  });

  it('does not wait for ever for a system that says nothing', async () => {
    vi.spyOn(Notification.prototype, 'show').mockImplementation(() => undefined);
    const sent = tester('win32').send();
    await vi.waitFor(() => expect(clock.pending).toBeGreaterThan(0));
    clock.advance(5_000);
    expect(await sent).toMatchObject({ system: 'windows', outcome: 'unanswered' });
  });

  it('shows nothing where notifications are off or not supported', async () => {
    expect((await tester('linux', false).send()).outcome).toBe('off');
    vi.stubEnv('NOTIFICATIONS_IN_TEST', 'none');
    expect((await tester('linux').send()).outcome).toBe('unsupported');
    expect(recorded.notifications).toEqual([]);
  });
});

describe('what to do about it', () => {
  const took: NotificationTest = { system: 'linux', outcome: 'shown', reason: null, hindrances: [] };

  it.each<[string, Partial<NotificationTest>, RegExp, RegExp]>([
    [
      'off in the settings',
      { outcome: 'off', hindrances: ['no-daemon'] },
      /off in NotAfter/,
      /Show desktop notifications/,
    ],
    [
      'no service',
      { outcome: 'failed', hindrances: ['no-daemon'] },
      /No notification service runs/,
      /dunst, mako/,
    ],
    ['Do Not Disturb', { hindrances: ['do-not-disturb'] }, /Do Not Disturb is on/, /menu of the bell/],
    ['a paused dunst', { hindrances: ['daemon-paused'] }, /Dunst is paused/, /dunstctl set-paused false/],
    [
      'Windows’ switch',
      { system: 'windows', hindrances: ['toasts-off'] },
      /off in Windows/,
      /System → Notifications/,
    ],
    ['no libnotify', { outcome: 'unsupported' }, /no libnotify/, /Install libnotify/],
    [
      'no permission on macOS',
      { system: 'macos', outcome: 'failed', reason: 'Notifications are not allowed for this application' },
      /macOS does not let NotAfter.*It says: Notifications are not allowed/,
      /Allow notifications/,
    ],
    [
      'refused by Windows',
      { system: 'windows', outcome: 'failed', reason: 'Settings prevent it.' },
      /Windows refused.*Settings prevent it/,
      /list of apps/,
    ],
    [
      'refused on Linux, without a reason',
      { outcome: 'failed' },
      /service refused the notification\.$/,
      /Restart the notification service/,
    ],
  ])('%s', (_name, more, what, step) => {
    const help = knownHindrance({ ...took, ...more });
    expect(help?.what).toMatch(what);
    expect(help?.steps.join(' ')).toMatch(step);
  });

  it('asks the person where nothing is known to be in the way, and names what hides notifications on each system', () => {
    expect(knownHindrance(took)).toBeNull();
    expect(knownHindrance({ ...took, outcome: 'unanswered' })).toBeNull();
    expect(hiddenNotification('macos').steps.join(' ')).toMatch(/Focus.*Banners.*mirrored/);
    expect(hiddenNotification('windows').steps.join(' ')).toMatch(/Do not disturb.*banners/);
    expect(hiddenNotification('linux').steps.join(' ')).toMatch(/Do Not Disturb.*banners/);
  });
});
