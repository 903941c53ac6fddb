import { describe, expect, it } from 'vitest';
import { describeSchedule } from '../../../shared/schema/describe-schedule.ts';
import {
  adaptiveIntervalMs,
  nextTimes,
  parseSchedule,
  scheduleSchema,
} from '../../../shared/schema/schedule.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';

const issueOf = (schedule: unknown) => scheduleSchema.safeParse(schedule).error?.issues[0];

describe('scheduleSchema', () => {
  it.each([
    { type: 'adaptive' },
    { type: 'interval', minutes: 1 },
    { type: 'cron', pattern: '0 6 * * *' },
    { type: 'cron', pattern: '*/5 0 6 * * 1-5', timezone: 'Europe/Berlin' },
  ])('takes $type', (schedule) => expect(scheduleSchema.safeParse(schedule).success).toBe(true));

  it.each([
    [{ type: 'cron', pattern: 'often' }, ['pattern'], /five fields/],
    [{ type: 'cron', pattern: '99 * * * *' }, ['pattern'], /not a cron pattern/],
    [{ type: 'cron', pattern: '' }, ['pattern'], /Enter a cron pattern/],
    [{ type: 'cron', pattern: '0 0 30 2 *' }, ['pattern'], /no time/],
    [{ type: 'cron', pattern: '0 6 * * *', timezone: 'Mars/Olympus' }, ['timezone'], /not a time zone/],
    [{ type: 'interval', minutes: 0 }, ['minutes'], /one minute/],
    [{ type: 'interval' }, ['minutes'], /Enter the minutes/],
    [{ type: 'sometimes' }, ['type'], /cron, interval or adaptive/],
  ])('refuses %j at its field', (schedule, path, sentence) => {
    expect(issueOf(schedule)).toMatchObject({ path, message: expect.stringMatching(sentence) });
  });
});

describe('describeSchedule', () => {
  it.each([
    [{ type: 'interval', minutes: 1 } as const, 'every minute'],
    [{ type: 'interval', minutes: 90 } as const, 'every 90 minutes'],
    [{ type: 'interval', minutes: 120 } as const, 'every 2 hours'],
    [{ type: 'interval', minutes: 1440 } as const, 'every day'],
    [{ type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlin' } as const, 'at 06:00 (Europe/Berlin)'],
  ])('says %j', (schedule, words) => expect(describeSchedule(schedule)).toBe(words));
});

describe('nextTimes', () => {
  const now = Date.parse('2027-03-26T12:00:00Z');
  const times = (schedule: Parameters<typeof nextTimes>[0], count = 3) =>
    nextTimes(schedule, now, count).map((time) => time.toISOString());
  it('follow the pattern through a change of daylight saving', () => {
    expect(times({ type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlin' })).toEqual([
      '2027-03-27T05:00:00.000Z',
      '2027-03-28T04:00:00.000Z',
      '2027-03-29T04:00:00.000Z',
    ]);
  });
  it('count on for intervals', () =>
    expect(times({ type: 'interval', minutes: 90 }, 2)).toEqual([
      '2027-03-26T13:30:00.000Z',
      '2027-03-26T15:00:00.000Z',
    ]));
  it('are none for a pattern that is none', () => {
    expect(times({ type: 'cron', pattern: 'now and then' })).toEqual([]);
  });
  it('of an adaptive one are daily while nothing is known, and follow the certificate that is', () => {
    expect(times({ type: 'adaptive' })[0]).toBe('2027-03-27T12:00:00.000Z');
    const outlook = { validFrom: now - 83 * 86_400_000, validTo: now + 7.5 * 86_400_000, renewalAt: null };
    const hours = nextTimes({ type: 'adaptive' }, now, 5, outlook).map(
      (time) => (time.getTime() - now) / 3_600_000,
    );
    expect(hours).toEqual([6, 12, 18, 19, 20]);
  });
});

describe('adaptiveIntervalMs', () => {
  const hour = 3_600_000;
  const day = 24 * hour;
  it.each([
    ['90 days', 90 * day, [day, 6 * hour, hour]],
    ['6 days', 6 * day, [18 * hour, 6 * hour, hour]],
    ['24 hours', day, [3 * hour, 1.5 * hour, hour / 2]],
    ['an hour', hour, [7.5 * 60_000, 5 * 60_000, 5 * 60_000]],
  ])(
    'of a certificate that lives for %s: far, below warning, below critical',
    (_what, lifetime, expected) => {
      const at = (share: number) => {
        const outlook = { validFrom: 0, validTo: lifetime, renewalAt: null };
        return adaptiveIntervalMs(lifetime * share, outlook, defaultThresholds);
      };
      expect([at(0.5), at(0.8), at(0.95)]).toEqual(expected);
    },
  );
});

describe('parseSchedule', () => {
  it.each([
    ['adaptive', undefined, { type: 'adaptive' }],
    ['30', undefined, { type: 'interval', minutes: 30 }],
    ['0 6 * * *', 'Europe/Berlin', { type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlin' }],
  ])('reads %s', (text, timezone, schedule) =>
    expect(parseSchedule(text, timezone)).toEqual({ ok: true, schedule }),
  );
  it.each([
    ['x y', undefined, 'schedule', /five fields/],
    ['0', undefined, 'schedule', /at least one minute/],
    ['0 6 * * *', 'Mars/Base', 'timezone', /not a time zone/],
  ])('says what is wrong with %s, %s', (text, timezone, field, message) =>
    expect(parseSchedule(text, timezone)).toEqual({
      ok: false,
      field,
      message: expect.stringMatching(message),
    }),
  );
});
