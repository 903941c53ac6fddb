import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls } from '../support/tls-server.ts';

const examples = join(import.meta.dirname, '../../docs/examples/fleet');
const jobCount = 1_000;

/** A program that ends with the test; what it says is shown where it ends early. */
function run(command: string, args: string[], cwd: string): { child: ChildProcess } & AsyncDisposable {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const ended = once(child, 'close');
  let isWanted = true;
  void ended.then(() => isWanted && process.stderr.write(`${command} ended:\n${said}\n`));
  return {
    child,
    async [Symbol.asyncDispose]() {
      isWanted = false;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The panels of the dashboard that Prometheus has no data for; every expression must be one that it takes. */
async function emptyPanels(prometheus: string): Promise<string[]> {
  const dashboard = JSON.parse(readFileSync(join(examples, 'grafana-dashboard.json'), 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const empty: string[] = [];
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const query = expr
        .replaceAll('$__rate_interval', '5m')
        .replaceAll('$site', '.*')
        .replaceAll('$job', 'notafter');
      const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`;
      const answer = (await fetch(url).then((response) => response.json())) as {
        status: string;
        error?: string;
        data?: { result: unknown[] };
      };
      expect({ expr, status: answer.status, error: answer.error }).toEqual({ expr, status: 'success' });
      if (answer.data?.result.length === 0) empty.push(title);
    }
  return empty;
}

interface Webhook {
  alerts: { labels: Record<string, string>; annotations: Record<string, string> }[];
}

it('a thousand jobs are scraped, and an alert comes through Alertmanager', async () => {
  using folder = temporaryFolder();
  const ca = makeCa();
  const sound = ca.issue({ name: '*.fleet.example', sans: ['*.fleet.example'] });
  const ending = ca.issue({
    name: 'ending.fleet.example',
    sans: ['ending.fleet.example'],
    notBeforeDays: -85,
    notAfterDays: 5,
  });
  await using server = await serveTls(sound, [ca]);
  await using late = await serveTls(ending, [ca]);
  const own = ca.issue({ sans: ['127.0.0.1'] });
  for (const [name, text] of [
    ['our-root.pem', ca.pem],
    ['cert.pem', own.pem],
    ['key.pem', own.key],
  ] as const)
    writeFileSync(folder.file(name), text);
  const listenPort = await freePort();
  await using service = await Service.start(
    folder.file('data'),
    '--ca',
    folder.file('our-root.pem'),
    '--listen',
    `127.0.0.1:${listenPort}`,
    '--tls-cert',
    folder.file('cert.pem'),
    '--tls-key',
    folder.file('key.pem'),
  );
  await service.call('PATCH', '/settings', { checksAtOnce: 50, checksPerHost: 50 });
  const jobs = Array.from({ length: jobCount - 1 }, (_, index) => ({
    target: { host: '127.0.0.1', port: server.port, servername: `host-${index}.fleet.example` },
    name: `Host ${index} "quoted" \\ and back`,
  }));
  const last = {
    target: { host: '127.0.0.1', port: late.port, servername: 'ending.fleet.example' },
    name: 'Ending',
  };
  const received: Webhook[] = [];
  const webhook = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      if (request.url !== '/own') received.push(JSON.parse(text) as Webhook);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const webhookPort = (webhook.address() as AddressInfo).port;
  const channel = { type: 'webhook', name: 'own', url: `http://127.0.0.1:${webhookPort}/own` };
  expect((await service.call('POST', '/channels', channel)).status).toBe(201);

  const imported = await service.call('POST', '/jobs/import', { jobs: [...jobs, last] });
  expect(imported.body).toMatchObject({ added: jobCount });
  await expect
    .poll(async () => (await service.call('GET', '/status')).body, { timeout: 60_000, interval: 500 })
    .toMatchObject({ jobs: jobCount, byStatus: { ok: jobCount - 1, critical: 1 } });

  const began = performance.now();
  const metrics = await fetch(new URL('metrics', service.ready.url), {
    headers: { authorization: `Bearer ${service.ready.token}` },
  }).then((response) => response.text());
  process.stdout.write(
    `/metrics of ${jobCount} jobs: ${metrics.length} characters in ${Math.round(performance.now() - began)} ms\n`,
  );
  const lint = execFileSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  expect(lint).toBe('');

  // The files of the documentation, with the ports of this test and no patience.
  cpSync(examples, folder.path, { recursive: true });
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
  const edit = (name: string, ...changes: [string | RegExp, string][]) => {
    const path = folder.file(name);
    const text = changes.reduce(
      (before, [from, to]) => {
        const after = before.replaceAll(from, to);
        if (after === before) throw new Error(`${name} has no ${from}`);
        return after;
      },
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, text);
  };
  edit(
    'prometheus.yml',
    [': 1m', ': 1s'],
    ['127.0.0.1:9093', `127.0.0.1:${alertmanagerPort}`],
    ['notafter-dmz.example.com:7444', `127.0.0.1:${listenPort}`],
  );
  edit('notafter-rules.yml', [/for: \d+m/g, 'for: 0s']);
  edit(
    'alertmanager.yml',
    ['group_wait: 30s', 'group_wait: 0s'],
    ['127.0.0.1:5001', `127.0.0.1:${webhookPort}`],
  );
  writeFileSync(folder.file('notafter-token'), service.ready.token);
  for (const check of [
    ['config', 'prometheus.yml'],
    ['rules', 'notafter-rules.yml'],
  ])
    execFileSync('promtool', ['check', ...check], { cwd: folder.path, stdio: 'ignore' });

  await using _alertmanager = run(
    'prometheus-alertmanager',
    [
      '--config.file=alertmanager.yml',
      '--storage.path=am',
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      '--cluster.listen-address=',
    ],
    folder.path,
  );
  await using _prometheus = run(
    'prometheus',
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=tsdb',
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ],
    folder.path,
  );
  const query = async (expression: string): Promise<string | undefined> => {
    const url = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const answer = await fetch(url).then(
      (response) => response.json(),
      () => null,
    );
    return (answer as { data?: { result?: { value: [number, string] }[] } } | null)?.data?.result?.[0]
      ?.value[1];
  };
  await expect
    .poll(() => query('count(probe_success)'), { timeout: 60_000, interval: 500 })
    .toBe(String(jobCount));
  expect(await query('count(probe_success == 1)')).toBe(String(jobCount - 1));
  expect(await query('count(count by (serial_number) (x509_cert_not_after))')).toBe('3');
  expect(await query('up{job="notafter", site="dmz"}')).toBe('1');
  // A rate needs two scrapes.
  await expect
    .poll(() => emptyPanels(`http://127.0.0.1:${prometheusPort}`), { timeout: 30_000, interval: 500 })
    .toEqual([]);
  const alerts = () => received.flatMap((message) => message.alerts);
  await expect
    .poll(() => alerts().map(({ labels }) => labels['alertname']), { timeout: 60_000, interval: 500 })
    .toContain('CertificateExpiresSoon');
  const alert = alerts().find(({ labels }) => labels['alertname'] === 'CertificateExpiresSoon');
  expect(alert).toMatchObject({
    labels: { name: 'Ending', site: 'dmz', instance: `127.0.0.1:${late.port}`, severity: 'warning' },
    annotations: { summary: expect.stringMatching(/expires in [45]d/) },
  });
  webhook.closeAllConnections();
  webhook.close();
});
