import { describe, expect, it } from 'vitest';
import { down, minutes, renewing, type Step, saidIn, seen } from '../../support/alert-story.ts';

/** 90 days long, of which so many are left on day 0. */
const left = (days: number) => ({ from: days - 90, to: days });
const hour = minutes(60);
/** From 22:00 to 07:00 in Berlin: day 0 begins there at 11:00. */
const night = { from: '22:00', to: '07:00', timezone: 'Europe/Berlin' };
const quiet = { settings: { quietHours: night } };
const quietUntil = (time: string | null, quietHours: unknown = null) => ({
  settings: { quietUntil: time, quietHours },
});

const points = (...days: number[]): Step => ({
  settings: { alerts: { notifyAt: days.map((number) => ({ days: number })) } },
});

const weekly = (days: number[], from: string, to: string) => ({ days, from, to, timezone: 'UTC' });

type Case = [name: string, steps: Step[], said: string[]];

const expiry: Case[] = [
  ['far from expiry', seen(left(60), { from: 0, to: 20 }), []],
  [
    '90 days, never renewed: one alert for each threshold',
    seen(left(40.5), { from: 0, to: 45, every: 0.25 }),
    [
      '18.25: expires in 22 days',
      '33.75: expires in 6 days',
      '37.5: expires in 2 days',
      '38.5: expires in 1 day',
      '39.5: expires in 23 hours',
      '40.75: expired 6 hours ago',
      '41.75: expired 1 day ago',
      '42.75: expired 2 days ago',
      '43.75: expired 3 days ago',
      '44.75: expired 4 days ago',
      '45.75: expired 5 days ago',
    ],
  ],
  [
    '47 days: below a quarter and a tenth of its lifetime',
    seen({ from: 0, to: 47 }, { from: 0, to: 48, every: 0.25 }),
    [
      '35.5: expires in 11 days',
      '42.5: expires in 4 days',
      '44: expires in 2 days',
      '45: expires in 1 day',
      '46: expires in 23 hours',
      '47.25: expired 6 hours ago',
      '48.25: expired 1 day ago',
    ],
  ],
  [
    '6 days: below a day and a half and below 14 hours',
    seen({ from: 0, to: 6 }, { from: 0, to: 6.2, every: hour }),
    [
      '4.54: expires in 1 day',
      '5.42: expires in 14 hours',
      '6.04: expired 1 hour ago',
      '7.04: expired 1 day ago',
    ],
  ],
  [
    '24 hours: below 6 hours and below 2 hours 24',
    seen({ from: 0, to: 1 }, { from: 0, to: 1.05, every: hour / 2 }),
    [
      '0.77: expires in 5 hours',
      '0.92: expires in 2 hours',
      '1.02: expired 30 minutes ago',
      '2.02: expired 1 day ago',
    ],
  ],
  [
    'first seen when it is critical',
    seen(left(2.5), { from: 0, to: 0.2, every: hour }),
    ['0: expires in 2 days', '1: expires in 1 day'],
  ],
  [
    'first seen when it has expired',
    seen(left(-40.5), { from: 0, to: 3 }),
    ['0: expired 40 days ago', '1: expired 41 days ago', '2: expired 42 days ago', '3: expired 43 days ago'],
  ],
  [
    'thresholds of the job, in days',
    [
      { job: { thresholds: { warning: { days: 10 }, critical: { days: 2 } } } },
      ...seen(left(20.5), { from: 0, to: 19 }),
    ],
    ['11: expires in 9 days', '19: expires in 1 day'],
  ],
  [
    'thresholds of the job, as a share of the lifetime',
    [
      { job: { thresholds: { warning: { share: 0.5 }, critical: { share: 0.2 } } } },
      ...seen(left(60.5), { from: 0, to: 45 }),
    ],
    ['16: expires in 44 days', '43: expires in 17 days'],
  ],
  [
    'thresholds of a tag, nearer than the settings’',
    [
      {
        settings: {
          thresholds: { warning: { days: 50 }, critical: null },
          tagRules: [{ tag: 'shop', thresholds: { warning: { days: 40 }, critical: null } }],
        },
      },
      { job: { tags: ['shop'] } },
      ...seen(left(60.5), { from: 0, to: 22 }),
    ],
    ['21: expires in 39 days'],
  ],
  [
    'thresholds of the job, nearer than its tag’s',
    [
      { settings: { tagRules: [{ tag: 'shop', thresholds: { warning: { days: 40 }, critical: null } }] } },
      { job: { tags: ['shop'], thresholds: { warning: { days: 30 }, critical: null } } },
      ...seen(left(60.5), { from: 0, to: 32 }),
    ],
    ['31: expires in 29 days'],
  ],
  [
    'thresholds of the settings, where nobody else has any',
    [
      { settings: { thresholds: { warning: { days: 50 }, critical: null } } },
      ...seen(left(60.5), { from: 0, to: 12 }),
    ],
    ['11: expires in 49 days'],
  ],
  [
    'the first tag with a rule counts',
    [
      {
        settings: {
          tagRules: [
            { tag: 'a', thresholds: { warning: { days: 45 }, critical: null } },
            { tag: 'b', thresholds: { warning: { days: 55 }, critical: null } },
          ],
        },
      },
      { job: { tags: ['b', 'a'] } },
      ...seen(left(60.5), { from: 0, to: 8 }),
    ],
    ['6: expires in 54 days'],
  ],
  [
    'a threshold that is moved below where it stands: no news, and none when it is moved back at once',
    [
      ...seen(left(20.5), { from: 0, to: 1 }),
      { job: { thresholds: { warning: { days: 10 }, critical: null } } },
      ...seen(left(20.5), { from: 1.1, to: 1.1 }),
      { job: { thresholds: { warning: null, critical: null } } },
      ...seen(left(20.5), { from: 1.15, to: 1.15 }),
    ],
    ['0: expires in 20 days'],
  ],
  [
    'a critical threshold that is moved: what was critical is not said again as a warning',
    [
      ...seen(left(5.5), { from: 0, to: 0 }),
      { job: { thresholds: { warning: null, critical: { days: 2 } } } },
      ...seen(left(5.5), { from: 1, to: 3 }),
      ...seen(left(5.5), { from: 4, to: 4 }),
    ],
    ['0: expires in 5 days'],
  ],
  [
    'further points: each once, beside the thresholds',
    [points(60, 30, 14, 7), ...seen(left(65.5), { from: 0, to: 66, every: 0.5 })],
    [
      '6: expires in 59 days',
      '36: expires in 29 days',
      '43.5: expires in 22 days',
      '52: expires in 13 days',
      '59: expires in 6 days',
      '62.5: expires in 2 days',
      '63.5: expires in 1 day',
      '64.5: expires in 23 hours',
      '66: expired 12 hours ago',
    ],
  ],
  [
    'further points of one moment with a threshold: one alert',
    [
      points(20, 5),
      { job: { thresholds: { warning: { days: 20 }, critical: { days: 5 } } } },
      ...seen(left(22.5), { from: 0, to: 18, every: 0.5 }),
    ],
    ['3: expires in 19 days', '18: expires in 4 days'],
  ],
  [
    'further points as a share of the lifetime',
    [{ settings: { alerts: { notifyAt: [{ share: 0.5 }] } } }, ...seen(left(50.5), { from: 0, to: 10 })],
    ['6: expires in 44 days'],
  ],
  [
    'further points of the job, nearer than its tag’s and the settings’',
    [
      {
        settings: {
          alerts: { notifyAt: [{ days: 80 }] },
          tagRules: [{ tag: 'shop', alerts: { notifyAt: [{ days: 70 }] } }],
        },
      },
      { job: { tags: ['shop'], alerts: { notifyAt: [{ days: 60 }] } } },
      ...seen(left(85.5), { from: 0, to: 30 }),
    ],
    ['26: expires in 59 days'],
  ],
  [
    'further points of a tag; a job of it that lists none has none',
    [
      { settings: { tagRules: [{ tag: 'shop', alerts: { notifyAt: [{ days: 70 }] } }] } },
      { job: { tags: ['shop'] } },
      ...seen(left(85.5), { from: 0, to: 20 }),
      { job: { tags: ['shop'], alerts: { notifyAt: [] } } },
      ...seen(left(85.5), { from: 20.5, to: 40, every: 0.5 }),
    ],
    ['16: expires in 69 days'],
  ],
  [
    'first seen past several points: one alert',
    [points(60, 50, 40), ...seen(left(35.5), { from: 0, to: 5 })],
    ['0: expires in 35 days'],
  ],
  [
    'a renewal between two points ends it with a word',
    [
      points(60, 40),
      ...seen(left(60.5), { from: 0, to: 5 }),
      ...seen({ from: 5.5, to: 95.5 }, { from: 6, to: 10 }),
    ],
    ['1: expires in 59 days', '6: was renewed'],
  ],
  [
    'an acknowledged alert is not repeated at further points, but when it grows worse',
    [
      points(60, 50, 14),
      ...seen(left(60.5), { from: 0, to: 2 }),
      { day: 2.5, does: 'acknowledge' },
      ...seen(left(60.5), { from: 3, to: 39 }),
      { day: 39.5, does: 'acknowledge' },
      ...seen(left(60.5), { from: 40, to: 54 }),
    ],
    ['1: expires in 59 days', '39: expires in 21 days', '54: expires in 6 days'],
  ],
  [
    'what is snoozed until renewal has no further points either',
    [
      points(60, 50),
      ...seen(left(60.5), { from: 0, to: 2 }),
      { day: 2.5, does: 'snooze', until: 'renewed' },
      ...seen(left(60.5), { from: 3, to: 30 }),
    ],
    ['1: expires in 59 days'],
  ],
  [
    'an accepted warning is not repeated at further points',
    [
      points(14, 10),
      ...seen(left(21.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'accept', problem: 'expiring', severity: 'warning' },
      ...seen(left(21.5), { from: 1, to: 15 }),
    ],
    ['0: expires in 21 days', '15: expires in 6 days'],
  ],
  [
    'points that are added and removed while an alert is open repeat nothing',
    [
      points(60, 50),
      ...seen(left(50.5), { from: 0, to: 2 }),
      points(60),
      ...seen(left(50.5), { from: 3, to: 4 }),
      points(60, 55, 50),
      ...seen(left(50.5), { from: 5, to: 6 }),
      points(60, 50, 40),
      ...seen(left(50.5), { from: 7, to: 12 }),
    ],
    ['0: expires in 50 days', '1: expires in 49 days', '11: expires in 39 days'],
  ],
  [
    'a host that is known to renew itself is not mentioned at points before its renewal is overdue',
    [points(60, 45), ...renewing(90, [30, 30, 30], { last: 60 })],
    [
      '31: expires in 59 days',
      '46: expires in 44 days',
      '60: was renewed',
      '91: expires in 59 days',
      '106: expires in 44 days',
      '120: was renewed',
    ],
  ],
  [
    'a point that passes while the host is down is told by the certificate seen last',
    [points(60), ...seen(left(60.5), { from: 0, to: 0 }), ...down(0.2, 2, 0.2)],
    ['0.6: cannot be reached', '0.6: expires in 59 days'],
  ],
  [
    'a point in a maintenance window is told at its end',
    [
      { job: { alerts: { notifyAt: [{ days: 60 }], maintenance: [weekly([3], '00:00', '23:00')] } } },
      ...seen(left(60.5), { from: 0, to: 1.5, every: 0.25 }),
    ],
    ['1.54: expires in 58 days'],
  ],
  [
    'a point in quiet hours waits for the morning',
    [
      { settings: { quietHours: night, alerts: { notifyAt: [{ days: 60 }] } } },
      ...seen(left(60.5), { from: 0, to: 1, every: 0.25 }),
    ],
    ['0.83: expires in 59 days'],
  ],
  [
    'no alerts of expiry wanted: no points either',
    [
      { job: { alerts: { expiry: false, notifyAt: [{ days: 60 }] } } },
      ...seen(left(60.5), { from: 0, to: 7 }),
    ],
    [],
  ],
  [
    'no alerts of expiry wanted',
    [{ job: { alerts: { expiry: false } } }, ...seen(left(5.5), { from: 0, to: 7 })],
    [],
  ],
  [
    'wanted again: said then',
    [
      { job: { alerts: { expiry: false } } },
      ...seen(left(5.5), { from: 0, to: 1 }),
      { job: { alerts: { expiry: null } } },
      ...seen(left(5.5), { from: 2, to: 2 }),
    ],
    ['2: expires in 3 days'],
  ],
];

/** Failures as they are tried again: at once, after 1, 5 and 15 minutes, then hourly. */
const failing = (from: number, hours = 0): Step[] => [
  ...[0, 1, 6, 21].map((minute): Step => ({ day: from + minutes(minute), down: true })),
  ...Array.from({ length: hours }, (_, index): Step => ({ day: from + hour * (index + 1), down: true })),
];

const expiringFirst = (severity: 'warning' | 'critical') =>
  ({ code: 'intermediate-expiring', severity }) as const;

const worse: Case[] = [
  [
    'an intermediate that expires first: at 30 days, at 7 days, and when it has expired',
    [
      ...seen(left(300), { from: 0, to: 20, problems: [expiringFirst('warning')], chainEnds: 29.5 }),
      ...seen(left(300), { from: 23, to: 35, problems: [expiringFirst('critical')], chainEnds: 29.5 }),
    ],
    [
      '0: has an intermediate that expires first',
      '23: has an intermediate that expires first',
      '30: has an intermediate that expires first',
    ],
  ],
  [
    'a problem that grows worse is said again, and once',
    [
      ...seen(left(60), { from: 0, to: 2, problems: [{ code: 'incomplete-chain', severity: 'warning' }] }),
      ...seen(left(60), { from: 3, to: 9, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
    ],
    ['0: does not send the complete chain', '3: does not send the complete chain'],
  ],
  [
    'a problem that grows less bad is not said, nor when it is back where it was',
    [
      ...seen(left(60), { from: 0, to: 2, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
      ...seen(left(60), { from: 3, to: 9, problems: [{ code: 'incomplete-chain', severity: 'warning' }] }),
      ...seen(left(60), { from: 10, to: 12, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
      ...seen(left(60), { from: 13, to: 13 }),
    ],
    ['0: does not send the complete chain', '13: is OK again'],
  ],
  [
    'what was acknowledged and grows worse is said again',
    [
      ...seen(left(60), { from: 0, to: 1, problems: [{ code: 'incomplete-chain', severity: 'warning' }] }),
      { day: 1.5, does: 'acknowledge' },
      ...seen(left(60), { from: 3, to: 4, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
    ],
    ['0: does not send the complete chain', '3: does not send the complete chain'],
  ],
  [
    'a warning that waits for the morning and grows critical does not wait',
    [
      quiet,
      ...seen(left(60), {
        from: 0.6,
        to: 0.6,
        problems: [{ code: 'incomplete-chain', severity: 'warning' }],
      }),
      ...seen(left(60), {
        from: 0.7,
        to: 0.7,
        problems: [{ code: 'incomplete-chain', severity: 'critical' }],
      }),
    ],
    ['0.7: does not send the complete chain'],
  ],
  [
    'a rise that was not said before the program ended is said after',
    [
      quiet,
      { job: { thresholds: { warning: { days: 30 }, critical: null } } },
      ...seen(left(60), {
        from: 0.4,
        to: 0.4,
        problems: [{ code: 'incomplete-chain', severity: 'warning' }],
      }),
      ...seen(left(29.5), {
        from: 0.6,
        to: 0.6,
        problems: [{ code: 'incomplete-chain', severity: 'warning' }],
      }),
      { day: 0.7, does: 'restart' },
    ],
    ['0.4: does not send the complete chain', '0.83: expires in 28 days'],
  ],
];

/** Histories of renewals as people and programs make them, with what a calm and careful colleague would say. */
const histories: Case[] = [
  ['47 days, renewed with 30 to go', renewing(47, [30, 30, 30], { last: 20 }), []],
  ['33 days, renewed with a third to go', renewing(33, [11, 11, 11], { last: 15 }), []],
  ['90 days, renewed with 60 to go', renewing(90, [60, 60, 60], { last: 29 }), []],
  [
    '6 days, renewed with 3 to go, with a fresh key each',
    renewing(6, [3, 3, 3, 3], { every: 0.25, last: 2.5 }),
    [],
  ],
  ['45 days, renewed with 15 to go', renewing(45, [15, 15, 15], { last: 28 }), []],
  ['64 days, renewed with a third to go', renewing(64, [21, 21, 21], { last: 40 }), []],
  [
    '90 days, replaced with 65 to go each time, with a fresh key: a remark at the first',
    renewing(90, [65, 65, 65], { last: 20 }),
    ['25: shows a different certificate'],
  ],
  [
    '398 days, replaced with 300 to go: a remark',
    renewing(398, [300], { last: 20 }),
    ['98: shows a different certificate'],
  ],
  [
    'from 90 to 47 days',
    [...renewing(90, [30, 30], { last: 60 }), ...renewing(47, [16, 16], { from: 180, last: 30 })],
    [],
  ],
  [
    '398 days, renewed by hand with 20 to go',
    renewing(398, [20], { last: 100 }),
    ['369: expires in 29 days', '378: was renewed'],
  ],
  [
    '398 days, forgotten for two days',
    renewing(398, [-2], { last: 10 }),
    [
      '369: expires in 29 days',
      '392: expires in 6 days',
      '395: expires in 2 days',
      '396: expires in 1 day',
      '397: expires in 23 hours',
      '399: expired 1 day ago',
      '400: was renewed',
    ],
  ],
  [
    'a new CA in time',
    [
      ...seen({ ...left(28), issuer: 'O=Old CA' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, issuer: 'O=New CA' }, { from: 2, to: 9 }),
    ],
    ['2: was renewed by another CA'],
  ],
  [
    'a new CA early, and nothing overdue after it',
    [
      ...seen({ ...left(79), issuer: 'O=Old CA' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, issuer: 'O=New CA' }, { from: 2, to: 60 }),
    ],
    ['2: shows a different certificate'],
  ],
  [
    'hourly renewals of a day that stop: said within hours, and each step to the end',
    [
      ...Array.from({ length: 48 }, (_, index): Step => {
        const from = index / 24;
        return { day: index / 24 + 0.01, shows: { from, to: from + 1, key: `k${index}` } };
      }),
      ...seen({ from: 47 / 24, to: 47 / 24 + 1, key: 'k47' }, { from: 2.01, to: 3.1, every: hour }),
    ],
    [
      '2.09: was not renewed as usual',
      '2.72: expires in 5 hours',
      '2.89: expires in 1 hour',
      '2.97: expired 14 minutes ago',
      '3.97: expired 1 day ago',
    ],
  ],
  [
    'certificates of 6 days, and this machine asleep for ten',
    [...renewing(6, [3, 3, 3], { every: 0.25, last: 2 }), { day: 21, shows: { from: 20, to: 26, key: 'z' } }],
    [],
  ],
  [
    'expired while this machine was asleep: one word on waking',
    [...seen(left(9), { from: 0, to: 1 }), { day: 12, shows: left(9) }],
    ['0: expires in 9 days', '12: expired 3 days ago'],
  ],
  [
    'two nodes, one never renewed: its steps, once each',
    Array.from(
      { length: 40 },
      (_, index): Step => ({ day: index / 4, shows: index % 2 === 0 ? left(80) : { ...left(8), id: 'old' } }),
    ),
    [
      '0.25: expires in 7 days',
      '1.25: expires in 6 days',
      '5: expires in 2 days',
      '6: expires in 1 day',
      '7: expires in 23 hours',
      '8.25: expired 6 hours ago',
      '9.25: expired 1 day ago',
      '10.25: expired 2 days ago',
    ],
  ],
  [
    'two nodes renewed one day after the other',
    [
      ...seen(left(31), { from: 0, to: 1 }),
      ...Array.from(
        { length: 8 },
        (_, index): Step => ({ day: 2 + index / 8, shows: index % 2 === 0 ? left(29) : { from: 2, to: 92 } }),
      ),
      ...seen({ from: 2, to: 92 }, { from: 3.1, to: 9 }),
    ],
    [],
  ],
];

/** What comes and goes, what is over, and what is told of it. */
const ends: Case[] = [
  [
    'a host that was unstable and is right for a day',
    [
      ...Array.from(
        { length: 24 },
        (_, index): Step =>
          index % 2 === 0 ? { day: index / 24, down: true } : { day: index / 24, shows: left(60) },
      ),
      ...seen(left(60), { from: 1, to: 3, every: hour }),
    ],
    ['0.38: is unstable', '2.29: is stable again'],
  ],
  [
    'a host that was unstable and is down for good',
    [
      ...Array.from(
        { length: 24 },
        (_, index): Step =>
          index % 2 === 0 ? { day: index / 24, down: true } : { day: index / 24, shows: left(60) },
      ),
      ...down(1, 3, hour),
    ],
    ['0.38: is unstable', '1.08: cannot be reached'],
  ],
  [
    'an unstable host in quiet hours waits for the morning',
    [
      quiet,
      ...Array.from(
        { length: 24 },
        (_, index): Step =>
          index % 2 === 0
            ? { day: 0.5 + index / 96, down: true }
            : { day: 0.5 + index / 96, shows: left(60) },
      ),
    ],
    ['0.83: is unstable'],
  ],
  [
    'an unstable host whose certificate expires soon: both',
    Array.from(
      { length: 30 },
      (_, index): Step =>
        index % 2 === 0 ? { day: index / 24, down: true } : { day: index / 24, shows: left(20) },
    ),
    ['0.04: expires in 19 days', '0.38: is unstable'],
  ],
  [
    'what is acknowledged and then over: said',
    [...failing(0), { day: 0.1, does: 'acknowledge' }, ...seen(left(60), { from: 0.2, to: 0.2 })],
    ['0.01: cannot be reached', '0.2: is OK again'],
  ],
  [
    'an intermediate that has expired and is replaced',
    [
      ...seen(left(300), { from: 0, to: 3, problems: [expiringFirst('critical')], chainEnds: 1.5 }),
      ...seen(left(300), { from: 4, to: 5 }),
    ],
    [
      '0: has an intermediate that expires first',
      '2: has an intermediate that expires first',
      '4: is OK again',
    ],
  ],
  [
    'one problem in place of another',
    [
      ...seen(left(60), { from: 0, to: 1, problems: ['weak-key'] }),
      ...seen(left(60), { from: 2, to: 3, problems: ['revoked'] }),
    ],
    ['0: has a weak key', '2: has a revoked certificate', '2: has fixed a weak key'],
  ],
  [
    'changes in a maintenance window make no host unstable',
    [
      { job: { alerts: { maintenance: [{ from: '2026-11-24T00:00:00Z', to: '2026-11-26T00:00:00Z' }] } } },
      ...Array.from(
        { length: 24 },
        (_, index): Step =>
          index % 2 === 0 ? { day: index / 24, down: true } : { day: index / 24, shows: left(60) },
      ),
      ...seen(left(60), { from: 2, to: 3 }),
    ],
    [],
  ],
  [
    'a window in the night when clocks go back: once, at its end, though its hour repeats',
    [
      {
        job: {
          alerts: { maintenance: [{ days: [7], from: '01:00', to: '02:30', timezone: 'Europe/Berlin' }] },
        },
      },
      ...seen(left(500), { from: 340, to: 340 }),
      ...seen(left(500), { from: 340.55, to: 340.75, every: minutes(15), problems: ['revoked'] }),
    ],
    ['340.65: has a revoked certificate'],
  ],
  [
    'quiet hours of another zone',
    [
      { settings: { quietHours: { from: '22:00', to: '07:00', timezone: 'America/Chicago' } } },
      ...seen(left(20.5), { from: 0, to: 0.2, every: hour }),
    ],
    ['0.13: expires in 20 days'],
  ],
  [
    'windows that follow each other: said after the last',
    [
      { job: { alerts: { maintenance: [weekly([2], '11:00', '13:00'), weekly([2], '13:00', '15:00')] } } },
      ...seen(left(60), { from: 0.05, to: 0.1, every: 0.05, problems: ['revoked'] }),
    ],
    ['0.21: has a revoked certificate'],
  ],
  [
    'unreachable alerts off for a tag, problems on',
    [
      { settings: { tagRules: [{ tag: 'vpn', alerts: { unreachable: false } }] } },
      { job: { tags: ['vpn'] } },
      ...failing(0, 5),
      ...seen(left(60), { from: 1, to: 1, problems: ['revoked'] }),
    ],
    ['1: has a revoked certificate'],
  ],
];

/** A certificate that has been expired since before, and is seen every six hours. */
const longExpired = (days: number): Step[] => seen(left(-1.3), { from: 0, to: days, every: 0.25 });

const reminders: Case[] = [
  [
    'an expired certificate: daily, and no more after seven reminders',
    longExpired(20),
    Array.from({ length: 8 }, (_, day) => `${day}: expired ${day + 1} day${day === 0 ? '' : 's'} ago`),
  ],
  [
    'acknowledged: no reminder',
    [...longExpired(0), { day: 0.5, does: 'acknowledge' }, ...longExpired(5).slice(3)],
    ['0: expired 1 day ago'],
  ],
  [
    'snoozed until renewed: no reminder',
    [...longExpired(0), { day: 0.5, does: 'snooze', until: 'renewed' }, ...longExpired(5).slice(3)],
    ['0: expired 1 day ago'],
  ],
  [
    'renewed: no reminder',
    [...longExpired(1.5), ...seen({ from: 1, to: 91 }, { from: 1.75, to: 9 })],
    ['0: expired 1 day ago', '1: expired 2 days ago', '1.75: was renewed'],
  ],
  [
    'reminders off',
    [{ settings: { alerts: { remindEveryDays: 0 } } }, ...longExpired(5)],
    ['0: expired 1 day ago'],
  ],
  [
    'reminders of a job every other day, of every critical alert',
    [
      { job: { alerts: { remindEveryDays: 2 } } },
      ...seen(left(60), { from: 0, to: 5, problems: ['revoked'] }),
    ],
    ['0: has a revoked certificate', '2: has a revoked certificate', '4: has a revoked certificate'],
  ],
  [
    'other critical alerts are not repeated unless somebody says so',
    seen(left(60), { from: 0, to: 9, problems: ['revoked'] }),
    ['0: has a revoked certificate'],
  ],
  ['warnings are not repeated', seen(left(20), { from: 0, to: 9 }), ['0: expires in 20 days']],
  [
    'over restarts: as often',
    longExpired(4).flatMap((step): Step[] =>
      'day' in step ? [step, { day: step.day + 0.01, does: 'restart' }] : [step],
    ),
    [
      '0: expired 1 day ago',
      '1: expired 2 days ago',
      '2: expired 3 days ago',
      '3: expired 4 days ago',
      '4: expired 5 days ago',
      '5: expired 6 days ago',
    ],
  ],
  [
    'not in a maintenance window, but when it ends',
    [
      { job: { alerts: { maintenance: [{ days: [3], from: '08:00', to: '20:00', timezone: 'UTC' }] } } },
      ...longExpired(1.5),
    ],
    ['0: expired 1 day ago', '1.42: expired 2 days ago', '2.42: expired 3 days ago'],
  ],
  [
    'many at once: together each day',
    Array.from(
      { length: 30 },
      (_, index): Step => ({ day: minutes(index / 30), shows: left(-1.3), host: `h${index}.example` }),
    ).concat({ day: 1.5, shows: left(60), host: 'other.example' }),
    [
      '0: h0.example expired 1 day ago',
      '0: 30 hosts need attention. 30 expired: h0.example, h1.example, h2.example and 27 more.',
      '1: h0.example expired 2 days ago',
      expect.stringMatching(/^1: 30 hosts need attention/),
      '2: h0.example expired 3 days ago',
      expect.stringMatching(/^2: 30 hosts need attention/),
    ],
  ],
];

/** Expiry goes by the last certificate seen, whether or not the host can be reached. */
const unseen: Case[] = [
  [
    'a host that goes down before its certificate nears expiry: each threshold, and the end',
    [...seen(left(40.5), { from: 0, to: 5 }), ...failing(5.5, 24 * 40)],
    [
      '5.51: cannot be reached',
      '18.04: expires in 22 days',
      '33.54: expires in 6 days',
      '37.5: expires in 2 days',
      '38.5: expires in 1 day',
      '39.5: expires in 23 hours',
      '40.54: expired 1 hour ago',
      '41.54: expired 1 day ago',
      '42.54: expired 2 days ago',
      '43.54: expired 3 days ago',
      '44.54: expired 4 days ago',
      '45.54: expired 5 days ago',
    ],
  ],
  [
    'the same with alerts of unreachable hosts off, behind a VPN',
    [
      { job: { alerts: { unreachable: false } } },
      ...seen(left(40.5), { from: 0, to: 5 }),
      ...failing(5.5, 24 * 40),
    ],
    [
      '18.04: expires in 22 days',
      '33.54: expires in 6 days',
      '37.5: expires in 2 days',
      '38.5: expires in 1 day',
      '39.5: expires in 23 hours',
      '40.54: expired 1 hour ago',
      '41.54: expired 1 day ago',
      '42.54: expired 2 days ago',
      '43.54: expired 3 days ago',
      '44.54: expired 4 days ago',
      '45.54: expired 5 days ago',
    ],
  ],
  [
    'one that renews itself: whether it was renewed cannot be seen, so only what is critical',
    [...renewing(90, [30, 30, 30], { last: 40 }), ...failing(220.5, 24 * 52)],
    [
      '220.51: cannot be reached',
      '263.04: expires in 6 days',
      '267: expires in 2 days',
      '268: expires in 1 day',
      '269: expires in 23 hours',
      '270.04: expired 1 hour ago',
      '271.04: expired 1 day ago',
      '272.04: expired 2 days ago',
      '273.04: expired 3 days ago',
    ],
  ],
  [
    'renewed while it could not be seen: both are over',
    [
      ...seen(left(40.5), { from: 0, to: 5 }),
      ...failing(5.5, 24 * 30),
      ...seen({ from: 20, to: 110 }, { from: 36, to: 38 }),
    ],
    ['5.51: cannot be reached', '18.04: expires in 22 days', '33.54: expires in 6 days', '36: was renewed'],
  ],
  ['a host that was never seen: only that', failing(0, 24 * 40), ['0.01: cannot be reached']],
  [
    'the recovery of a host with an open, snoozed expiry is said',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 'renewed' },
      ...failing(2, 5),
      ...seen(left(20.5), { from: 3, to: 12 }),
    ],
    ['0: expires in 20 days', '2.01: cannot be reached', '3: can be reached again'],
  ],
  [
    'the recovery of one of two problems is said, beside an outage that was not',
    [
      ...seen(left(60), { from: 0, to: 0, problems: ['weak-key', 'old-protocol'] }),
      ...failing(0.5).slice(0, 2),
      ...seen(left(60), { from: 1, to: 2, problems: ['weak-key'] }),
    ],
    ['0: has a weak key', '0: supports only an old TLS version', '1: has fixed an old TLS version'],
  ],
];

const renewals: Case[] = [
  [
    '24 hours over ten days, renewed at half its life',
    renewing(1, Array(20).fill(0.5), { every: hour * 3, last: 0.4 }),
    [],
  ],
  [
    '24 hours over ten days, renewed with a third to go',
    renewing(1, Array(15).fill(0.34), { every: hour * 2, last: 0.6 }),
    [],
  ],
  [
    '90 days, renewed with 40 days to go, for a year',
    renewing(90, [40, 40, 40, 40, 40, 40], { last: 20 }),
    [],
  ],
  [
    'renewed with 29 days to go, as certbot and cert-manager do: nothing, the first time too (A5)',
    renewing(90, [29, 29, 29, 29], { every: 0.5, last: 24 }),
    [],
  ],
  [
    'renewed with 20 days to go: said the first times, and no more once it is known to renew itself',
    renewing(90, [20, 20, 20], { every: 0.5, last: 19 }),
    ['68: expires in 22 days', '70: was renewed', '138: expires in 22 days', '140: was renewed'],
  ],
  [
    'a renewal that does not come: overdue, then critical, then expired',
    renewing(90, [30, 30, 30], { every: 0.5, last: 91 }),
    [
      '244.5: was not renewed as usual',
      '248: expires in 22 days',
      '263.5: expires in 6 days',
      '267: expires in 2 days',
      '268: expires in 1 day',
      '269: expires in 23 hours',
      '270.5: expired 12 hours ago',
    ],
  ],
  [
    'a renewal that used to come early: overdue, then each threshold',
    renewing(90, [60, 60, 60], { every: 0.5, last: 91 }),
    [
      '124.5: was not renewed as usual',
      '158: expires in 22 days',
      '173.5: expires in 6 days',
      '177: expires in 2 days',
      '178: expires in 1 day',
      '179: expires in 23 hours',
      '180.5: expired 12 hours ago',
    ],
  ],
  [
    'an overdue renewal that comes late: good news',
    [...renewing(90, [40, 40, 20], { every: 0.5, last: 20 })],
    ['154.5: was not renewed as usual', '168: expires in 22 days', '170: was renewed'],
  ],
  [
    'renewals in the last moment are no habit to trust in',
    renewing(90, [2, 2, 2], { every: 1, last: 69 }),
    [
      '68: expires in 22 days',
      '84: expires in 6 days',
      '87: expires in 2 days',
      '88: was renewed',
      '156: expires in 22 days',
      '172: expires in 6 days',
      '175: expires in 2 days',
      '176: was renewed',
      '244: expires in 22 days',
      '260: expires in 6 days',
      '263: expires in 2 days',
      '264: was renewed',
      '332: expires in 22 days',
    ],
  ],
  [
    'one renewal, and that after a warning, is no habit: warned the next time too',
    renewing(90, [20], { last: 69 }),
    ['68: expires in 22 days', '70: was renewed', '138: expires in 22 days'],
  ],
  [
    'renewed while it was alerted, long before a renewal could be expected',
    [
      { job: { thresholds: { warning: { share: 0.95 }, critical: null } } },
      ...seen(left(80.5), { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92 }, { from: 2, to: 4 }),
    ],
    ['0: expires in 80 days', '2: was renewed'],
  ],
  [
    'renewed after it had expired',
    [...seen(left(0.5), { from: 0, to: 1 }), ...seen({ from: 2, to: 92 }, { from: 2, to: 4 })],
    ['0: expires in 12 hours', '1: expired 12 hours ago', '2: was renewed'],
  ],
  [
    'a renewal nobody was warned before is not said',
    [...seen(left(50), { from: 0, to: 5 }), ...seen({ from: 6, to: 96 }, { from: 6, to: 10 })],
    [],
  ],
  [
    'late once: the healthy renewals after it are as quiet as those before it',
    renewing(90, [30, 30, 30, 5, 30, 30, 30, 30], { last: 29 }),
    [
      '245: was not renewed as usual',
      '248: expires in 22 days',
      '264: expires in 6 days',
      '265: was renewed',
    ],
  ],
  [
    'from a year to 90 days with another CA: told once, and then each renewal is quiet',
    [
      ...seen({ from: -98, to: 300, issuer: 'CN=A,O=Old CA', key: 'a' }, { from: 0, to: 1 }),
      ...renewing(90, [30, 30, 30], { from: 2, last: 25 }),
    ],
    ['2: shows a different certificate'],
  ],
  [
    'an early replacement by hand is no habit: nothing is overdue after it',
    [
      ...seen({ from: 0, to: 90, key: 'a' }, { from: 0, to: 10 }),
      ...seen({ from: 11, to: 101, key: 'a' }, { from: 11, to: 77 }),
    ],
    [],
  ],
  [
    'certificates of a day that are renewed every hour, with a fresh key each: nothing',
    Array.from({ length: 72 }, (_, index): Step => {
      const from = Math.floor(index / 2) / 24;
      return { day: index / 48, shows: { from, to: from + 1, key: `k${from}` } };
    }),
    [],
  ],
  [
    'a delivery network with twenty certificates: the second is told, and the others take turns (A27)',
    Array.from({ length: 240 }, (_, index): Step => {
      const edge = (index * 7) % 20;
      return {
        day: index / 4,
        shows: { from: -edge / 10, to: 88 - edge / 10, key: `e${edge}`, id: `e${edge}` },
      };
    }),
    ['0.25: shows a different certificate'],
  ],
  [
    'an older certificate that comes back is told by its own dates',
    [
      ...seen(left(20), { from: 0, to: 0 }),
      ...seen({ from: 1, to: 91 }, { from: 1, to: 2 }),
      ...seen(left(20), { from: 3, to: 4 }),
    ],
    ['0: expires in 20 days', '1: was renewed', '3: expires in 17 days'],
  ],
  [
    'two servers behind one name, one with an old certificate: said once a day, and not as renewed each time',
    [
      ...seen(left(90), { from: 0, to: 0 }),
      ...Array.from({ length: 12 }, (_, index): Step[] => [
        { day: 0.1 + index * 0.1, shows: left(3.5) },
        { day: 0.15 + index * 0.1, shows: left(90) },
      ]).flat(),
    ],
    ['0.1: expires in 3 days', '1.1: expires in 2 days', '2.1: expires in 1 day'],
  ],
];

const problems: Case[] = [
  [
    'a problem that appears',
    [
      ...seen(left(60), { from: 0, to: 1 }),
      ...seen(left(60), { from: 2, to: 5, problems: ['hostname-mismatch'] }),
    ],
    ['2: shows a certificate for another name'],
  ],
  [
    'one alert for each problem',
    seen(left(60), { from: 0, to: 3, problems: ['self-signed', 'weak-key'] }),
    ['0: shows a self-signed certificate', '0: has a weak key'],
  ],
  [
    'a problem beside another',
    [
      ...seen(left(60), { from: 0, to: 1, problems: ['weak-key'] }),
      ...seen(left(60), { from: 2, to: 3, problems: ['weak-key', 'old-protocol'] }),
    ],
    ['0: has a weak key', '2: supports only an old TLS version'],
  ],
  [
    'each problem is said to be fixed, and OK again when the last is gone',
    [
      ...seen(left(60), { from: 0, to: 1, problems: ['weak-key', 'old-protocol'] }),
      ...seen(left(60), { from: 2, to: 3, problems: ['old-protocol'] }),
      ...seen(left(60), { from: 4, to: 5 }),
    ],
    ['0: has a weak key', '0: supports only an old TLS version', '2: has fixed a weak key', '4: is OK again'],
  ],
  [
    'a problem that stays over a renewal',
    [
      ...seen(left(40), { from: 0, to: 1, problems: ['incomplete-chain'] }),
      ...seen({ from: 2, to: 92 }, { from: 2, to: 5, problems: ['incomplete-chain'] }),
    ],
    ['0: does not send the complete chain'],
  ],
  [
    'a problem that comes and goes: once, then that the host is unstable, and no untrue all-clear',
    Array.from({ length: 40 }, (_, index) => index / 24).map(
      (day, index): Step => ({ day, shows: left(60), problems: index % 2 === 0 ? ['revoked'] : [] }),
    ),
    ['0: has a revoked certificate', '0.04: is OK again', '0.38: is unstable'],
  ],
  [
    'a problem that comes back and stays: said again when it has stayed for two hours',
    [
      ...seen(left(60), { from: 0, to: 0, problems: ['revoked'] }),
      ...seen(left(60), { from: 0.1, to: 0.1 }),
      ...seen(left(60), { from: 0.2, to: 0.5, every: hour, problems: ['revoked'] }),
    ],
    ['0: has a revoked certificate', '0.1: is OK again', '0.28: has a revoked certificate'],
  ],
  [
    'no alerts of problems wanted',
    [{ job: { alerts: { problems: false } } }, ...seen(left(60), { from: 0, to: 2, problems: ['revoked'] })],
    [],
  ],
  [
    'switched off while it stands: no news that it is all right',
    [
      ...seen(left(60), { from: 0, to: 1, problems: ['revoked'] }),
      { settings: { alerts: { problems: false } } },
      ...seen(left(60), { from: 2, to: 3, problems: ['revoked'] }),
    ],
    ['0: has a revoked certificate'],
  ],
  [
    'a problem that becomes worse is said again, and one that becomes better is not (A2)',
    [
      ...seen(left(60), { from: 0, to: 2, problems: [{ code: 'incomplete-chain', severity: 'warning' }] }),
      ...seen(left(60), { from: 3, to: 5, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
      ...seen(left(60), { from: 6, to: 7, problems: [{ code: 'incomplete-chain', severity: 'warning' }] }),
      ...seen(left(60), { from: 8, to: 9, problems: [{ code: 'incomplete-chain', severity: 'critical' }] }),
      ...seen(left(60), { from: 10, to: 10 }),
    ],
    ['0: does not send the complete chain', '3: does not send the complete chain', '10: is OK again'],
  ],
  [
    'a problem that becomes worse after it was acknowledged breaks through',
    [
      ...seen(left(60), { from: 0, to: 1, problems: [{ code: 'weak-key', severity: 'warning' }] }),
      { day: 1.5, does: 'acknowledge' },
      ...seen(left(60), { from: 2, to: 3, problems: [{ code: 'weak-key', severity: 'critical' }] }),
    ],
    ['0: has a weak key', '2: has a weak key'],
  ],
  [
    'expired and revoked: both, and one end',
    [
      ...seen(left(0.5), { from: 1, to: 1, problems: ['expired', 'revoked'] }),
      ...seen({ from: 2, to: 92 }, { from: 2, to: 2 }),
    ],
    ['1: expired 12 hours ago', '1: has a revoked certificate', '2: was renewed'],
  ],
];

const changes: Case[] = [
  [
    'another key, long before a renewal',
    [
      ...seen({ ...left(80), key: 'a' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, key: 'b' }, { from: 2, to: 4 }),
    ],
    ['2: shows a different certificate'],
  ],
  [
    'another issuer, long before a renewal',
    [
      ...seen({ ...left(80), issuer: 'CN=R10, O=Good CA' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, issuer: 'CN=Box, O=Between' }, { from: 2, to: 4 }),
    ],
    ['2: shows a different certificate'],
  ],
  [
    'another intermediate of the same CA',
    [
      ...seen({ ...left(80), issuer: 'CN=R10, O=Good CA' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, issuer: 'CN=R11, O=Good CA' }, { from: 2, to: 4 }),
    ],
    [],
  ],
  [
    'another key and issuer when a renewal was near',
    [
      ...seen({ ...left(35), key: 'a', issuer: 'O=Old CA' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, key: 'b', issuer: 'O=New CA' }, { from: 2, to: 4 }),
    ],
    ['2: was renewed by another CA'],
  ],
  [
    'another key in a certificate that ends sooner: no renewal',
    [
      ...seen({ ...left(35), key: 'a' }, { from: 0, to: 1 }),
      ...seen({ from: -80, to: 34, key: 'b' }, { from: 2, to: 3 }),
    ],
    ['2: shows a different certificate'],
  ],
  [
    'issued anew with the same key',
    [
      ...seen({ ...left(80), key: 'a' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, key: 'a' }, { from: 2, to: 4 }),
    ],
    [],
  ],
  [
    'replaced to repair what was alerted',
    [
      ...seen({ ...left(80), key: 'a' }, { from: 0, to: 1, problems: ['weak-key'] }),
      ...seen({ from: 2, to: 92, key: 'b' }, { from: 2, to: 4 }),
    ],
    ['0: has a weak key', '2: is OK again'],
  ],
  [
    'two servers with certificates of their own: the second is news once',
    Array.from(
      { length: 10 },
      (_, day): Step => ({ day, shows: { ...left(80), key: `${day % 2}`, id: `${day % 2}` } }),
    ),
    ['1: shows a different certificate'],
  ],
  [
    'twenty servers: said once until somebody has seen it',
    Array.from(
      { length: 40 },
      (_, day): Step => ({ day: day / 10, shows: { ...left(80), key: `${day % 20}`, id: `${day % 20}` } }),
    ),
    ['0.1: shows a different certificate'],
  ],
  [
    'no alerts of changes wanted',
    [
      { settings: { alerts: { changes: false } } },
      ...seen({ ...left(80), key: 'a' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, key: 'b' }, { from: 2, to: 4 }),
    ],
    [],
  ],
];

const reach: Case[] = [
  [
    'down for ten minutes',
    [
      ...seen(left(60), { from: 0, to: 0 }),
      ...down(0.5, 0.5 + minutes(10), minutes(5)),
      ...seen(left(60), { from: 0.6, to: 1 }),
    ],
    [],
  ],
  ['down for 21 minutes', failing(0), ['0.01: cannot be reached']],
  ['down for a week: said once', failing(0, 24 * 7), ['0.01: cannot be reached']],
  [
    'reached again: all right',
    [...failing(0, 3), ...seen(left(60), { from: 0.2, to: 1 })],
    ['0.01: cannot be reached', '0.2: is OK again'],
  ],
  ['seen once a day: three failures are needed', down(0, 1, 1), []],
  ['seen once a day: the third', down(0, 4, 1), ['2: cannot be reached']],
  [
    'a host that answers every other time: unstable, once',
    Array.from({ length: 48 }, (_, index) => index / 24).map(
      (day, index): Step => (index % 2 === 0 ? { day, down: true } : { day, shows: left(60) }),
    ),
    ['0.38: is unstable'],
  ],
  [
    'down for half an hour every two hours: once, then unstable',
    Array.from({ length: 15 }, (_, index) => [
      ...failing(index / 12),
      { day: index / 12 + minutes(30), shows: left(60) } as Step,
    ]).flat(),
    ['0.01: cannot be reached', '0.02: is OK again', '0.17: is unstable'],
  ],
  [
    'down again on the same day, and for long: said when it has lasted for two hours',
    [...failing(0), ...seen(left(60), { from: 0.1, to: 0.1 }), ...failing(0.2, 5)],
    ['0.01: cannot be reached', '0.1: is OK again', '0.28: cannot be reached'],
  ],
  [
    'patience of the job',
    [{ job: { alerts: { unreachableMinutes: 120 } } }, ...failing(0, 5)],
    ['0.08: cannot be reached'],
  ],
  [
    'no patience: the third failure',
    [{ settings: { alerts: { unreachableMinutes: 0 } } }, ...failing(0)],
    ['0: cannot be reached'],
  ],
  ['not wanted', [{ job: { alerts: { unreachable: false } } }, ...failing(0, 10)], []],
  [
    'what was the matter before stays so while nothing is shown, and the return is said',
    [...seen(left(20.5), { from: 0, to: 1 }), ...failing(2, 2), ...seen(left(20.5), { from: 3, to: 4 })],
    ['0: expires in 20 days', '2.01: cannot be reached', '3: can be reached again'],
  ],
];

const program: Case[] = [
  [
    'a restart after each check',
    seen(left(30.5), { from: 0, to: 26 }).flatMap((step, day): Step[] => [
      step,
      { day: day + 0.01, does: 'restart' },
    ]),
    ['9: expires in 21 days', '24: expires in 6 days'],
  ],
  [
    'a restart in the middle of an outage',
    [...failing(0).slice(0, 3), { day: minutes(10), does: 'restart' }, ...failing(0, 3).slice(3)],
    ['0.01: cannot be reached'],
  ],
  [
    'off while the threshold was crossed: said at the first check',
    [
      ...seen(left(40.5), { from: 0, to: 1 }),
      { day: 20, does: 'restart' },
      ...seen(left(40.5), { from: 20.1, to: 21 }),
    ],
    ['20.1: expires in 20 days'],
  ],
  [
    'off before it was said: said at the start',
    [
      quiet,
      ...seen(left(20.5), { from: 0.6, to: 0.6 }),
      { day: 0.7, does: 'restart' },
      ...seen(left(20.5), { from: 2, to: 2 }),
    ],
    ['0.83: expires in 19 days'],
  ],
  [
    'the clock set a year ahead, and back',
    [
      ...seen(left(60), { from: 0, to: 1 }),
      ...seen(left(60), { from: 366, to: 366.1, every: 0.1 }),
      ...seen(left(60), { from: 1.1, to: 3, every: 0.1 }),
    ],
    ['366: expired 306 days ago'],
  ],
  [
    'the clock set back while a host is down: its patience begins anew',
    [...failing(10).slice(0, 2), ...failing(0, 1)],
    ['0.01: cannot be reached'],
  ],
  [
    'expired by a clock that was wrong: said again when it has expired',
    [
      ...seen(left(20.5), { from: 21, to: 21.5, every: 0.5 }),
      ...seen(left(20.5), { from: 15, to: 21, every: 0.5 }),
    ],
    [
      '21: expired 12 hours ago',
      '15: expires in 5 days',
      '17.5: expires in 2 days',
      '18.5: expires in 1 day',
      '19.5: expires in 23 hours',
      '21: expired 12 hours ago',
    ],
  ],
  [
    'the clock set back after a warning: not said twice',
    [...seen(left(20.5), { from: 5, to: 6 }), ...seen(left(20.5), { from: 2, to: 8 })],
    ['5: expires in 15 days'],
  ],
];

const people: Case[] = [
  [
    'acknowledged: the next threshold is said all the same',
    [
      ...seen(left(20.5), { from: 0, to: 1 }),
      { day: 1.5, does: 'acknowledge' },
      ...seen(left(20.5), { from: 2, to: 15 }),
    ],
    ['0: expires in 20 days', '14: expires in 6 days'],
  ],
  [
    'snoozed for a day: said again',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 1.4 },
      ...seen(left(20.5), { from: 1, to: 4 }),
    ],
    ['0: expires in 20 days', '1.4: expires in 19 days'],
  ],
  [
    'snoozed, over a restart',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 1.4 },
      { day: 0.6, does: 'restart' },
      ...seen(left(20.5), { from: 2, to: 4 }),
    ],
    ['0: expires in 20 days', '1.4: expires in 19 days'],
  ],
  [
    'snoozed for a week: the critical threshold is said before',
    [
      ...seen(left(9.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 7.5 },
      ...seen(left(9.5), { from: 1, to: 6 }),
    ],
    ['0: expires in 9 days', '3: expires in 6 days', '6.5: expires in 2 days'],
  ],
  [
    'snoozed, and renewed meanwhile',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 1.4 },
      ...seen({ from: 1, to: 91 }, { from: 1, to: 4 }),
    ],
    ['0: expires in 20 days', '1: was renewed'],
  ],
  [
    'snoozed until renewed: nothing more of its expiry, and the next certificate counts anew',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 'renewed' },
      ...seen(left(20.5), { from: 1, to: 19 }),
      ...seen({ from: 20, to: 110 }, { from: 20, to: 89 }),
    ],
    ['0: expires in 20 days', '20: was renewed', '88: expires in 22 days'],
  ],
  [
    'snoozed until renewed, renewed, and put back: said anew',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 'renewed' },
      ...seen({ from: 1, to: 91 }, { from: 1, to: 2 }),
      ...seen(left(20.5), { from: 3, to: 4 }),
    ],
    ['0: expires in 20 days', '1: was renewed', '3: expires in 17 days'],
  ],
  [
    'snoozed until renewed: other problems are said',
    [
      ...seen(left(20.5), { from: 0, to: 0 }),
      { day: 0.5, does: 'snooze', until: 'renewed' },
      ...seen(left(20.5), { from: 1, to: 2, problems: ['revoked'] }),
    ],
    ['0: expires in 20 days', '1: has a revoked certificate'],
  ],
];

const times: Case[] = [
  [
    'quiet hours: a warning waits for the morning',
    [quiet, ...seen(left(20.5), { from: 0.6, to: 0.6 })],
    ['0.83: expires in 19 days'],
  ],
  [
    'quiet hours: what is critical does not',
    [quiet, ...seen(left(3.5), { from: 0.6, to: 0.6 })],
    ['0.6: expires in 2 days'],
  ],
  [
    'quiet hours: what is over by the morning is not said',
    [
      quiet,
      ...seen(left(60), { from: 0.6, to: 0.6, problems: ['validity-too-long'] }),
      ...seen(left(60), { from: 0.7, to: 0.7 }),
    ],
    [],
  ],
  [
    'quiet hours: a night’s warnings come as one',
    [
      quiet,
      ...Array.from(
        { length: 12 },
        (_, index): Step => ({ day: 0.6 + index / 100, shows: left(20.5), host: `h${index}.example` }),
      ),
    ],
    ['0.83: 12 hosts need attention. 12 expire soon: h0.example, h1.example, h2.example and 9 more.'],
  ],
  [
    'quiet hours when the clocks go back (2027-10-31): they last for ten hours',
    [quiet, { day: 340.45, shows: { from: 270, to: 360 } }],
    ['340.83: expires in 19 days'],
  ],
  [
    'quiet hours when the clocks go forward (2027-03-28): they last for eight hours',
    [quiet, { day: 123.5, shows: { from: 53, to: 143 } }],
    ['123.79: expires in 19 days'],
  ],
  [
    'quiet until a time: a warning waits for it, what is critical does not, and it outlasts a restart',
    [
      quietUntil('2026-11-25T07:00:00Z'),
      ...seen(left(20.5), { from: 0.2, to: 0.2 }),
      { day: 0.4, does: 'restart' },
      { day: 0.5, shows: left(3.5), host: 'b.example' },
    ],
    ['0.5: b.example expires in 3 days', '0.88: expires in 19 days'],
  ],
  [
    'quiet until a time that is over: a warning comes at once',
    [quietUntil('2026-11-24T09:59:00Z'), ...seen(left(20.5), { from: 0.2, to: 0.2 })],
    ['0.2: expires in 20 days'],
  ],
  [
    'quiet until a time, and ended early: what waits comes then',
    [
      quietUntil('2026-11-25T07:00:00Z'),
      ...seen(left(20.5), { from: 0.2, to: 0.2 }),
      ...seen(left(20.5), { from: 0.3, to: 0.3 }),
      quietUntil(null),
      ...seen(left(20.5), { from: 0.31, to: 0.31 }),
    ],
    ['0.3: expires in 20 days'],
  ],
  [
    'quiet until a time within quiet hours: a warning waits for their end',
    [quietUntil('2026-11-25T05:00:00Z', night), ...seen(left(20.5), { from: 0.2, to: 0.2 })],
    ['0.83: expires in 19 days'],
  ],
  [
    'quiet until a time after quiet hours: a warning waits for that time',
    [quietUntil('2026-11-25T08:00:00Z', night), ...seen(left(20.5), { from: 0.6, to: 0.6 })],
    ['0.92: expires in 19 days'],
  ],
  [
    'quiet until a time: nobody is told of an upgrade before',
    [
      ...seen(left(60), { from: 0, to: 1 }),
      quietUntil('2026-11-26T07:00:00Z'),
      { day: 1.1, does: 'upgrade' },
      ...seen(left(60), { from: 1.1, to: 2, every: 0.3, problems: ['validity-too-long'] }),
    ],
    [
      '1.88: New rules change the verdict on 1 host. The certificates are the same as before the update of NotAfter. 1 host has a problem that was not reported: www.example.com.',
    ],
  ],
  [
    'maintenance: nothing in it, and what is the matter after it is said',
    [{ job: { alerts: { maintenance: [weekly([2], '12:00', '16:00')] } } }, ...failing(0.1, 8)],
    ['0.25: cannot be reached'],
  ],
  [
    'maintenance: what is over after it is never said',
    [
      { job: { alerts: { maintenance: [weekly([2], '12:00', '16:00')] } } },
      ...failing(0.1, 2),
      ...seen(left(60), { from: 0.2, to: 1 }),
    ],
    [],
  ],
  [
    'maintenance of a tag, over midnight',
    [
      { settings: { tagRules: [{ tag: 'db', alerts: { maintenance: [weekly([2], '22:00', '02:00')] } }] } },
      { job: { tags: ['db'] } },
      ...seen(left(60), { from: 0, to: 0 }),
      ...seen(left(60), { from: 0.55, to: 0.75, every: 0.05, problems: ['revoked'] }),
    ],
    ['0.67: has a revoked certificate'],
  ],
  [
    'maintenance: a threshold crossed in it is said when it ends, though the next check is weeks away',
    [
      {
        job: {
          thresholds: { warning: { days: 30 }, critical: null },
          alerts: { maintenance: [weekly([3, 4, 5], '12:00', '23:00')] },
        },
      },
      { day: 0, shows: left(31.2) },
      { day: 1.3, shows: left(31.2) },
      { day: 28, shows: left(31.2) },
    ],
    ['1.54: expires in 29 days', '28: expires in 3 days'],
  ],
  [
    'maintenance: what began in it and the program ended: said at its end, or at the start after it',
    [
      { job: { alerts: { maintenance: [weekly([3], '12:00', '16:00')] } } },
      ...seen(left(60), { from: 1, to: 1.1, every: 0.1, problems: ['revoked'] }),
      { day: 1.15, does: 'restart' },
    ],
    ['1: has a revoked certificate'],
  ],
  [
    'maintenance: a certificate that expires in it is said when it ends',
    [
      { job: { alerts: { maintenance: [weekly([3], '08:00', '23:00')] } } },
      { day: 0, shows: left(1.2) },
      { day: 1.3, shows: left(1.2) },
    ],
    ['0: expires in 1 day', '1.54: expired 8 hours ago'],
  ],
  [
    'two windows that overlap: said when the later one ends',
    [
      { job: { alerts: { maintenance: [weekly([3], '08:00', '16:00'), weekly([3], '15:00', '20:00')] } } },
      { day: 0, shows: left(60) },
      { day: 1.1, shows: left(60), problems: ['revoked'] },
      { day: 1.22, shows: left(60), problems: ['revoked'] },
    ],
    ['1.42: has a revoked certificate'],
  ],
  [
    'maintenance once: a certificate replaced in it is expected',
    [
      { job: { alerts: { maintenance: [{ from: '2026-11-26T08:00:00Z', to: '2026-11-26T12:00:00Z' }] } } },
      ...seen({ ...left(80), key: 'a' }, { from: 0, to: 1 }),
      ...seen({ from: 2, to: 92, key: 'b' }, { from: 2, to: 4 }),
    ],
    [],
  ],
];

const digests: Case[] = [
  [
    '300 hosts that expire on one day, found at once',
    Array.from(
      { length: 300 },
      (_, index): Step => ({
        day: minutes(index / 600),
        shows: left(20.5),
        host: `h${index}.example`,
      }),
    ),
    ['0: 300 hosts need attention. 300 expire soon: h0.example, h1.example, h2.example and 297 more.'],
  ],
  [
    '300 hosts over half an hour: the first at once, after five minutes, and each quarter of an hour',
    Array.from(
      { length: 300 },
      (_, index): Step => ({
        day: minutes(index / 10),
        shows: left(20.5),
        host: `h${index}.example`,
      }),
    ),
    [
      '0: h0.example expires in 20 days',
      '0: 51 hosts need attention. 51 expire soon: h0.example, h1.example, h2.example and 48 more.',
      '0.01: 201 hosts need attention. 201 expire soon: h0.example, h1.example, h2.example and 198 more.',
      '0.02: 300 hosts need attention. 300 expire soon: h0.example, h1.example, h2.example and 297 more.',
    ],
  ],
  [
    'nine at once are one, and two or three are told whole',
    [
      ...Array.from(
        { length: 9 },
        (_, index): Step => ({ day: 0, shows: left(20.5), host: `h${index}.example` }),
      ),
      ...Array.from(
        { length: 2 },
        (_, index): Step => ({ day: 2, shows: left(-5), host: `g${index}.example` }),
      ),
    ],
    [
      '0: 9 hosts need attention. 9 expire soon: h0.example, h1.example, h2.example and 6 more.',
      '2: 2 hosts need attention. g0.example expired 7 days ago. g1.example expired 7 days ago.',
    ],
  ],
  [
    '500 hosts that go down over an hour, and come back: six messages, and six that they are back',
    Array.from({ length: 500 }, (_, index): Step[] => {
      const host = `h${index}.example`;
      const from = 1 + minutes((index * 60) / 500);
      return [
        { day: 0, shows: left(60), host },
        ...[0, 1, 6, 21].map((minute): Step => ({ day: from + minutes(minute), down: true, host })),
        { day: from + 0.5, shows: left(60), host },
      ];
    })
      .flat()
      .sort((one, other) => ('day' in one ? one.day : 0) - ('day' in other ? other.day : 0)),
    [
      '1.01: h0.example cannot be reached',
      '1.02: 42 hosts need attention. 42 cannot be reached: h0.example, h1.example, h2.example and 39 more.',
      '1.03: 167 hosts need attention. 167 cannot be reached: h0.example, h1.example, h2.example and 164 more.',
      '1.04: 292 hosts need attention. 292 cannot be reached: h0.example, h1.example, h2.example and 289 more.',
      '1.05: 417 hosts need attention. 417 cannot be reached: h0.example, h1.example, h2.example and 414 more.',
      '1.06: 500 hosts need attention. 500 cannot be reached: h0.example, h1.example, h2.example and 497 more.',
      '1.5: h0.example is OK again',
      '1.5: 42 hosts OK again. h0.example, h1.example, h2.example and 39 more.',
      '1.51: 167 hosts OK again. h0.example, h1.example, h2.example and 164 more.',
      '1.52: 292 hosts OK again. h0.example, h1.example, h2.example and 289 more.',
      '1.53: 417 hosts OK again. h0.example, h1.example, h2.example and 414 more.',
      '1.55: 500 hosts OK again. h0.example, h1.example, h2.example and 497 more.',
    ],
  ],
  [
    '500 renewals after warnings, one a minute: one a day',
    Array.from({ length: 500 }, (_, index): Step[] => {
      const host = `h${index}.example`;
      return [
        { day: minutes(index / 100), shows: left(20.5), host },
        { day: 1 + minutes(index), shows: { from: 1, to: 91 }, host },
      ];
    })
      .flat()
      .sort((one, other) => ('day' in one ? one.day : 0) - ('day' in other ? other.day : 0)),
    [
      expect.stringMatching(/^0: \d+ hosts need attention/),
      expect.stringMatching(/^0: 500 hosts need attention/),
      '1: h0.example was renewed',
      '2: 500 hosts were renewed. h0.example, h1.example, h2.example and 497 more.',
    ],
  ],
  [
    'all kinds in one, what is worst first',
    [
      ...Array.from(
        { length: 6 },
        (_, index): Step => ({ day: 0, shows: left(20.5), host: `soon${index}.example` }),
      ),
      ...Array.from(
        { length: 3 },
        (_, index): Step => ({ day: 0, shows: left(-1), host: `over${index}.example` }),
      ),
      { day: 0, shows: left(60), problems: ['weak-key'], host: 'weak.example' },
    ],
    [
      '0: 10 hosts need attention. 3 expired, 6 expire soon and 1 has a problem: over0.example, over1.example, over2.example and 7 more.',
    ],
  ],
];

const weak = { problems: ['weak-key' as const] };

const accepted: Case[] = [
  [
    'an accepted problem ends without a word, and stays out while its certificate does',
    [
      ...seen(left(60), { from: 0, to: 1, ...weak }),
      { day: 1.5, does: 'accept', problem: 'weak-key' },
      ...seen(left(60), { from: 2, to: 10, ...weak }),
    ],
    ['0: has a weak key'],
  ],
  [
    'with the next certificate it counts again',
    [
      ...seen(left(60), { from: 0, to: 1, ...weak }),
      { day: 1.5, does: 'accept', problem: 'weak-key' },
      ...seen({ from: 2, to: 92 }, { from: 2, to: 4, ...weak }),
    ],
    ['0: has a weak key', '2: has a weak key'],
  ],
  [
    'at its date it counts again',
    [
      ...seen(left(60), { from: 0, to: 1, ...weak }),
      { day: 1.5, does: 'accept', problem: 'weak-key', until: 3.5, isTied: false },
      ...seen(left(60), { from: 2, to: 6, ...weak }),
    ],
    ['0: has a weak key', '3.5: has a weak key'],
  ],
  [
    'undone it counts at once',
    [
      ...seen(left(60), { from: 0, to: 1, ...weak }),
      { day: 1.5, does: 'accept', problem: 'weak-key' },
      { day: 2.5, does: 'undo' },
    ],
    ['0: has a weak key', '2.5: has a weak key'],
  ],
  [
    'expiry that was accepted at a warning is alerted when it is critical',
    [
      ...seen(left(20.5), { from: 0, to: 1 }),
      { day: 1.5, does: 'accept', problem: 'expiring', severity: 'warning' },
      ...seen(left(20.5), { from: 2, to: 14.1 }),
    ],
    ['0: expires in 20 days', '14: expires in 6 days'],
  ],
  [
    'a host that may be down is not reported, and its certificate still expires',
    [
      { day: 0, shows: left(20) },
      { day: 0.5, does: 'accept', problem: 'unreachable', isTied: false },
      ...down(1, 14, 0.25),
    ],
    ['0: expires in 20 days', '13.25: expires in 6 days'],
  ],
  [
    'acceptance survives a restart',
    [
      ...seen(left(60), { from: 0, to: 1, ...weak }),
      { day: 1.5, does: 'accept', problem: 'weak-key' },
      { day: 1.6, does: 'restart' },
      ...seen(left(60), { from: 2, to: 4, ...weak }),
    ],
    ['0: has a weak key'],
  ],
];

const upgrades: Case[] = [
  [
    'newer rules find problems at three of four hosts: one summary, and no word of each',
    [
      ...['a', 'b', 'c', 'd'].flatMap((name) => seen(left(60), { from: 0, to: 1, host: `${name}.example` })),
      { day: 1.5, does: 'upgrade' },
      { day: 1.5, shows: left(60), problems: ['weak-key'], host: 'a.example' },
      { day: 1.5 + minutes(1), shows: left(60), problems: ['no-scts'], host: 'b.example' },
      { day: 1.5 + minutes(2), shows: left(60), host: 'c.example' },
      { day: 1.5 + minutes(9), shows: left(60), problems: ['path-length'], host: 'd.example' },
      ...seen(left(60), { from: 2, to: 4, host: 'a.example', problems: ['weak-key'] }),
    ],
    [
      '1.51: New rules change the verdict on 3 hosts. The certificates are the same as before the update of NotAfter. 3 hosts have problems that were not reported: a.example, b.example and d.example.',
    ],
  ],
  [
    'what newer rules found is told as any other when it is over, or something else is wrong',
    [
      ...seen(left(60), { from: 0, to: 1 }),
      { day: 1, does: 'upgrade' },
      { day: 1, shows: left(60), problems: ['weak-key'] },
      { day: 2, shows: left(60), problems: ['weak-key', 'hostname-mismatch'] },
      { day: 3, shows: left(60) },
    ],
    [
      '1: New rules change the verdict on 1 host. The certificates are the same as before the update of NotAfter. 1 host has a problem that was not reported: www.example.com.',
      expect.stringMatching(/^2: .*does not cover|^2: .*name/),
      '3: is OK again',
    ],
  ],
  [
    'newer rules that grade a problem worse, and let another pass',
    [
      {
        day: 0,
        shows: left(60),
        problems: [{ code: 'old-protocol', severity: 'warning' }],
        host: 'a.example',
      },
      { day: minutes(10), shows: left(60), problems: ['weak-key'], host: 'b.example' },
      { day: 1, does: 'upgrade' },
      { day: 1, shows: left(60), problems: ['old-protocol'], host: 'a.example' },
      { day: 1, shows: left(60), host: 'b.example' },
    ],
    [
      expect.stringMatching(/^0: a\.example/),
      expect.stringMatching(/^0\.01: b\.example/),
      '1: New rules change the verdict on 2 hosts. The certificates are the same as before the update of NotAfter. 1 host has a problem that was not reported: a.example. 1 host has no problems now: b.example.',
    ],
  ],
  [
    'a host that was renewed meanwhile, and one that expires, are told as ever',
    [
      ...seen(left(60), { from: 0, to: 1, host: 'a.example' }),
      { day: 1, shows: left(30), host: 'b.example' },
      { day: 9, does: 'upgrade' },
      { day: 9, shows: { from: 9, to: 99 }, problems: ['weak-key'], host: 'a.example' },
      { day: 9, shows: left(30), host: 'b.example' },
    ],
    [expect.stringMatching(/^9: a\.example/), '9: b.example expires in 21 days'],
  ],
  [
    'the program ends before the summary: it comes after the next start',
    [
      ...seen(left(60), { from: 0, to: 1, host: 'a.example' }),
      ...seen(left(60), { from: 1, to: 1, host: 'b.example' }),
      { day: 2, does: 'upgrade' },
      { day: 2, shows: left(60), problems: ['weak-key'], host: 'a.example' },
      { day: 2 + minutes(1), does: 'restart' },
      { day: 2 + minutes(2), shows: left(60), problems: ['weak-key'], host: 'a.example' },
    ],
    [
      '2: New rules change the verdict on 1 host. The certificates are the same as before the update of NotAfter. 1 host has a problem that was not reported: a.example.',
    ],
  ],
  [
    'a host that does not answer is waited for for half an hour, and told by itself later',
    [
      ...seen(left(60), { from: 0, to: 1, host: 'a.example' }),
      { day: 1, shows: left(60), host: 'b.example' },
      { day: 2, does: 'upgrade' },
      { day: 2, shows: left(60), problems: ['weak-key'], host: 'a.example' },
      { day: 3, shows: left(60), problems: ['weak-key'], host: 'b.example' },
    ],
    [
      expect.stringMatching(/^2\.02: New rules change the verdict on 1 host\..*a\.example\.$/),
      expect.stringMatching(/^3: New rules change the verdict on 1 host\..*b\.example\.$/),
    ],
  ],
  [
    'what is over before the summary is not in it, and is told as any other when it comes back',
    [
      ...seen(left(60), { from: 0, to: 1, host: 'a.example' }),
      { day: 1, shows: left(60), host: 'b.example' },
      { day: 2, does: 'upgrade' },
      { day: 2, shows: left(60), problems: ['weak-key'], host: 'a.example' },
      { day: 2 + minutes(5), shows: left(60), host: 'a.example' },
      { day: 5, shows: left(60), problems: ['weak-key'], host: 'a.example' },
    ],
    [expect.stringMatching(/^5: a\.example(?!.*New rules)/)],
  ],
  [
    'nobody is woken by an upgrade in quiet hours',
    [
      quiet,
      ...seen(left(60), { from: 0, to: 0.4, every: 0.4 }),
      { day: 0.5, does: 'upgrade' },
      { day: 0.5, shows: left(60), problems: ['weak-key'] },
    ],
    [expect.stringMatching(/^0\.83: New rules change the verdict on 1 host/)],
  ],
];

describe.each([
  ['accepted problems', accepted],
  ['expiry', expiry],
  ['what grows worse', worse],
  ['histories', histories],
  ['ends', ends],
  ['reminders', reminders],
  ['what cannot be seen', unseen],
  ['renewal', renewals],
  ['problems', problems],
  ['unexpected changes', changes],
  ['reachability', reach],
  ['the program and its clock', program],
  ['what people do', people],
  ['quiet hours and maintenance', times],
  ['many at once', digests],
  ['newer rules', upgrades],
])('the alert policy: %s', (_what, cases) => {
  it.each(cases)('%s', (_name, steps, said) => expect(saidIn(steps)).toEqual(said));
});

it('is tried on at least 160 cases', () => {
  const all = [
    accepted,
    histories,
    ends,
    expiry,
    worse,
    reminders,
    unseen,
    renewals,
    problems,
    changes,
    reach,
    program,
    people,
    times,
    digests,
    upgrades,
  ].flat();
  expect(all.length).toBeGreaterThanOrEqual(160);
  expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
});
