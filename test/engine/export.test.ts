import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeCalendar } from '../../electron/engine/export/calendar.ts';
import { writeBundle } from '../../electron/engine/export/pem.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';

/** An engine whose two jobs look at one server under two names. */
async function twice() {
  const test = new TestEngine();
  const server = await serveTls(test.ca.issue({ sans: ['localhost', '127.0.0.1'] }), [test.ca]);
  test.engine.start();
  for (const host of ['localhost', '127.0.0.1']) {
    const input = jobInputSchema.parse({ target: { host, port: server.port }, tags: [host] });
    // No name of two lines is let in any more; what writes one must not rely on that.
    const { id } = await test.engine.jobs.add({ ...input, name: `Über, ${host};\nline` });
    await test.engine.checks.checkNow(id);
  }
  return {
    test,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('the calendar', () => {
  it('has an event at notAfter for each job, with an id that stays', async () => {
    await using site = await twice();
    const { engine, clock } = site.test;
    const calendar = writeCalendar(engine.jobs.standings(), clock.now());
    const [job] = [...engine.jobs.views()];
    const stamp = job?.lastCheck?.validTo?.replace(/[-:]|\.\d+/g, '');
    expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(calendar).toContain(`DTSTART:${stamp}`);
    expect(calendar).toContain('TRANSP:TRANSPARENT');
    // RFC 5545 §3.1 and §3.3.11: lines of at most 75 octets, commas and line breaks escaped.
    for (const line of calendar.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(calendar.replace(/\r\n /g, '')).toContain(
      'Certificate of Über\\, localhost\\; line expires'.replace(' line', '\\nline'),
    );
    const ids = (of: string) => [...of.matchAll(/^UID:(.*)$/gm)].map(([, id]) => id);
    clock.advance(60_000);
    expect(ids(writeCalendar(engine.jobs.standings(), clock.now()))).toEqual(ids(calendar));
  });
});

describe('the bundle of certificates', () => {
  it('has each certificate once, with a line that says whose it is', async () => {
    await using site = await twice();
    const bundle = await writeBundle(site.test.engine, undefined);
    const certificates = bundle.match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g) ?? [];
    const subjects = certificates.map((pem) => new X509Certificate(pem).subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(bundle).toMatch(/^# Über, localhost; line\n/);
    expect(await writeBundle(site.test.engine, 'nobody')).toBe('');
  });
});
