import { describe, expect, it, vi } from 'vitest';
import { AlertStore } from '../../../electron/engine/alerts/alert-store.ts';
import { Alerter } from '../../../electron/engine/alerts/alerter.ts';
import type { AlertJob } from '../../../electron/engine/alerts/alerter-options.ts';
import { memorySchema } from '../../../electron/engine/alerts/job-memory.ts';
import type { Observation } from '../../../electron/engine/alerts/observation.ts';
import { memoryDatabase } from '../../../electron/engine/store/database.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import type { Sighting } from '../../../shared/schema/sighting.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

const day = 86_400_000;
const rules = { thresholds: defaultThresholds, alerts: inheritedRules };
const job: AlertJob = {
  id: 'a',
  name: 'mail',
  target: { host: 'mail.example', port: 443, servername: null, starttls: null },
  tags: [],
  accepted: [],
  paused: false,
  ...rules,
};

/** An alerter on a disk that can be full. */
function desk(sightings: Sighting[] = []) {
  const clock = new ManualClock();
  const database = memoryDatabase();
  const log = new AlertStore(database);
  const disk = { isFull: false };
  const said: Alert[] = [];
  const open = () =>
    new Alerter({
      clock,
      storage: {
        tryWrite: (work) => (disk.isFull ? null : work()),
        alerts: log,
        history: { sightings: () => sightings },
      },
      rules: { settings: { ...rules, tagRules: [], quietHours: null, quietUntil: null } },
      jobs: { get: () => job },
      results: { facts: () => ({ checkedAt: null }) },
      log: new KeptLog(),
      onRelook: () => undefined,
      onReleased: () => false,
      journal: { record: (event) => event.type === 'alert' && said.push(event.alert) },
    });
  const sees = (left: number, more: Partial<Observation['leaf']> = {}): Observation => ({
    at: clock.now(),
    leaf: {
      fingerprint: 'AB',
      issuer: 'O=CA',
      key: null,
      validFrom: clock.now() + (left - 90) * day,
      validTo: clock.now() + left * day,
      ...more,
    },
    shown: [],
    problems: [],
    unreachable: null,
    chainEndsAt: null,
    isRelook: false,
  });
  return { clock, database, log, disk, said, open, sees };
}

describe('Alerter', () => {
  it.each([
    ['nothing', 80, {}],
    [
      'nothing, with the names and key of the certificate',
      80,
      { names: 'mail.example', keyType: 'ec', key: 'K' },
    ],
    ['an expiry that people were told of', 20.5, {}],
  ])('writes and validates nothing for a check that finds the same as before: %s', (_what, left, more) => {
    const { clock, database, open, sees } = desk();
    const alerter = open();
    const observation = sees(left, more);
    const changes = () => database.prepare('SELECT total_changes() AS changes').get()?.['changes'];
    for (let turn = 0; turn < 3; turn += 1) {
      alerter.observe(job, { ...observation, at: clock.now() });
      clock.advance(3_600_000);
    }
    const before = changes();
    using validation = vi.spyOn(memorySchema, 'safeParse');
    alerter.observe(job, { ...observation, at: clock.now() });
    expect(validation).not.toHaveBeenCalled(); // What is remembered was validated by then.
    open().observe(job, { ...observation, at: clock.now() }); // As after a restart.
    expect(changes()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  it('warns once while the disk takes nothing, and keeps what it said once it does', () => {
    const { clock, log, disk, said, open, sees } = desk();
    const alerter = open();
    disk.isFull = true;
    const validTo = clock.now() + 20.5 * day;
    for (let turn = 0; turn < 3; turn += 1) {
      alerter.observe(job, sees(20.5, { validFrom: validTo - 90 * day, validTo }));
      clock.advance(day / 4);
    }
    expect(said.map(({ title }) => title)).toEqual(['mail expires in 20 days']);
    expect(log.list({ limit: 10, offset: 0 }).total).toBe(0);
    disk.isFull = false;
    clock.advance(14 * day);
    alerter.observe(job, sees(0, { validFrom: validTo - 90 * day, validTo }));
    clock.advance(day / 4);
    expect(said.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
    const kept = log.list({ limit: 10, offset: 0 }).items;
    expect(kept.map(({ severity, notifiedAt }) => [severity, notifiedAt !== null])).toEqual([
      ['critical', true],
    ]);
  });

  it('knows the renewals from before it kept a memory', () => {
    const leaf = (first: number, name: string): Sighting => ({
      fingerprint256: name,
      subject: 'CN=mail.example',
      issuer: 'O=CA',
      validFrom: new Date(first).toISOString(),
      validTo: new Date(first + 90 * day).toISOString(),
      firstSeenAt: new Date(first).toISOString(),
      lastSeenAt: new Date(first + 60 * day).toISOString(),
    });
    const now = new ManualClock().now();
    const begun = [181, 121, 61].map((days) => now - days * day);
    const { said, open, sees, clock } = desk(
      begun.map((at, index) => leaf(at, `leaf ${index}`)).toReversed(),
    );
    const alerter = open();
    const last = begun[2] ?? 0;
    alerter.observe(job, sees(29, { fingerprint: 'leaf 2', validFrom: last, validTo: last + 90 * day }));
    clock.advance(day);
    expect(said).toEqual([]); // 29 days left: at about this point it renews itself.
    clock.advance(5 * day);
    alerter.observe(job, sees(23, { fingerprint: 'leaf 2', validFrom: last, validTo: last + 90 * day }));
    clock.advance(day);
    expect(said.map(({ title }) => title)).toEqual(['mail was not renewed as usual']);
  });

  it('takes the certificate that it sees first after an update as new, though history has it by then', () => {
    const leaf = (name: string, issuer: string, firstSeenAt: number): Sighting => ({
      fingerprint256: name,
      subject: 'CN=mail.example',
      issuer,
      validFrom: new Date(firstSeenAt).toISOString(),
      validTo: new Date(firstSeenAt + 90 * day).toISOString(),
      firstSeenAt: new Date(firstSeenAt).toISOString(),
      lastSeenAt: new Date(firstSeenAt).toISOString(),
    });
    const now = new ManualClock().now();
    const { said, open, sees, clock } = desk([leaf('new', 'O=Other', now), leaf('old', 'O=CA', now - day)]);
    open().observe(job, sees(90, { fingerprint: 'new', issuer: 'O=Other' }));
    clock.advance(day / 24);
    expect(said.map(({ title }) => title)).toEqual(['mail shows a different certificate']);
  });

  it('leaves an alert that is over as it is', () => {
    const { clock, said, open, sees } = desk();
    const alerter = open();
    alerter.observe(job, sees(5.5));
    clock.advance(day / 24);
    alerter.observe(job, sees(90, { fingerprint: 'next' }));
    const [{ id } = { id: 0 }] = said;
    expect(alerter.acknowledge(id)).toMatchObject({ resolvedAt: expect.any(String), acknowledgedAt: null });
    expect(alerter.snooze(id, 'renewed')).toMatchObject({ snoozedUntil: null });
  });

  it('has no alert to settle that is not there', () => {
    const alerter = desk().open();
    expect(alerter.acknowledge(7)).toBeNull();
    expect(alerter.snooze(7, 'renewed')).toBeNull();
  });

  it('forgets a job with everything that was to be said of it', () => {
    const { clock, log, said, open, sees } = desk();
    const alerter = open();
    alerter.observe(job, sees(5.5));
    alerter.removeJob('a');
    clock.advance(day);
    expect(said).toEqual([]);
    expect(log.list({ limit: 10, offset: 0 }).total).toBe(0);
    expect(log.memory('a')).toBeNull();
  });

  it('is silent about a snoozed alert until then, and about an acknowledged one for good', () => {
    const { clock, said, open, sees, log } = desk();
    const alerter = open();
    const [validFrom, validTo] = [clock.now() - 70 * day, clock.now() + 20.5 * day];
    alerter.observe(job, sees(0, { validFrom, validTo }));
    clock.advance(day / 24);
    const [{ id } = { id: 0 }] = said;
    expect(alerter.snooze(id, new Date(clock.now() + day).toISOString())).toMatchObject({
      snoozedUntil: expect.any(String),
    });
    clock.advance(day / 2);
    expect(said).toHaveLength(1);
    clock.advance(day);
    expect(said).toHaveLength(2);
    expect(alerter.acknowledge(id)).toMatchObject({ acknowledgedAt: expect.any(String), resolvedAt: null });
    alerter.observe(job, sees(0, { validFrom, validTo }));
    clock.advance(day);
    expect(said).toHaveLength(2);
    expect(log.list({ limit: 10, offset: 0, open: true }).total).toBe(0);
    expect(log.list({ limit: 10, offset: 0, open: false }).total).toBe(1);
  });
});
