import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { writeBundle } from '../../electron/engine/export/pem.ts';
import { type ExportSource, exportWriters } from '../../electron/engine/export/writers.ts';
import { type Job, jobInputSchema } from '../../shared/schema/job.ts';
import { isFileTarget } from '../../shared/schema/target.ts';
import { TestEngine } from '../support/test-engine.ts';
import { listen, serveTls } from '../support/tls-server.ts';

/** What an engine exports, under names of two lines: none is let in any more, and what writes one must not rely on that. */
function withHostileNames({ jobs, results, now }: TestEngine['engine']): ExportSource {
  const named = (job: Job): Job => ({
    ...job,
    name: isFileTarget(job.target) ? '' : `Über, ${job.target.host};\nline`,
  });
  return {
    jobs: {
      *all() {
        for (const job of jobs.all()) yield named(job);
      },
      *withStatus() {
        for (const standing of jobs.withStatus()) yield { ...standing, job: named(standing.job) };
      },
    },
    results,
    now,
  };
}

/** An engine whose two jobs look at one server under two names. */
async function twice() {
  const test = new TestEngine();
  const server = await serveTls(test.ca.issue({ sans: ['localhost', '127.0.0.1'] }), [test.ca]);
  test.engine.start();
  for (const host of ['localhost', '127.0.0.1']) {
    const input = jobInputSchema.parse({ target: { host, port: server.port }, tags: [host] });
    const { id } = await test.engine.jobs.add(input);
    await test.engine.checks.checkNow(id);
  }
  return {
    test,
    source: withHostileNames(test.engine),
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The values of a property in a calendar whose lines are unfolded. */
const valuesOf = (calendar: string, name: string) =>
  [...calendar.replaceAll('\r\n ', '').matchAll(new RegExp(`^${name}[;:](.*)$`, 'gm'))].map(([, value]) =>
    value?.trim(),
  );

describe('the calendar', () => {
  const write = async (source: ExportSource, alarm?: number) => exportWriters.ics(source, { alarm });

  it('has an event of a day for each job, with an id that stays', async () => {
    await using site = await twice();
    const { engine, clock } = site.test;
    const calendar = await write(site.source);
    const [job] = engine.jobs.withStatus();
    const validTo = Date.parse(job?.lastCheck?.validTo ?? '');
    const day = (at: number) => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
    expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    // RFC 5545 §3.6.1: of an event of a day, DTEND is the first day after it, and later than DTSTART (§3.8.2.2).
    expect(valuesOf(calendar, 'DTSTART')).toContain(`VALUE=DATE:${day(validTo)}`);
    expect(valuesOf(calendar, 'DTEND')).toContain(`VALUE=DATE:${day(validTo + 86_400_000)}`);
    expect(calendar).toContain('TRANSP:TRANSPARENT');
    expect(valuesOf(calendar, 'URL').join()).toMatch(/https:\/\/localhost:\d+\//);
    expect(calendar).not.toContain('VALARM');
    // RFC 5545 §3.1 and §3.3.11: lines of at most 75 octets that end with CRLF, commas and line breaks escaped.
    for (const line of calendar.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toContain('\n');
    }
    expect(calendar).toMatch(/END:VCALENDAR\r\n$/);
    expect(calendar.replace(/\r\n /g, '')).toContain(
      'Certificate of Über\\, localhost\\; line expires'.replace(' line', '\\nline'),
    );
    const ids = (of: string) => [...of.matchAll(/^UID:(.*)$/gm)].map(([, id]) => id);
    clock.advance(60_000);
    expect(ids(await write(site.source))).toEqual(ids(calendar));
  });

  it('grows its SEQUENCE with each change, though the next certificate expires sooner', async () => {
    await using test = new TestEngine();
    const [longer, sooner] = [test.ca.issue({ notAfterDays: 300 }), test.ca.issue({ notAfterDays: 60 })];
    const tlsServer = createServer({ cert: longer.pem, key: longer.key });
    await using server = await listen(tlsServer);
    test.engine.start();
    const input = jobInputSchema.parse({ target: { host: 'localhost', port: server.port } });
    const { id } = await test.engine.jobs.add(input);
    await test.engine.checks.checkNow(id);
    const sequence = async () => Number(valuesOf(await write(test.engine), 'SEQUENCE')[0]);
    const first = await sequence();
    test.clock.advance(3_600_000);
    expect(await sequence()).toBe(first);
    tlsServer.setSecureContext({ cert: sooner.pem, key: sooner.key });
    await test.engine.checks.checkNow(id);
    const second = await sequence();
    expect(second).toBeGreaterThan(first);
    test.clock.advance(3_600_000);
    await test.engine.jobs.edit(id, { name: 'renamed' });
    expect(await sequence()).toBeGreaterThan(second);
    expect(second).toBeLessThan(2 ** 31);
  });

  it('has an alarm where it is asked for', async () => {
    await using site = await twice();
    const calendar = await write(site.source, 14);
    expect(calendar.match(/BEGIN:VALARM/g)).toHaveLength(2);
    expect(valuesOf(calendar, 'TRIGGER')).toEqual(['-P14D', '-P14D']);
  });
});

describe('the bundle of certificates', () => {
  it('has each certificate once, with a line that says whose it is', async () => {
    await using site = await twice();
    const bundle = await writeBundle(site.source, undefined);
    const certificates = bundle.match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g) ?? [];
    const subjects = certificates.map((pem) => new X509Certificate(pem).subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(bundle).toMatch(/^# Über, localhost; line\n/);
    expect(await writeBundle(site.source, 'nobody')).toBe('');
  });
});
