import { describe, expect, it } from 'vitest';
import { AlertLog } from '../../../electron/engine/alerts/alert-log.ts';
import { dueAlert } from '../../../electron/engine/alerts/policy.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import type { CheckResult, Status } from '../../../shared/check-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const day = 86_400_000;
const begin = Date.parse('2026-11-24T10:00:00Z');

/** One check of a job: on which day, and what it found. */
interface Step {
  day: number;
  /** Days that the certificate has left then; null: unreachable. */
  left: number | null;
  certificate?: string;
}

function resultOf({ day: on, left, certificate = 'first' }: Step): CheckResult {
  const at = begin + on * day;
  const validTo = new Date(at + (left ?? 0) * day).toISOString();
  const status: Status = left === null ? 'unreachable' : 'ok';
  return {
    target: { host: 'example.com', port: 443, servername: 'example.com', starttls: null },
    checkedAt: new Date(at).toISOString(),
    status,
    problems: [],
    certificate:
      left === null
        ? null
        : {
            subject: 'CN=example.com',
            issuer: 'CN=CA',
            sans: ['example.com'],
            serialNumber: '01',
            fingerprint256: certificate,
            validFrom: new Date(begin - 90 * day).toISOString(),
            validTo,
            daysRemaining: Math.floor(left),
            key: { type: 'ec', bits: 256, curve: 'prime256v1' },
            signatureAlgorithm: 'ecdsa-with-SHA256',
            selfSigned: false,
          },
    chain: [],
    earliestExpiry: null,
    protocol: null,
    cipher: null,
    address: null,
    addresses: null,
    certificates: null,
    timings: { dns: null, tcp: null, starttls: null, tls: null, total: 1 },
    unreachable:
      left === null ? { reason: 'refused', message: 'Nothing listens on port 443 of example.com.' } : null,
  };
}

/** What is said over a history of checks, with a restart after each of them. */
function saidOver(steps: readonly Step[]): string[] {
  using folder = temporaryFolder();
  const results = steps.map(resultOf);
  const said: string[] = [];
  for (const [index, result] of results.entries()) {
    const { database } = openDatabase(folder.file('history.sqlite'));
    const run = results.slice(0, index + 1).reverse();
    const reached = run.findIndex(({ status }) => status !== 'unreachable');
    const streak = reached === -1 ? run : run.slice(0, reached);
    const now = Date.parse(result.checkedAt);
    const unreachable = { length: Math.min(3, streak.length), since: streak.at(-1)?.checkedAt ?? null };
    const due = dueAlert({ name: 'example.com', result, unreachable, now });
    const alert = due && new AlertLog(database).record('job', due, now);
    if (alert) said.push(`${steps[index]?.day}: ${alert.title}`);
    database.close();
  }
  return said;
}

const daily = (from: number, count: number, more: Partial<Step> = {}): Step[] =>
  Array.from({ length: count }, (_, index) => ({ day: index, left: from - index, ...more }));

describe('the alert policy', () => {
  it.each<[name: string, steps: Step[], said: string[]]>([
    ['a certificate with 60 days left is not mentioned', daily(60, 5), []],
    [
      'one that runs out is mentioned below 30, 14, 7, 3 and 1 days and when it has expired, once each',
      daily(30.5, 34),
      [
        '1: example.com expires in 29 days',
        '17: example.com expires in 13 days',
        '24: example.com expires in 6 days',
        '28: example.com expires in 2 days',
        '30: example.com expires in 12 hours',
        '31: example.com expired 12 hours ago',
      ],
    ],
    [
      'one first seen two days before expiry is mentioned once, not four times',
      [
        { day: 0, left: 2.5 },
        { day: 0.1, left: 2.4 },
      ],
      ['0: example.com expires in 2 days'],
    ],
    [
      'a renewed one is mentioned anew when it nears its own expiry',
      [
        { day: 0, left: 20.5 },
        { day: 1, left: 90, certificate: 'second' },
        { day: 70, left: 20.5, certificate: 'second' },
      ],
      ['0: example.com expires in 20 days', '70: example.com expires in 20 days'],
    ],
    [
      'one that has expired long ago is mentioned once',
      [
        { day: 0, left: -40.5 },
        { day: 1, left: -41.5 },
      ],
      ['0: example.com expired 40 days ago'],
    ],
    [
      'a host unreachable twice is not mentioned',
      [
        { day: 0, left: null },
        { day: 1, left: null },
        { day: 2, left: 60 },
      ],
      [],
    ],
    [
      'a host unreachable three times running is mentioned once',
      [0, 1, 2, 3, 4].map((on) => ({ day: on, left: null })),
      ['2: example.com cannot be reached'],
    ],
    [
      'and again when it was reached in between',
      [0, 1, 2, 3, 4, 5, 6].map((on) => ({ day: on, left: on === 3 ? 60 : null })),
      ['2: example.com cannot be reached', '6: example.com cannot be reached'],
    ],
  ])('%s', (_name, steps, said) => expect(saidOver(steps)).toEqual(said));
});

describe('AlertLog', () => {
  it('lists what was said, not what was covered, and forgets with the job', () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'));
    const log = new AlertLog(database);
    const result = resultOf({ day: 0, left: 2.5 });
    const due = dueAlert({
      name: 'example.com',
      result,
      unreachable: { length: 0, since: null },
      now: begin,
    });
    expect(due && log.record('job', due, begin)).toMatchObject({ severity: 'critical', kind: 'expiring' });
    const page = { limit: 10, offset: 0 };
    expect(log.list(page)).toMatchObject({
      total: 1,
      items: [{ jobId: 'job', title: 'example.com expires in 2 days' }],
    });
    expect(log.list({ ...page, severity: 'warning' }).total).toBe(0);
    log.removeJob('job');
    expect(log.list(page).total).toBe(0);
    database.close();
  });
});
