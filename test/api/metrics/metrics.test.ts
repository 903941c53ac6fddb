import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { Metrics } from '../../../electron/api/metrics/metrics.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { sourceInputSchema } from '../../../shared/schema/source.ts';
import { searching, serveRenewable } from '../../support/saved-searches.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

/** Series of a name: labels as they are written, and the value. */
function series(body: string, name: string): { labels: string; value: number }[] {
  return [...body.matchAll(new RegExp(`^${name}(?:{(.*)})? (\\S+)$`, 'gm'))].map(
    ([, labels = '', value]) => ({
      labels,
      value: Number(value),
    }),
  );
}

async function textOf(metrics: Metrics): Promise<string> {
  let text = '';
  for await (const piece of metrics.render()) text += piece;
  return text;
}

describe('metrics', () => {
  it('name the file of a certificate as x509-certificate-exporter does, and none for a host', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    test.engine.start();
    const file = test.folder.file('leaf.pem');
    writeFileSync(file, test.ca.issue().pem);
    const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target: { file } }));
    await test.engine.checks.checkNow(id);
    const [found] = series(await textOf(metrics), 'x509_cert_not_after');
    expect(found?.labels).toContain(`filepath="${file}",filename="leaf.pem"`);
    metrics.close();
  });

  it('say of a job what blackbox_exporter and x509-certificate-exporter would, also once it is unreachable', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    const intermediate = test.ca.issue({ name: 'Between', isCa: true, sans: [], notAfterDays: 40 });
    const leaf = intermediate.issue({ serial: Buffer.from('0a00', 'hex') });
    const server = await serveTls(leaf, [intermediate]);
    test.engine.start();
    const { id } = await test.engine.jobs.add(
      jobInputSchema.parse({
        target: { host: 'localhost', port: server.port },
        name: 'a "name" with a \\',
      }),
    );
    const finished = test.next('check-finished');
    await test.engine.checks.checkNow(id);
    await finished;
    const body = await textOf(metrics);
    const instance = `instance="localhost:${server.port}",job_id="${id}"`;
    const { lastResult } = test.engine.jobs.detail(id) ?? {};
    const [first, second] = (lastResult?.chain ?? []).map(({ validTo }) => Date.parse(validTo) / 1000);
    expect(series(body, 'probe_success')).toMatchObject([{ value: 1 }]);
    expect(series(body, 'probe_success')[0]?.labels).toContain(instance);
    expect(series(body, 'probe_success')[0]?.labels).toContain('name="a \\"name\\" with a \\\\"');
    // The intermediate ends before the leaf does.
    expect(series(body, 'probe_ssl_earliest_cert_expiry')).toMatchObject([{ value: second }]);
    expect(series(body, 'x509_cert_not_after').map(({ value }) => value)).toEqual([first, second]);
    expect(series(body, 'x509_cert_not_after')[0]?.labels).toContain(
      'subject_CN="localhost",issuer_CN="Between",serial_number="2560"',
    );
    expect(series(body, 'probe_tls_version_info')[0]?.labels).toContain('version="TLS 1.3"');
    expect(series(body, 'notafter_checks_total').map(({ value }) => value)).toEqual([1, 0, 0, 0]);
    expect(series(body, 'notafter_check_duration_seconds_count')).toMatchObject([{ value: 1 }]);
    await server.close();
    await test.engine.checks.checkNow(id);
    const later = await textOf(metrics);
    expect(series(later, 'probe_success')).toMatchObject([{ value: 0 }]);
    expect(series(later, 'probe_ssl_earliest_cert_expiry')).toMatchObject([{ value: first }]);
    expect(series(later, 'notafter_problem')[0]?.labels).toContain('code="unreachable",severity="critical"');
    expect(series(later, 'x509_cert_not_after')).toEqual([]);
    metrics.close();
  });

  it('read a result once, however often they are scraped, and again after a check', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const jobs = await Promise.all(
      [1, 2, 3].map(() =>
        test.engine.jobs.add(jobInputSchema.parse({ target: { host: 'localhost', port: server.port } })),
      ),
    );
    for (const { id } of jobs) await test.engine.checks.checkNow(id);
    const reads = vi.spyOn(test.engine.results, 'last');
    const first = await textOf(metrics);
    expect(reads).toHaveBeenCalledTimes(3);
    expect(series(first, 'x509_cert_not_after')).toHaveLength(3);
    expect(series(await textOf(metrics), 'x509_cert_not_after')).toEqual(
      series(first, 'x509_cert_not_after'),
    );
    expect(reads).toHaveBeenCalledTimes(3);
    await test.engine.checks.checkNow(jobs[0]?.id ?? '');
    await textOf(metrics);
    expect(reads).toHaveBeenCalledTimes(4);
    metrics.close();
  });

  it.each([
    ['fb', '-5'],
    ['ff', '-1'],
    ['00ff', '255'],
  ])(
    'have the serial number %s of a certificate, which may be negative, in decimal',
    async (serial, decimal) => {
      await using test = new TestEngine();
      const metrics = new Metrics(test.engine);
      await using server = await serveTls(test.ca.issue({ serial: Buffer.from(serial, 'hex') }));
      test.engine.start();
      const { id } = await test.engine.jobs.add(
        jobInputSchema.parse({ target: { host: 'localhost', port: server.port } }),
      );
      await test.engine.checks.checkNow(id);
      const [sample] = series(await textOf(metrics), 'x509_cert_not_after');
      expect(sample?.labels).toContain(`serial_number="${decimal}"`);
      metrics.close();
    },
  );

  it('have a label of at most 4 kB for a certificate of thousands of names, and no half name in it', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    const sans = ['localhost', ...Array.from({ length: 2_000 }, (_, index) => `name-${index}.example`)];
    await using server = await serveTls(test.ca.issue({ sans }));
    test.engine.start();
    const { id } = await test.engine.jobs.add(
      jobInputSchema.parse({ target: { host: 'localhost', port: server.port } }),
    );
    await test.engine.checks.checkNow(id);
    const [info] = series(await textOf(metrics), 'probe_ssl_last_chain_info');
    const [, names = ''] = /subjectalternative="([^"]*)"/.exec(info?.labels ?? '') ?? [];
    expect(Buffer.byteLength(names)).toBeLessThan(4_100);
    expect(names).toMatch(/^localhost,name-0\.example,.*,name-\d+\.example,…$/);
    metrics.close();
  });

  it('say how NotAfter itself does', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    test.engine.start();
    await test.engine.jobs.add(
      jobInputSchema.parse({ target: { host: 'localhost', port: 1 }, paused: true }),
    );
    const body = await textOf(metrics);
    const { contentType } = metrics;
    expect(contentType).toContain('text/plain');
    expect(series(body, 'notafter_jobs').find(({ labels }) => labels === 'status="pending"')?.value).toBe(1);
    for (const name of [
      'notafter_longest_overdue_seconds',
      'notafter_offline',
      'notafter_checks_in_progress',
    ])
      expect(series(body, name)).toEqual([{ labels: '', value: 0 }]);
    expect(series(body, 'process_resident_memory_bytes')[0]?.value).toBeGreaterThan(1_000_000);
    await test.engine.jobs.add(jobInputSchema.parse({ target: { host: 'localhost', port: 1 } }));
    await test.engine.settings.edit({ pause: { until: null } });
    test.clock.set(test.clock.now() + 86_400_000);
    const overdue = series(await textOf(metrics), 'notafter_longest_overdue_seconds')[0]?.value;
    expect(overdue).toBeGreaterThan(0);
    metrics.close();
  });

  it('say what saved searches found and how they ended, and nothing of one that was deleted', async () => {
    await using on = searching();
    const { engine } = on.test;
    const metrics = new Metrics(engine);
    const one = await serveRenewable('127.26.6.1', 'one.test');
    const names = ['notafter_discovery_last_run_timestamp_seconds', 'notafter_discovery_last_run_success'];
    const ended = async () => {
      const body = await textOf(metrics);
      return names.map((name) => series(body, name).map(({ value }) => value));
    };
    const { id } = await on.add({ name: 'lab "1"', targets: [`127.26.6.1:${one.port}`] });
    expect(await ended()).toEqual([[], []]);
    await on.run(id);
    expect(await ended()).toEqual([[on.test.clock.now() / 1000], [1]]);
    expect(series(await textOf(metrics), 'notafter_discovery_finds')).toEqual(
      ['new', 'needs-name', 'watched', 'ignored', 'vanished'].map((state) => ({
        labels: `discovery="lab \\"1\\"",state="${state}"`,
        value: state === 'new' ? 1 : 0,
      })),
    );
    await engine.discoveries.edit(id, { targets: ['192.0.2.0/30'] });
    await on.run(id);
    expect(await ended()).toEqual([[on.test.clock.now() / 1000], [0]]);
    await engine.discoveries.remove(id);
    expect(await ended()).toEqual([[], []]);
    metrics.close();
    await one.listening.close();
  });

  it('say what sources found, and nothing of one that was deleted', async () => {
    await using test = new TestEngine();
    const metrics = new Metrics(test.engine);
    test.engine.start();
    const paths = [test.folder.file('ca.pem'), test.folder.file('config.json')];
    const input = sourceInputSchema.parse({ name: 'files', paths, roles: ['anchor'] });
    const { id } = await test.engine.sources.add(input);
    const body = await textOf(metrics);
    expect(series(body, 'notafter_source_files')).toEqual([
      { labels: 'source="files",state="certificates"', value: 1 },
      { labels: 'source="files",state="others"', value: 1 },
      { labels: 'source="files",state="unreadable"', value: 0 },
    ]);
    expect(series(body, 'notafter_source_last_scan_timestamp_seconds')).toEqual([
      { labels: 'source="files"', value: test.clock.now() / 1000 },
    ]);
    await test.engine.sources.remove(id);
    expect(series(await textOf(metrics), 'notafter_source_files')).toEqual([]);
    metrics.close();
  });
});
