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
});
const well = { offlineSince: null, pause: null, launchesAtLogin: false, newest: null };
const labels = (jobs: JobView[]) =>
  trayFace(jobs, well, now, actions()).menu.map(({ label, type }) => label ?? `(${type})`);

describe('trayFace', () => {
  it('says that nothing is watched', () => {
    const { icon, tooltip, menu } = trayFace([], well, now, actions());
    expect(icon).toBe('pending');
    expect(tooltip).toBe('NotAfter: No hosts yet');
    expect(menu.find(({ label }) => label === 'Check all now')?.enabled).toBe(false);
  });

  it('names what needs someone, then the five soonest', () => {
    const jobs = [
      jobView('www.example.com', 61.5, now),
      jobView('mail.example.com', 2.5, now, { status: 'critical', problems: [expiring] }),
      ...[70, 80, 90, 100].map((days) => jobView(`host${days}.example`, days + 0.5, now)),
    ];
    expect(labels(jobs)).toEqual([
      '1 of 6 needs attention',
      'mail.example.com expires in 2 days',
      '(separator)',
      'mail.example.com    2 days',
      'www.example.com    61 days',
      'host70.example    70 days',
      'host80.example    80 days',
      'host90.example    90 days',
      '(separator)',
      'Check all now',
      'Pause',
      'Open NotAfter',
      '(separator)',
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

  it('says first that everything is paused, and resumes', () => {
    const done = actions();
    const jobs = [jobView('www.example.com', 61.5, now)];
    const paused = { ...well, pause: { until: '2026-11-24T10:59:00Z' } };
    const { icon, tooltip, menu } = trayFace(jobs, paused, now, done);
    expect(icon).toBe('paused');
    expect(tooltip).toBe('NotAfter: All checks are paused, for 59 minutes still');
    expect(menu[0]?.label).toBe('All checks are paused, for 59 minutes still');
    const resume = menu.find(({ label }) => label === 'Resume all checks');
    if (!resume?.click) throw new Error('There is no such entry.');
    (resume.click as () => void)();
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
    expect(menu[0]?.label).toBe('No remote host answers: is the network or VPN down?');
    expect(icon).toBe('offline');
    const iconWith = (status: JobView['status']) =>
      trayFace([jobView('a', 60, now, { status })], offline, now, actions()).icon;
    expect(
      ['critical', 'warning', 'unreachable', 'ok', 'pending'].map((one) => iconWith(one as never)),
    ).toEqual(['critical', 'warning', 'offline', 'offline', 'offline']);
  });

  it('keeps accepted hosts aside, out of the numbers and of the soonest', () => {
    const expired = { code: 'expired', severity: 'critical', message: 'Expired.', accepted: true } as const;
    const selfSigned = { ...expired, code: 'self-signed', message: 'Self-signed.' } as const;
    const jobs = [
      jobView('www.example.com', 61.5, now),
      jobView('old.example', -3, now, { status: 'critical', problems: [expired] }),
      jobView('printer.example', 90.5, now, { status: 'critical', problems: [selfSigned] }),
    ];
    expect(labels(jobs).slice(0, 7)).toEqual([
      'All 3 hosts are OK',
      'www.example.com expires next, in 61 days',
      '(separator)',
      'www.example.com    61 days',
      'printer.example    90 days',
      '2 hosts with accepted problems',
      '(separator)',
    ]);
  });

  it('has a tooltip that every system shows whole', () => {
    const names = ['x'.repeat(200), `${'x'.repeat(72)}${'😀'.repeat(40)}`];
    for (const name of names) {
      const { tooltip } = trayFace([jobView(name, 2.5, now)], well, now, actions());
      expect(tooltip.length).toBeLessThanOrEqual(127);
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
    const click = (label: string) =>
      menu.find((item) => item.label === label)?.click?.(undefined as never, undefined, undefined as never);
    click('a.example expires in 2 days');
    click('a.example    2 days');
    click('Open NotAfter');
    expect(done.open.mock.calls).toEqual([['a.example'], ['a.example'], []]);
  });
});
