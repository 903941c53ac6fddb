import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { trayFace } from '../../../electron/desktop/tray/menu.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { jobView } from '../../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const expiring = { code: 'expiring', severity: 'critical', message: 'Expires.' } as const;
const actions = () => ({
  open: vi.fn(),
  checkAll: vi.fn(),
  pause: vi.fn(),
  resume: vi.fn(),
  launchAtLogin: vi.fn(),
  offerUpdate: vi.fn(),
  showLog: vi.fn(),
  quit: vi.fn(),
  quiet: vi.fn(),
  openSettings: vi.fn(),
});
const well = {
  offlineSince: null,
  pause: null,
  quietUntil: null,
  snoozed: new Set<string>(),
  launchesAtLogin: false,
  newest: null,
};
type Item = MenuItemConstructorOptions;
const press = (items: readonly Item[], label: string) => {
  const found = items.find((item) => item.label === label);
  if (!found?.click) throw new Error(`There is no entry “${label}”.`);
  (found.click as () => void)();
};
const labels = (jobs: JobView[]) =>
  trayFace(jobs, well, now, actions()).menu.map(({ label, type }) => label ?? `(${type})`);

describe('trayFace', () => {
  it('says that nothing is watched', () => {
    const { icon, tooltip, menu } = trayFace([], well, now, actions());
    expect(icon).toBe('pending');
    expect(tooltip).toBe('NotAfter: No hosts yet');
    expect(menu.find(({ label }) => label === 'Check all now')?.enabled).toBe(false);
  });

  it('counts first, then names what needs attention, the worst first, and what expires next', () => {
    const jobs = [
      jobView('www.example.com', 61.5, now),
      jobView('mail.example.com', 2.5, now, { status: 'critical', problems: [expiring] }),
      jobView('db.example.com', 8.5, now, { status: 'unreachable' }),
      ...[100, 70, 90, 80].map((days) => jobView(`host${days}.example`, days + 0.5, now)),
    ];
    expect(labels(jobs)).toEqual([
      '2 of 7 need attention',
      '(separator)',
      'mail.example.com expires in 2 days',
      'db.example.com cannot be reached (expires in 8 days)',
      'www.example.com expires in 61 days',
      'host70.example expires in 70 days',
      'host80.example expires in 80 days',
      'host90.example expires in 90 days',
      '(separator)',
      'Check all now',
      'Quiet until tomorrow',
      'Pause',
      '(separator)',
      'Open NotAfter',
      'Settings…',
      'Launch at login',
      'Help',
      'Quit NotAfter',
    ]);
  });

  it('has no entry for the login where the copy cannot be started at it', () => {
    const { menu } = trayFace([], { ...well, launchesAtLogin: null }, now, actions());
    expect(menu.map(({ label }) => label)).not.toContain('Launch at login');
  });

  it.each<[JobView['status'][], string]>([
    [['ok', 'ok'], 'fine'],
    [['ok', 'pending'], 'fine'],
    [['ok', 'unreachable'], 'unreachable'],
    [['unreachable', 'warning', 'ok'], 'warning'],
    [['warning', 'critical', 'unreachable'], 'critical'],
    [['pending'], 'pending'],
  ])('shows %j as %s', (statuses, picture) => {
    const jobs = statuses.map((status, index) => jobView(`host${index}`, 60, now, { status }));
    expect(trayFace(jobs, well, now, actions()).icon).toBe(picture);
  });

  it('says after the count that everything is paused, and resumes', () => {
    const done = actions();
    const jobs = [jobView('www.example.com', 61.5, now)];
    const paused = { ...well, pause: { until: '2026-11-24T10:59:00Z' } };
    const { icon, tooltip, menu } = trayFace(jobs, paused, now, done);
    expect(icon).toBe('paused');
    expect(tooltip).toBe('NotAfter: All checks are paused, for 59 minutes still');
    expect(menu.slice(0, 2).map(({ label }) => label)).toEqual([
      'The host is OK',
      'All checks are paused, for 59 minutes still',
    ]);
    press(menu, 'Resume all checks');
    expect(done.resume).toHaveBeenCalledOnce();
  });

  it('pauses for an hour, until tomorrow or until told', () => {
    const done = actions();
    const { menu } = trayFace([jobView('www.example.com', 61.5, now)], well, now, done);
    const lengths = menu.find(({ label }) => label === 'Pause')?.submenu as MenuItemConstructorOptions[];
    expect(lengths.map(({ label }) => label)).toEqual(['For an hour', 'Until tomorrow', 'Until I resume']);
    for (const { click } of lengths) (click as () => void)();
    expect(done.pause.mock.calls).toEqual([['hour'], ['tomorrow'], ['resumed']]);
  });

  it('says that no remote host answers, and hides no red behind the cloud', () => {
    const offline = { ...well, offlineSince: '2026-11-24T09:00:00Z' };
    const { icon, tooltip, menu } = trayFace(
      [jobView('www.example.com', 61.5, now)],
      offline,
      now,
      actions(),
    );
    expect(tooltip).toBe('NotAfter: No remote host answers: is the network or VPN down?');
    expect(menu[1]?.label).toBe('No remote host answers: is the network or VPN down?');
    expect(icon).toBe('offline');
    const iconWith = (status: JobView['status']) =>
      trayFace([jobView('a', 60, now, { status })], offline, now, actions()).icon;
    expect(
      ['critical', 'warning', 'unreachable', 'ok', 'pending'].map((one) => iconWith(one as never)),
    ).toEqual(['critical', 'warning', 'offline', 'offline', 'offline']);
  });

  it('keeps accepted and snoozed hosts aside, out of the count and of the list, and never behind green', () => {
    const expired = { code: 'expired', severity: 'critical', message: 'Expired.', accepted: true } as const;
    const selfSigned = { ...expired, code: 'self-signed', message: 'Self-signed.' } as const;
    const jobs = [
      jobView('www.example.com', 61.5, now),
      jobView('old.example', -3, now, { status: 'critical', problems: [expired] }),
      jobView('printer.example', 90.5, now, { status: 'critical', problems: [selfSigned] }),
      jobView('mail.example', 2.5, now, { status: 'critical', problems: [expiring] }),
      jobView('shop.example', 3.5, now, { status: 'critical', problems: [expiring] }),
    ];
    const done = actions();
    const { icon, menu, tooltip } = trayFace(
      jobs,
      { ...well, snoozed: new Set(['mail.example']) },
      now,
      done,
    );
    expect(menu.slice(0, 7).map(({ label, type }) => label ?? `(${type})`)).toEqual([
      '1 of 5 needs attention, 1 snoozed',
      '(separator)',
      'shop.example expires in 3 days',
      'www.example.com expires in 61 days',
      '(separator)',
      'Accepted and snoozed (3)',
      'Check all now',
    ]);
    const aside = menu[5]?.submenu as Item[];
    expect(aside.map(({ label }) => label)).toEqual([
      'mail.example expires in 2 days',
      'old.example expired 3 days ago',
      'printer.example expires in 90 days',
    ]);
    press(aside, 'old.example expired 3 days ago');
    expect(done.open.mock.calls).toEqual([['old.example']]);
    expect(tooltip).toBe('NotAfter: 1 of 5 needs attention, 1 snoozed. shop.example expires in 3 days');
    expect(icon).toBe('critical');
    // A snooze hides no certificate that is bad still.
    const alone = trayFace(jobs.slice(0, 4), { ...well, snoozed: new Set(['mail.example']) }, now, done);
    expect([alone.icon, alone.menu[0]?.label]).toEqual(['critical', '0 of 4 need attention, 1 snoozed']);
  });

  it('forgets a snooze of what is right again', () => {
    const { menu } = trayFace(
      [jobView('www.example.com', 61.5, now)],
      { ...well, snoozed: new Set(['www.example.com']) },
      now,
      actions(),
    );
    expect(menu[0]?.label).toBe('The host is OK');
    expect(menu.map(({ label }) => label)).not.toContain('Accepted and snoozed (1)');
  });

  it('turns quiet on with one click, says until when, and ends it early', () => {
    const done = actions();
    const quietItem = (quietUntil: string | null) => {
      const { menu } = trayFace([], { ...well, quietUntil }, now, done);
      const item = menu.find(({ label }) => label?.startsWith('Quiet'));
      if (!item?.click) throw new Error('There is no such entry.');
      (item.click as () => void)();
      return { label: item.label, checked: item.checked };
    };
    expect(quietItem(null)).toEqual({ label: 'Quiet until tomorrow', checked: false });
    const on = quietItem(new Date(2026, 10, 25, 8).toISOString());
    expect(on).toEqual({ label: expect.stringMatching(/^Quiet until Wed 0?8:00( AM)?$/), checked: true });
    expect(quietItem('2026-11-24T09:59:59Z')).toEqual({ label: 'Quiet until tomorrow', checked: false });
    expect(done.quiet.mock.calls).toEqual([[true], [false], [true]]);
  });

  it('has a tooltip that every system shows whole', () => {
    const names = ['x'.repeat(200), ...[70, 71].map((length) => `${'x'.repeat(length)}${'😀'.repeat(40)}`)];
    for (const name of names) {
      const { tooltip } = trayFace([jobView(name, 2.5, now)], well, now, actions());
      expect(tooltip.length).toBeLessThanOrEqual(127);
      expect(tooltip.length).toBeGreaterThanOrEqual(126);
      expect(tooltip.endsWith('…')).toBe(true);
      expect(tooltip.isWellFormed()).toBe(true);
    }
  });

  it('is fine while a certificate that renews itself nears its renewal, and not when that is overdue', () => {
    const iconWhen = (renewalOverdueAt: string) => {
      const problems = [{ code: 'expiring', severity: 'warning', message: 'Expires.' } as const];
      const job = jobView('a', 29, now, { status: 'warning', problems });
      if (job.lastCheck) job.lastCheck.renewalOverdueAt = renewalOverdueAt;
      return trayFace([job], well, now, actions()).icon;
    };
    expect(iconWhen('2026-11-28T10:00:00Z')).toBe('fine');
    expect(iconWhen('2026-11-20T10:00:00Z')).toBe('warning');
  });

  it('leaves paused jobs out of the picture', () => {
    const jobs = [jobView('a', 60, now), jobView('b', 2, now, { status: 'critical', paused: true })];
    expect(trayFace(jobs, well, now, actions()).icon).toBe('fine');
  });

  it('opens the job that an entry is about', () => {
    const done = actions();
    const { menu } = trayFace(
      [jobView('a.example', 2.5, now, { status: 'critical', problems: [expiring] })],
      well,
      now,
      done,
    );
    for (const label of ['a.example expires in 2 days', 'Open NotAfter', 'Settings…']) press(menu, label);
    expect(done.open.mock.calls).toEqual([['a.example'], []]);
    expect(done.openSettings).toHaveBeenCalledOnce();
  });
});
