import { describe, expect, it } from 'vitest';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { noMemory } from '../../../electron/engine/alerts/job-memory.ts';
import { memoryDatabase } from '../../../electron/engine/store/database.ts';
import { copiesText } from '../../../shared/domain/alerts/copy-places.ts';
import { down, type Shown, type Step, saidIn, seen } from '../../support/alert-story.ts';

const names = ['mail.example.com', 'www.example.com'];
/** A certificate of 90 days that was issued on a day. */
const issued = (from: number, more: Partial<Shown> = {}): Shown => ({
  from,
  to: from + 90,
  key: `k${from}`,
  names,
  keyType: 'ec',
  ...more,
});
const [old, fresh] = [issued(-60), issued(0)];
const file = '/etc/ssl/mail.pem';
const smtp = 'mail.example.com:587';
const sure = { thresholds: { warning: { days: 1 }, critical: null } };

/** Checks of several hosts, each with what it shows in time, played in the order of time. */
function together(...steps: Step[][]): Step[] {
  const day = (step: Step) => ('day' in step ? step.day : Number.NEGATIVE_INFINITY);
  return steps.flat().toSorted((one, other) => day(one) - day(other));
}

/** A host that shows a certificate before day 0 and another from `at` on, checked once a day. */
function host(
  name: string,
  {
    at,
    until = 5,
    before = old,
    after = fresh,
    hour = 0,
  }: { at: number; until?: number; before?: Shown; after?: Shown; hour?: number },
): Step[] {
  const offset = hour / 24;
  return [
    ...(at > -2
      ? seen(before, { from: -2 + offset, to: Math.min(at, until) - 0.5 + offset, host: name })
      : []),
    ...(at <= until ? seen(after, { from: at + offset, to: until + offset, host: name }) : []),
  ];
}

/** What of some steps is before a day, and from it on. */
const beforeDay = (steps: Step[], day: number) => steps.filter((step) => 'day' in step && step.day < day);
const fromDay = (steps: Step[], day: number) => steps.filter((step) => 'day' in step && step.day >= day);

const late = host(smtp, { at: 99, hour: 6 });
const disk = host(file, { at: 0 });
const alerted = '1.25: mail.pem is not renewed everywhere';

type Case = [name: string, steps: Step[], said: string[]];
const start: Step = { settings: sure };

const stories: Case[] = [
  ['renewed on disk, still the old one on a port after a day: one alert', together(disk, late), [alerted]],
  [
    'renewed on disk and on one port, still the old one on two others: one alert for all of them',
    together(
      disk,
      host('www.example.com', { at: 0, hour: 1 }),
      late,
      host('mail.example.com:993', { at: 99, hour: 7 }),
    ),
    [alerted],
  ],
  ['renewed everywhere within the day: nothing', together(disk, host(smtp, { at: 0.75 })), []],
  [
    'a staged roll-out within the day: nothing',
    together(...[0, 0.1, 0.3, 0.5, 0.8].map((at, index) => host(`node${index}.example.com`, { at }))),
    [],
  ],
  ['renewed nowhere: nothing', together(host(file, { at: 99 }), late), []],
  [
    'a host that is offline from before the renewal: nothing, and the alert when it is back with the old one',
    together(
      host(file, { at: 0, until: 8 }),
      seen(old, { from: -2, to: -1, host: smtp }),
      seen(old, { from: 6.25, to: 8.25, host: smtp }),
    ),
    ['6.25: mail.pem is not renewed everywhere'],
  ],
  [
    'a host that nobody checks, as it is paused: nothing',
    together(disk, seen(old, { from: -2, to: -1, host: smtp })),
    [],
  ],
  [
    'a host that was checked within the day and then paused: nothing',
    together(disk, seen(old, { from: -2, to: 0.5, host: smtp })),
    [],
  ],
  [
    'a host in maintenance: the alert after its window',
    [
      {
        job: {
          host: smtp,
          alerts: {
            maintenance: [{ from: '2026-11-24T00:00:00Z', to: '2026-11-27T12:00:00Z' }],
          },
        },
      },
      ...together(disk, late),
    ],
    ['3.25: mail.pem is not renewed everywhere'],
  ],
  [
    'a host whose expiry nobody wants alerted: nothing',
    [{ job: { host: smtp, alerts: { expiry: false } } }, ...together(disk, late)],
    [],
  ],
  [
    'two nodes in turn, one of them renewed: nothing of copies',
    together(
      disk,
      seen(old, { from: -2, to: -1, host: smtp }),
      ...[0, 1, 2, 3, 4].map((day) => [
        ...seen(fresh, { from: day + 0.2, to: day + 0.2, host: smtp }),
        ...seen(old, { from: day + 0.4, to: day + 0.4, host: smtp }),
      ]),
    ),
    [],
  ],
  [
    'two nodes in turn behind the name that was renewed, another host with the old one: nothing',
    together(
      seen(old, { from: -2, to: -1 }),
      ...[0, 1, 2, 3, 4].map((day) => [
        ...seen(fresh, { from: day + 0.1, to: day + 0.1 }),
        ...seen(old, { from: day + 0.3, to: day + 0.3 }),
      ]),
      late,
    ),
    [],
  ],
  [
    'a delivery network with an edge for each check: nothing of copies',
    together(
      ...['a.example.com', 'b.example.com'].map((name, which) =>
        Array.from({ length: 24 }, (_, index): Step => {
          const edge = (index * 7 + which * 3) % 20;
          return { day: index / 4, host: name, shows: issued(-60 + edge * 3, { id: `e${edge}` }) };
        }),
      ),
    ).filter((step) => 'day' in step),
    [],
  ],
  [
    'blue/green: the name goes to the other half, whose certificate was in use before: nothing',
    together(
      host('www.example.com', { at: 0, after: issued(-20) }),
      host('blue.example.com', { at: 99 }),
      seen(issued(-20), { from: -2, to: 5, host: 'green.example.com' }),
    ),
    [],
  ],
  [
    'blue/green: the other half was renewed days before the name went there: nothing',
    together(
      host('www.example.com', { at: 0, after: issued(-1.5) }),
      host('blue.example.com', { at: 99 }),
      host('green.example.com', { at: -1.5, before: issued(-70), after: issued(-1.5) }),
      seen(issued(-70), { from: -3, to: -2.5, host: 'green.example.com' }),
    ),
    [],
  ],
  [
    'RSA beside ECDSA: one host shows the other of the two from now on, another keeps the first: nothing',
    together(
      host('www.example.com', { at: 0, before: { ...old, keyType: 'rsa' } }),
      host(smtp, { at: 99, before: { ...old, keyType: 'rsa' }, hour: 6 }),
    ),
    [],
  ],
  [
    'a certificate of other names takes its place on one host: nothing',
    together(host(file, { at: 0, after: issued(0, { names: ['www.example.com'] }) }), late),
    [],
  ],
  [
    'renewed with one more name: the alert',
    together(host(file, { at: 0, after: issued(0, { names: [...names, 'imap.example.com'] }) }), late),
    [alerted],
  ],
  [
    'names that are not known: nothing',
    together(
      host(file, { at: 0, before: { from: -60, to: 30 }, after: { from: 0, to: 90 } }),
      host(smtp, { at: 99, before: { from: -60, to: 30 }, hour: 6 }),
    ),
    [],
  ],
  [
    'a restart between the renewal and the alert: one alert',
    together(disk, late, [{ day: 0.5, does: 'restart' }]),
    [alerted],
  ],
  [
    'a restart after the alert: it is not said again',
    together(disk, late, [{ day: 2.5, does: 'restart' }]),
    [alerted],
  ],
  [
    'the others show the new certificate: it says so, and nothing after',
    together(disk, host(smtp, { at: 3, hour: 6 })),
    [alerted, '3.25: mail.pem is renewed everywhere'],
  ],
  [
    'one of two others shows the new certificate: it says so when both do',
    together(disk, host(smtp, { at: 3, hour: 6 }), host('mail.example.com:993', { at: 4, hour: 7 })),
    [alerted, '4.29: mail.pem is renewed everywhere'],
  ],
  [
    'the other shows a third certificate: it says so',
    together(disk, host(smtp, { at: 3, hour: 6, after: issued(3, { id: 'third' }) })),
    [alerted, '3.25: mail.pem is renewed everywhere'],
  ],
  [
    'the other is renewed while the first is unreachable: it says so',
    together(
      seen(old, { from: -2, to: -1 }),
      seen(fresh, { from: 0, to: 2 }),
      down(2.6, 4.6, 1),
      host(smtp, { at: 3, hour: 6 }),
    ),
    ['1.25: is not renewed everywhere', '3.25: is renewed everywhere'],
  ],
  [
    'the first shows the old certificate again: it ends without a word',
    together(host(file, { at: 0, until: 2 }), seen(old, { from: 3, to: 5, host: file }), late),
    [alerted],
  ],
  [
    'the other is deleted: it ends without a word',
    together(disk, beforeDay(late, 2), [{ day: 2.5, does: 'delete', host: smtp }]),
    [alerted],
  ],
  [
    'the other is paused: it ends without a word, and comes back when that is resumed and still shows the old one',
    together(disk, beforeDay(late, 2), fromDay(late, 4), [
      { day: 2.5, does: 'pause', host: smtp },
      { day: 4, does: 'resume', host: smtp },
    ]),
    [alerted, '4.25: mail.pem is not renewed everywhere'],
  ],
  [
    'the first is paused and the other shows the new certificate meanwhile: nothing more',
    together(beforeDay(disk, 2), host(smtp, { at: 3, hour: 6 }), [{ day: 2.5, does: 'pause', host: file }]),
    [alerted],
  ],
  [
    'the first is deleted: another that was renewed has the alert',
    together(beforeDay(disk, 2), host('www.example.com', { at: 0.5, hour: 1 }), late, [
      { day: 2.5, does: 'delete', host: file },
    ]),
    [alerted, '2.54: is not renewed everywhere'],
  ],
  [
    'the expiry of the other is accepted: it ends without a word',
    [
      { settings: { thresholds: { warning: { days: 60 }, critical: null } } },
      ...together(disk, late, [
        { day: 2.5, does: 'accept', problem: 'expiring', severity: 'warning', host: smtp },
      ]),
    ],
    [alerted],
  ],
  [
    'the expiry of the other was accepted before: nothing until its date, then the alert',
    [
      { settings: { thresholds: { warning: { days: 60 }, critical: null } } },
      ...together(disk, late, [
        { day: 0.5, does: 'accept', problem: 'expiring', severity: 'warning', host: smtp, until: 3 },
      ]),
    ],
    ['3: mail.pem is not renewed everywhere'],
  ],
  [
    'snoozed: it is said again at that time, and not where the other was renewed by then',
    together(disk, late, [{ day: 1.5, does: 'snooze', until: 4 }]),
    [alerted, '4: mail.pem is not renewed everywhere'],
  ],
  [
    'snoozed, and renewed everywhere before that time: only that',
    together(disk, host(smtp, { at: 3, hour: 6 }), [{ day: 1.5, does: 'snooze', until: 4 }]),
    [alerted, '3.25: mail.pem is renewed everywhere'],
  ],
  [
    'acknowledged, and a restart: it is not said again',
    together(disk, late, [
      { day: 1.5, does: 'acknowledge' },
      { day: 2.5, does: 'restart' },
    ]),
    [alerted],
  ],
  [
    'the renewed host is unreachable for a while: one alert',
    together(
      seen(old, { from: -2, to: -1 }),
      seen(fresh, { from: 0, to: 2 }),
      down(2.6, 2.6, 1),
      seen(fresh, { from: 3, to: 5 }),
      late,
    ),
    ['1.25: is not renewed everywhere'],
  ],
];

const isOfCopies = (line: string) => line.includes('everywhere');

describe('a certificate that is not renewed everywhere', () => {
  it.each(stories)('%s', (_name, steps, said) => {
    expect(
      saidIn([start, ...steps])
        .filter(isOfCopies)
        .map((line) => line.replace('/etc/ssl/', '')),
    ).toEqual(said);
  });

  it('a host that was renewed two days after the others before gets that time again', () => {
    const cycle = (index: number) => index * 60;
    const leafOf = (index: number) => issued(cycle(index));
    const lag = (index: number) => cycle(index) + 2.5;
    const steps = (days: (index: number) => number, name: string, last: number) =>
      [0, 1, 2].flatMap((index) =>
        seen(leafOf(index), {
          from: days(index),
          to: index === 2 ? last : days(index + 1) - 0.4,
          host: name,
        }),
      );
    const story = together(steps(cycle, 'blue.example.com', 125), steps(lag, 'green.example.com', 125));
    const said = saidIn([start, ...story]).filter(isOfCopies);
    // The first time nobody knows that it comes later; then its own pace counts.
    expect(said.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'blue.example.com is not renewed everywhere',
      'blue.example.com is renewed everywhere',
    ]);
    expect(Number.parseFloat(said[0] ?? '')).toBeLessThan(63);
  });
});

it('says where it was renewed, where it was not, and what to reload', () => {
  const mail = { host: 'mail.example.com', port: 587, starttls: 'smtp' } as const;
  const web = { host: 'mail.example.com', port: 443, starttls: null };
  expect(copiesText([{ file }, web], [mail], '1 May')).toBe(
    'Renewed on disk and on port 443, still the old certificate on port 587. The old one expires on 1 May. Reload the mail server (Postfix, for example).',
  );
  expect(copiesText([web], [{ file }, { ...mail, host: 'mx.example.com', port: 2525 }], '1 May')).toBe(
    'Renewed on mail.example.com port 443, still the old certificate on disk and on mx.example.com port 2525. The old one expires on 1 May. Copy the new certificate to /etc/ssl/mail.pem and reload the mail server (Postfix, for example).',
  );
  expect(copiesText([web], [{ ...web, port: 9999 }], '1 May')).toMatch(/Reload the service on port 9999\.$/);
});

it('finds who shows a certificate through an index, and no more of them than asked for', () => {
  const database = memoryDatabase();
  const store = new AlertStore(database);
  for (let job = 0; job < 200; job += 1)
    store.keepMemory(`job ${job}`, { ...noMemory, shown: job % 2 === 0 ? 'A' : 'B' });
  expect(store.showing('A', 'job 0', 50)).toHaveLength(50);
  expect(store.showing('C', 'job 0', 50)).toEqual([]);
  const plan = (sql: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail))
      .join();
  expect(plan("SELECT job, memory FROM alert_memory WHERE shown = 'A' AND job <> 'b' LIMIT 5")).toContain(
    'USING INDEX alert_memory_shown',
  );
  expect(
    plan("SELECT 1 FROM alerts WHERE key = 'A' AND resolved_at IS NULL AND job <> 'b' LIMIT 1"),
  ).toContain('alerts_open_by_key');
});
