import { describe, expect, it } from 'vitest';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { Alerter } from '../../../electron/engine/alerts/alerter.ts';
import type { AlertJob } from '../../../electron/engine/alerts/alerter-options.ts';
import { groupIntervalMs, groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import type { Observation } from '../../../electron/engine/alerts/observation.ts';
import { memoryDatabase } from '../../../electron/engine/store/database.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

const day = 86_400_000;
const rules = { thresholds: defaultThresholds, alerts: { ...inheritedRules, remindEveryDays: 1 } };
const jobOf = (id: string): AlertJob => ({
  ...{ id, name: id, tags: [], accepted: [], paused: false, ...rules },
  target: { host: `${id}.example`, port: 443, servername: null, starttls: null },
});
const words = ({ jobId, severity }: Pick<Alert, 'jobId' | 'severity'>) => `${jobId} ${severity}`;

/** An alerter that can be ended at any moment, and started again on what storage has by then. */
function desk() {
  const clock = new ManualClock();
  const alerts = new AlertStore(memoryDatabase());
  /** What channels got that get each alert by itself, and people with its group. */
  const [each, people]: [string[], string[]] = [[], []];
  /** Whether anything is still heard of the alerter. */
  let run = { isOn: true };
  const start = () => {
    run.isOn = false;
    run = { isOn: true };
    const own = run;
    const alerter = new Alerter({
      clock: { ...clock, after: (ms, work) => clock.after(ms, () => void (own.isOn && work())) },
      storage: { tryWrite: (work) => work(), alerts, history: { sightings: () => [] } },
      rules: { settings: { ...rules, tagRules: [], quietHours: null, quietUntil: null } },
      jobs: { get: jobOf },
      results: { facts: () => ({ checkedAt: null }) },
      log: new KeptLog(),
      onRelook: () => undefined,
      onReleased: (alert) => each.push(words(alert)) > 0,
      journal: {
        record(event) {
          if (event.type === 'alert') people.push(words(event.alert));
          if (event.type === 'digest') people.push(`${event.digest.alerts.map(words).join(', ')}`);
        },
      },
    });
    alerter.start();
    return alerter;
  };
  const sees = (id: string, left: number): [AlertJob, Observation] => {
    const validTo = clock.now() + left * day;
    const leaf = { fingerprint: id, issuer: 'O=CA', key: null, validFrom: validTo - 90 * day, validTo };
    const usual = { shown: [], problems: [], unreachable: null, chainEndsAt: null, isRelook: false };
    return [jobOf(id), { at: clock.now(), leaf, ...usual }];
  };
  return { clock, alerts, each, people, start, sees };
}

/** A desk with two hosts whose certificates end soon: people know of `a`, and `b` waits for its group. */
function waiting(left: number) {
  const on = desk();
  const alerter = on.start();
  alerter.observe(...on.sees('a', left));
  on.clock.advance(groupWaitMs);
  alerter.observe(...on.sees('b', left));
  on.clock.advance(groupWaitMs);
  return { ...on, alerter };
}

describe('an alert that waits for its group', () => {
  it('reaches channels that get each alert once, however often NotAfter is restarted before its group was notified', () => {
    const { clock, each, people, start } = waiting(10.5);
    expect([each, people]).toEqual([['a warning', 'b warning'], ['a warning']]);
    for (let restart = 0; restart < 3; restart += 1) {
      start();
      clock.advance(10 * groupWaitMs);
    }
    expect(each).toEqual(['a warning', 'b warning']);
    // People are notified with the group, which began anew.
    expect(
      people
        .slice(1)
        .join(', ')
        .match(/b warning/g),
    ).toHaveLength(1);
    start();
    clock.advance(2 * groupIntervalMs);
    expect(each).toEqual(['a warning', 'b warning']);
    expect(people.join(', ').match(/b warning/g)).toHaveLength(1);
  });

  it('and rises meanwhile reaches them as bad as it is, before and after a restart', () => {
    const { alerter, clock, each, people, start, sees } = waiting(10.5);
    const known = { each: each.length, people: people.length };
    // The group of what is critical waits, too.
    alerter.observe(...sees('c', 1.5));
    clock.advance(groupWaitMs);
    alerter.observe(...sees('b', 1.5));
    clock.advance(groupWaitMs);
    expect(each.slice(known.each)).toEqual(['c critical', 'b critical']);
    expect(people.slice(known.people)).toEqual(['c critical']);
    start();
    clock.advance(10 * groupWaitMs);
    expect(each.slice(known.each)).toEqual(['c critical', 'b critical']);
    expect(people.join(', ')).toContain('b critical');
  });

  it('and rises in the moment before a restart reaches them after it', () => {
    const { alerter, clock, each, start, sees } = waiting(10.5);
    alerter.observe(...sees('b', 1.5));
    expect(each).toEqual(['a warning', 'b warning']);
    start();
    clock.advance(groupWaitMs);
    expect(each).toEqual(['a warning', 'b warning', 'b critical']);
  });

  it('and rises again from where it was, since it got better in between, reaches them again', () => {
    const { alerter, clock, each, sees, start } = waiting(1.5);
    alerter.observe(...sees('b', 10.5));
    clock.advance(groupWaitMs);
    start().observe(...sees('b', 1.5));
    clock.advance(groupWaitMs);
    expect(each.filter((one) => one === 'b critical')).toHaveLength(2);
  });

  it('reaches them again where it was not written down that they have it', () => {
    const { alerts, clock, each, start } = waiting(10.5);
    const [alert] = alerts.open().filter(({ jobId }) => jobId === 'b');
    if (!alert) throw new Error('There is an alert.');
    alerts.update({ ...alert, released: null });
    start();
    clock.advance(groupWaitMs);
    expect(each).toEqual(['a warning', 'b warning', 'b warning']);
  });
});

describe('a reminder that waits for its group', () => {
  it('reaches channels that get each alert once, and people after a restart', () => {
    const { clock, each, people, start, alerts, sees } = desk();
    const alerter = start();
    alerter.observe(...sees('a', 2.5));
    clock.advance(day - 60_000);
    // Another of its cause has just begun a new group.
    alerter.observe(...sees('b', 2.5));
    clock.advance(60_000 + 2 * groupWaitMs);
    expect([each, people]).toEqual([
      ['a critical', 'b critical', 'a critical'],
      ['a critical', 'b critical'],
    ]);
    const remindersOf = () => alerts.open().find(({ jobId }) => jobId === 'a')?.reminders;
    expect(remindersOf()).toBe(0);
    start();
    clock.advance(groupWaitMs);
    expect(each).toHaveLength(3);
    clock.advance(groupIntervalMs);
    expect(each).toHaveLength(3);
    expect(
      people
        .slice(2)
        .join(', ')
        .match(/a critical/g),
    ).toHaveLength(1);
    expect(remindersOf()).toBe(1);
  });
});

describe('a snoozed alert', () => {
  it('reaches channels that get each alert once when its snooze ends, also where NotAfter is restarted then', () => {
    const { alerter, alerts, clock, each, start, sees } = waiting(10.5);
    const snoozed = alerts.open().find(({ jobId }) => jobId === 'a');
    const until = clock.now() + 3 * groupIntervalMs;
    alerter.snooze(snoozed?.id ?? 0, new Date(until).toISOString());
    clock.advance(until - clock.now() - 60_000);
    alerter.observe(...sees('c', 10.5));
    clock.advance(60_000 + groupWaitMs);
    const before = each.filter((one) => one === 'a warning').length;
    expect(before).toBe(2);
    start();
    clock.advance(10 * groupWaitMs);
    expect(each.filter((one) => one === 'a warning')).toHaveLength(before);
  });
});
