import { describe, expect, it } from 'vitest';
import { heldUntil, pausedMs } from '../../../electron/engine/alerts/held-back.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { settingsSchema } from '../../../shared/schema/settings.ts';
import { parseTarget } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { down, minutes, type Step, saidIn, seen } from '../../support/alert-story.ts';

/** 90 days long, of which so many are left on day 0; below 22.5 it is warned of. Day 0 begins on a Tuesday at 10:00 in UTC. */
const left = (days: number) => ({ from: days - 90, to: days });
const fine = left(80);
const renewed = { ...left(120), key: 'next' };
const host = 'www.example.com';
const night: Step = { settings: { quietHours: { from: '22:00', to: '07:00', timezone: 'UTC' } } };
const window = (days: number[], from: string, to: string): Step => ({
  job: { alerts: { maintenance: [{ days, from, to, timezone: 'UTC' }] } },
});
const weak = { problems: [{ code: 'weak-key', severity: 'critical' }] } satisfies Partial<Step>;
const restarts = (from: number, to: number): Step[] =>
  Array.from({ length: Math.round((to - from) * 8) }, (_, index) => ({
    day: from + index / 8,
    does: 'restart',
  }));

type Case = [name: string, steps: Step[], said: string[]];

const windows: Case[] = [
  [
    'a snooze that ends in a window is notified again at the end of the window',
    [
      window([2], '20:00', '23:00'),
      ...seen(fine, { from: 0, to: 0.2, every: 0.1, ...weak }),
      { day: 0.3, does: 'snooze', until: 0.45 },
      ...seen(fine, { from: 0.35, to: 1, every: 0.05, ...weak }),
    ],
    ['0: has a weak key', '0.54: has a weak key'],
  ],
  [
    'the same over restarts, though no check comes',
    [
      window([2], '20:00', '23:00'),
      ...seen(fine, { from: 0, to: 0.2, every: 0.1, ...weak }),
      { day: 0.3, does: 'snooze', until: 0.45 },
      ...restarts(0.31, 1),
    ],
    ['0: has a weak key', '0.54: has a weak key'],
  ],
  [
    'a warning of the night waits for the end of a window that the morning lies in',
    [night, window([3], '06:30', '08:00'), ...seen(left(23.1), { from: 0, to: 2, every: 0.05 })],
    ['0.92: expires in 22 days'],
  ],
  [
    'what is over by then is not notified',
    [
      night,
      window([3], '06:30', '08:00'),
      ...seen(left(23.1), { from: 0, to: 0.85, every: 0.05 }),
      ...seen(renewed, { from: 0.89, to: 2, every: 0.05 }),
    ],
    [],
  ],
];

const pauses: Case[] = [
  [
    'what waits for the morning waits for the end of the pause, too',
    [
      night,
      ...seen(left(23.1), { from: 0, to: 0.65, every: 0.05 }),
      { day: 0.7, does: 'pause', host },
      ...restarts(0.71, 2),
      { day: 2, does: 'resume', host },
    ],
    ['2: expires in 21 days'],
  ],
  [
    'what the check after the pause finds to be over is not notified',
    [
      night,
      ...seen(left(23.1), { from: 0, to: 0.65, every: 0.05 }),
      { day: 0.7, does: 'pause', host },
      { day: 2, does: 'resume', host },
      { day: 2 + minutes(0.2), shows: renewed },
    ],
    [],
  ],
  [
    'a snooze that ends meanwhile',
    [
      ...seen(left(22.6), { from: 0, to: 0.25, every: 0.05 }),
      { day: 0.3, does: 'snooze', until: 1 },
      { day: 0.5, does: 'pause', host },
      { day: 3, does: 'resume', host },
    ],
    ['0.15: expires in 22 days', '3: expires in 19 days'],
  ],
  [
    'no reminders, and none of what has expired meanwhile',
    [
      ...seen(left(5), { from: 0, to: 2.5, every: 0.25 }),
      { day: 2.6, does: 'pause', host },
      { day: 9, does: 'resume', host },
    ],
    ['0: expires in 5 days', '2: expires in 2 days'],
  ],
  [
    'reminders again after it',
    [
      ...seen(left(5), { from: 0, to: 2.5, every: 0.25 }),
      { day: 2.6, does: 'pause', host },
      { day: 3.5, does: 'resume', host },
    ],
    ['0: expires in 5 days', '2: expires in 2 days', '3.5: expires in 1 day'],
  ],
];

const names: Case[] = [
  [
    'is what people read of an alert that was raised before',
    [
      night,
      ...seen(fine, { from: 0, to: 0.5, every: 0.1 }),
      ...seen(fine, {
        from: 0.55,
        to: 0.65,
        every: 0.05,
        problems: [{ code: 'weak-key', severity: 'warning' }],
      }),
      { day: 0.7, does: 'rename', host, name: 'Shop' },
      { day: 0.8, does: 'restart' },
    ],
    ['0.88: Shop has a weak key'],
  ],
];

const allClears: Case[] = [
  [
    'that waits for the morning is not sent where the host is down again by then',
    [
      night,
      ...down(0.45, 0.49, minutes(10)),
      ...seen(fine, { from: 0.52, to: 0.6, every: 0.02 }),
      ...down(0.62, 1.2, minutes(10)),
    ],
    ['0.46: cannot be reached', '0.7: cannot be reached'],
  ],
  [
    'the same over a restart, and where something else is wrong by then',
    [
      night,
      ...down(0.45, 0.49, minutes(10)),
      ...seen(fine, { from: 0.52, to: 0.6, every: 0.02 }),
      { day: 0.61, does: 'restart' },
      ...seen(fine, { from: 0.62, to: 0.8, every: 0.05, ...weak }),
      { day: 0.81, does: 'restart' },
    ],
    ['0.46: cannot be reached', '0.62: has a weak key'],
  ],
  [
    'is sent in the morning where all stays well',
    [night, ...down(0.45, 0.49, minutes(10)), ...seen(fine, { from: 0.52, to: 1.2, every: 0.05 })],
    ['0.46: cannot be reached', '0.88: is OK again'],
  ],
];

describe.each([
  ['in a maintenance window', windows],
  ['while a host is paused', pauses],
  ['the new name of a host', names],
  ['an all-clear', allClears],
])('%s', (_name, cases) => {
  it.each(cases)('%s', (_story, steps, said) => expect(saidIn(steps)).toEqual(said));
});

it('people are not notified while everything is paused', () => {
  const parsed = parseTarget(host);
  if (!parsed.ok) throw new Error(parsed.message);
  const job = { id: host, name: '', target: parsed.target, tags: [], paused: false, accepted: [] };
  const jobs = new Map([[host, { ...job, thresholds: defaultThresholds, alerts: inheritedRules }]]);
  const held = (pause: { until: string | null } | null) =>
    heldUntil(
      { jobId: host, severity: 'critical' },
      { jobs, rules: { settings: { ...settingsSchema.parse({}), pause } } },
      1_000,
    );
  expect(held({ until: null })).toBe(1_000 + pausedMs);
  expect(held(null)).toBeNull();
});
