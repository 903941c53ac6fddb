import { describe, expect, it } from 'vitest';
import { formatMaintenance, parseMaintenance } from '../../../shared/schema/maintenance-text.ts';
import { settingsPatchSchema } from '../../../shared/schema/settings.ts';
import {
  dailyHoursSchema,
  hoursEnd,
  maintenanceEnd,
  maintenanceSchema,
} from '../../../shared/schema/time-window.ts';

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
const berlin = (from: string, to: string) => ({ from, to, timezone: 'Europe/Berlin' });

describe('hoursEnd', () => {
  it.each([
    ['before them', berlin('22:00', '07:00'), '2026-11-24T20:59:00Z', null],
    ['at their beginning', berlin('22:00', '07:00'), '2026-11-24T21:00:00Z', '2026-11-25T06:00:00.000Z'],
    ['after midnight', berlin('22:00', '07:00'), '2026-11-25T01:00:00Z', '2026-11-25T06:00:00.000Z'],
    ['at their end', berlin('22:00', '07:00'), '2026-11-25T06:00:00Z', null],
    ['within a day', berlin('12:00', '13:00'), '2026-11-24T11:30:00Z', '2026-11-24T12:00:00.000Z'],
    [
      'in a night of nine hours less one',
      berlin('22:00', '07:00'),
      '2027-03-27T22:00:00Z',
      '2027-03-28T05:00:00.000Z',
    ],
    [
      'in a night of nine hours and one',
      berlin('22:00', '07:00'),
      '2027-10-30T21:00:00Z',
      '2027-10-31T06:00:00.000Z',
    ],
    [
      'all day, where both are the same',
      berlin('08:00', '08:00'),
      '2026-11-24T20:00:00Z',
      '2026-11-25T07:00:00.000Z',
    ],
  ])('%s', (_what, hours, now, end) => expect(iso(hoursEnd(hours, Date.parse(now)))).toBe(end));
});

describe('maintenanceEnd', () => {
  const sunday = { ...berlin('23:00', '02:00'), days: [7] };
  it.each([
    ['on its day', '2026-11-29T22:30:00Z', '2026-11-30T01:00:00.000Z'],
    ['on the morning after', '2026-11-30T00:30:00Z', '2026-11-30T01:00:00.000Z'],
    ['at the same time of another day', '2026-11-28T22:30:00Z', null],
    ['on the morning of its own day', '2026-11-29T00:30:00Z', null],
  ])('every week: %s', (_what, now, end) => expect(iso(maintenanceEnd(sunday, Date.parse(now)))).toBe(end));
  it('once', () => {
    const once = { from: '2026-11-26T08:00:00Z', to: '2026-11-26T12:00:00Z' };
    expect(maintenanceEnd(once, Date.parse('2026-11-26T07:59:59Z'))).toBeNull();
    expect(iso(maintenanceEnd(once, Date.parse('2026-11-26T08:00:00Z')))).toBe('2026-11-26T12:00:00.000Z');
    expect(maintenanceEnd(once, Date.parse('2026-11-26T12:00:00Z'))).toBeNull();
  });
});

describe('the schemas', () => {
  it.each([
    { from: '22:00', to: '25:00' },
    { from: '7:00', to: '08:00' },
    { from: '22:00', to: '07:00', timezone: 'Nowhere/City' },
  ])('refuse %j', (hours) => expect(dailyHoursSchema.safeParse(hours).success).toBe(false));
  it.each([
    { days: [], from: '22:00', to: '07:00' },
    { days: [8], from: '22:00', to: '07:00' },
    { from: '2026-11-26T12:00:00Z', to: '2026-11-26T08:00:00Z' },
  ])('refuse %j', (window) => expect(maintenanceSchema.safeParse(window).success).toBe(false));
});

/** Berlin repeats 02:00 to 03:00 on 31 October 2027 and skips it on 28 March; Lord Howe repeats half an hour on 4 April. */
describe('a window in a night that is longer or shorter', () => {
  const daily = (from: string, to: string, timezone = 'Europe/Berlin') => ({
    days: [1, 2, 3, 4, 5, 6, 7],
    from,
    to,
    timezone,
  });
  const cases: [string, ReturnType<typeof daily>, begins: string, ends: string][] = [
    [
      'ends in the hour that repeats',
      daily('01:00', '02:30'),
      '2027-10-30T23:00:00Z',
      '2027-10-31T01:30:00Z',
    ],
    ['begins in it', daily('02:30', '04:00'), '2027-10-31T00:30:00Z', '2027-10-31T03:00:00Z'],
    ['lies in it', daily('02:15', '02:45'), '2027-10-31T00:15:00Z', '2027-10-31T01:45:00Z'],
    ['spans it', daily('23:00', '05:00'), '2027-10-30T21:00:00Z', '2027-10-31T04:00:00Z'],
    [
      'ends in the hour that is skipped',
      daily('01:30', '02:30'),
      '2027-03-28T00:30:00Z',
      '2027-03-28T01:30:00Z',
    ],
    ['begins in that', daily('02:30', '04:00'), '2027-03-28T01:30:00Z', '2027-03-28T02:00:00Z'],
    ['lies in that', daily('02:15', '02:45'), '2027-03-28T01:15:00Z', '2027-03-28T01:45:00Z'],
    [
      'ends in the half hour that repeats',
      daily('01:00', '01:45', 'Australia/Lord_Howe'),
      '2027-04-03T14:00:00Z',
      '2027-04-03T15:15:00Z',
    ],
  ];
  it.each(cases)('that %s is one', (_what, window, begins, ends) => {
    const [begin, end] = [Date.parse(begins), Date.parse(ends)];
    expect(maintenanceEnd(window, begin - 60_000)).toBeNull();
    for (let now = begin; now < end; now += 15 * 60_000)
      expect(iso(maintenanceEnd(window, now))).toBe(iso(end));
    expect(maintenanceEnd(window, end)).toBeNull();
  });
  it.each(['America/New_York', 'Africa/Cairo', 'America/Santiago', 'Pacific/Apia', 'Asia/Kathmandu', 'UTC'])(
    'is one on every night of a year in %s',
    (timezone) => {
      // 01:30 to 02:30, the hours in which most zones change.
      const window = daily('01:30', '02:30', timezone);
      let opened = 0;
      let wasOpen = false;
      const begin = Date.parse('2027-01-01T12:00:00Z');
      for (let now = begin; now < begin + 365 * 86_400_000; now += 30 * 60_000) {
        const isOpen = maintenanceEnd(window, now) !== null;
        if (isOpen && !wasOpen) opened += 1;
        wasOpen = isOpen;
      }
      expect(opened).toBe(365);
    },
  );
});

describe('maintenance as text', () => {
  it.each([
    ['Sun 02:00-04:00', [{ days: [7], from: '02:00', to: '04:00', timezone: 'America/Chicago' }]],
    ['Sun 02:00-04:00 service', [{ days: [7], from: '02:00', to: '04:00' }]],
    ['2026-12-01 22:00-23:00', [{ from: '2026-12-02T04:00:00.000Z', to: '2026-12-02T05:00:00.000Z' }]],
    [
      '2026-12-01 22:00-23:00 Europe/Berlin',
      [{ from: '2026-12-01T21:00:00.000Z', to: '2026-12-01T22:00:00.000Z' }],
    ],
    ['mon-fri 22:00 - 06:00 Europe/Berlin', [{ days: [1, 2, 3, 4, 5], ...berlin('22:00', '06:00') }]],
    [
      'Saturday, Sunday 0:00-6:30',
      [{ days: [6, 7], from: '00:00', to: '06:30', timezone: 'America/Chicago' }],
    ],
    [
      'Fri-Mon 01:00-02:00',
      [{ days: [1, 5, 6, 7], from: '01:00', to: '02:00', timezone: 'America/Chicago' }],
    ],
    [
      'daily 03:00-03:30',
      [{ days: [1, 2, 3, 4, 5, 6, 7], from: '03:00', to: '03:30', timezone: 'America/Chicago' }],
    ],
    ['\n  \n', []],
  ])('reads %j', (text, windows) =>
    expect(parseMaintenance(text, 'America/Chicago')).toEqual({ ok: true, windows }),
  );
  it('reads one that comes once, over midnight too', () => {
    const read = parseMaintenance('2026-11-26 23:00-01:00');
    expect(read).toEqual({
      ok: true,
      windows: [
        {
          from: new Date('2026-11-26T23:00').toISOString(),
          to: new Date('2026-11-27T01:00').toISOString(),
        },
      ],
    });
  });
  it.each([
    'Sunday',
    'Noday 02:00-04:00',
    'Sun 26:00-27:00',
    '2026-13-40 02:00-04:00',
    'Sun 02:00-04:00 Nowhere/City',
    '2026-11-26 02:00-04:00 Nowhere/City',
    '02:00-04:00',
  ])('says which line is none: %j', (line) => {
    expect(parseMaintenance(`Sun 02:00-04:00\n${line}`)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^Line 2: Write a window as /),
    });
  });
  it.each([
    'Sun 02:00-04:00 America/Chicago',
    'Sun 02:00-04:00 service',
    'Mon-Fri 22:00-06:00 Europe/Berlin',
    'Mon, Wed 01:00-02:00 UTC',
    'daily 03:00-03:30 Asia/Kathmandu',
    '2026-11-26 02:00-04:00 America/Chicago',
    '2026-11-26 23:00-01:00 America/Chicago',
  ])('writes %j as it was read', (text) => {
    const read = parseMaintenance(text, 'America/Chicago');
    expect(read.ok && formatMaintenance(read.windows, 'America/Chicago')).toBe(text);
  });
});

describe('quiet hours', () => {
  it('end at another time than they begin: all day they would hold every warning for good', () => {
    const { success, error } = settingsPatchSchema.safeParse({ quietHours: berlin('07:00', '07:00') });
    expect(success).toBe(false);
    expect(error?.issues).toMatchObject([
      { path: ['quietHours', 'to'], message: expect.stringMatching(/^The end must differ from the start/) },
    ]);
    expect(settingsPatchSchema.safeParse({ quietHours: berlin('22:00', '07:00') }).success).toBe(true);
    expect(settingsPatchSchema.safeParse({ quietHours: null }).success).toBe(true);
  });
});
