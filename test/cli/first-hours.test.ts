import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../electron/cli/completion/scripts.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { makeCa } from '../support/pki.ts';
import { runNotafter, runNotafterIn, Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';

/** What people met in their first hours with the command line, each as they met it. */

const folder = temporaryFolder();
const data = folder.file('data');
const root = makeCa();
const middle = root.issue({ name: 'Middle', isCa: true, sans: [] });
let service: Service;
let good: TestServer;
let expired: TestServer;
const place = ({ port }: TestServer) => `localhost:${port}`;
const trust = ['--ca', folder.file('ca.pem')];
const check = (...args: string[]) => runNotafter('check', ...args, ...trust);
const jobs = (...args: string[]) => runNotafter('jobs', ...args, '--data', data);
const write = (name: string, text: string) => {
  writeFileSync(folder.file(name), text);
  return folder.file(name);
};

beforeAll(async () => {
  write('ca.pem', root.pem);
  good = await serveTls(root.issue());
  // Ten days and an hour ago.
  expired = await serveTls(root.issue({ notBeforeDays: -100, notAfterDays: -10 - 1 / 24 }));
  service = await Service.start(data, ...trust);
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  for (const server of [good, expired]) await server?.close();
  folder[Symbol.dispose]();
});

describe('check', () => {
  it('counts the days since an end as its sentence does, in every output', async () => {
    const outputs = await Promise.all(
      (['text', 'table', 'csv', 'nagios'] as const).map((format) =>
        check(place(expired), '--format', format),
      ),
    );
    const [text = '', table = '', csv = '', nagios = ''] = outputs.map(({ stdout }) => stdout);
    expect(text).toContain('expired 10 days ago');
    expect(table).toMatch(/^✗ critical +localhost:\d+ +-10 /m);
    expect(csv).toMatch(/^localhost:\d+,critical,-10,/m);
    expect(nagios).toContain('Expired 10 days ago');
    // For programs it is rounded down, as docs/command-line.md says.
    const json = await check(place(expired), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ certificate: { daysRemaining: -11 } }]);
  });

  it('puts an expired certificate before a host that does not answer in Nagios’ first line', async () => {
    for (const targets of [
      [place(expired), 'localhost:1'],
      ['localhost:1', place(expired)],
    ]) {
      const { stdout, status } = await check(...targets, '--format', 'nagios');
      // Both are CRITICAL there (Monitoring Plugins guidelines: UNKNOWN is for wrong use), and each has its line.
      expect({ status, first: stdout.split('\n')[0] }).toEqual({
        status: 2,
        first: expect.stringMatching(/^TLS CRITICAL - /),
      });
      expect(stdout.match(/^.*CRITICAL.*localhost:\d+: /gm)).toHaveLength(2);
    }
  });

  it('judges a chain that is not complete the same, whichever target comes first', async () => {
    const leaf = middle.issue();
    await using whole = await serveTls(leaf, [middle]);
    await using part = await serveTls(middle.issue());
    const both = [place(whole), place(part)];
    const results = await Promise.all(
      [both, both.toReversed()].map(async (targets) => {
        const { stdout } = await check(...targets, '--json', '--concurrency', '1');
        return (JSON.parse(stdout) as CheckResult[])
          .map(({ target, status }) => `${JSON.stringify(target)} ${status}`)
          .sort();
      }),
    );
    expect(results[0]).toEqual(results[1]);
  });

  it('passes over the sections of an inventory, and refuses what is no list of hosts by its name', async () => {
    const inventory = write('inventory.ini', `[web]\n${place(good)}\n\n[db:children]\n`);
    const { stdout, stderr } = await check('--from', inventory, '--format', 'csv');
    expect(stdout.split('\r\n').slice(1)).toEqual([expect.stringContaining(place(good)), '']);
    expect(stderr).not.toContain('web]');
    for (const [name, text, sentence] of [
      ['list.json', '{"a":', 'This is not JSON'],
      ['ingress.yaml', 'apiVersion: networking.k8s.io/v1\nkind: Ingress\n', 'Kubernetes manifest'],
      ['playbook.yaml', '- hosts: web\n  tasks:\n    - ping:\n', 'in none of the formats'],
    ] as const) {
      const refused = await check('--from', write(name, text));
      expect([name, refused.status, refused.stderr]).toEqual([
        name,
        64,
        expect.stringContaining(`${name}: `),
      ]);
      expect(refused.stderr).toContain(sentence);
      expect(refused.stderr).not.toContain('A port is a whole number');
    }
  });

  it.each([
    ['a', 'Hostname";"Port"\nlocalhost;PORT\n', '"'],
    ['b', 'domain,port\nlocalhost,PORT\n', ''],
    ['c', 'localhost,PORT\n', ''],
    ['d', 'host\tport\nlocalhost\tPORT\n', ''],
  ])('reads a table as programs write it (%s)', async (name, text, before) => {
    const file = write(`${name}.csv`, `${before}${text.replace('PORT', String(good.port))}`);
    const { stdout, status } = await check('--from', file, '--format', 'csv');
    expect([status, stdout]).toEqual([0, expect.stringContaining(`\r\n${place(good)},ok,`)]);
  });

  it('tells of both certificates in its text', async () => {
    const rsa = root.issue({ key: 'rsa2048', name: 'localhost' });
    const ecdsa = root.issue({ name: 'localhost' });
    await using server = await serveTls(rsa, [], {
      cert: [rsa.pem, ecdsa.pem],
      key: [rsa.key, ecdsa.key],
    });
    const { stdout } = await check(place(server), '--both-certificates');
    expect(stdout).toMatch(/^ {4}RSA certificate: ok, until /m);
    expect(stdout).toMatch(/^ {4}EC certificate: ok, until /m);
  });

  it('takes a word for the file of that name beside it', async () => {
    write('good.pem', root.issue().pem);
    const { stdout, stderr } = await runNotafterIn(folder.path, 'check', 'good.pem', ...trust);
    expect(`${stdout}${stderr}`).not.toContain('name server');
    expect(stdout).toContain('good.pem');
  });

  it.each([
    ['an empty word', [''], 'An empty target was given.'],
    ['a dash', ['-'], 'To read targets from standard input, use --from -.'],
    ['signs that move the cursor', ['a\u001b[31mb'], 'a\\u{1b}[31mb'],
  ])('says what is wrong with %s', async (_what, words, sentence) => {
    const { stderr, status } = await check(...words);
    expect([status, stderr]).toEqual([64, expect.stringContaining(sentence)]);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('the service', () => {
  it.each([
    ['POST', '/check', { target: { host: 'localhost', port: 1 }, caFiles: ['\u0000'] }],
    ['POST', '/jobs', { target: { host: 'localhost', port: 1 }, caFiles: ['\u0000'] }],
    ['PATCH', '/settings', { caFiles: ['\u0000'] }],
    [
      'POST',
      '/check',
      {
        target: { host: 'localhost', port: 1 },
        connection: { clientCertificate: { certificateFile: '/a\u0000', keyFile: '/b' } },
      },
    ],
  ])('answers %s %s with a NUL in a path as a wrong request', async (method, path, body) => {
    expect((await service.call(method, path, body)).status).toBe(400);
  });

  it('documents the wrong request of every call that takes something', async () => {
    const document = await fetch(new URL('openapi.json', service.ready.url), {
      headers: { authorization: `Bearer ${service.ready.token}` },
    });
    const { paths } = (await document.json()) as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    };
    const without = Object.entries(paths).flatMap(([path, calls]) =>
      Object.entries(calls)
        .filter(([, { responses }]) => !Object.keys(responses).some((status) => /^4/.test(status)))
        .map(([method]) => `${method} ${path}`),
    );
    expect(without).toEqual([]);
  });

  it.runIf(existsSync('/proc'))('ends with a sentence where its folder cannot be made', async () => {
    const { status, stderr } = await runNotafter('serve', '--data', '/proc/x', '--port', '0');
    expect([status, stderr]).toEqual([73, expect.stringContaining('/proc/x cannot be made')]);
  });

  it('refuses a command for alerts that is not there', async () => {
    const { status, stderr } = await runNotafter(
      'serve',
      ...['--data', folder.file('other'), '--port', '0', '--alert-command', '/nonexistent'],
    );
    expect([status, stderr]).toEqual([64, expect.stringContaining('--alert-command: /nonexistent')]);
  });
});

describe('jobs', () => {
  it('brings all of its own export back, two jobs for one target too', async () => {
    for (const args of [[], ['--again']])
      await jobs('add', 'localhost:1', '--name', `x${args.length}`, ...args);
    const list = async () => JSON.parse((await jobs('list', '--format', 'json')).stdout) as JobView[];
    const before = await list();
    const file = folder.file('all.json');
    expect((await jobs('export', '--output', file)).status).toBe(0);
    const exported = JSON.parse(readFileSync(file, 'utf8')) as { jobs: unknown[] };
    expect(exported.jobs).toHaveLength(before.length);
    for (const { id } of before) await jobs('remove', id);
    const { stderr } = await jobs('import', file);
    expect([stderr, (await list()).length]).toEqual([expect.any(String), before.length]);
    for (const { id } of await list()) await jobs('remove', id);
  });

  it('clears tags by an empty one', async () => {
    await jobs('add', 'localhost:1', '--tag', 'shop');
    expect((await jobs('edit', 'localhost:1', '--tag', '')).status).toBe(0);
    const listed = JSON.parse((await jobs('list', '--format', 'json')).stdout) as JobView[];
    expect(listed).toMatchObject([{ tags: [] }]);
    await jobs('remove', 'localhost:1');
  });

  it.runIf(process.getuid?.() === 0)('says in a sentence that the token is another user’s', () => {
    chmodSync(folder.path, 0o755);
    const program = join(import.meta.dirname, '../../dist/app/notafter.js');
    const { status, stderr } = spawnSync(process.execPath, [program, 'jobs', 'list', '--data', data], {
      encoding: 'utf8',
      uid: 65534,
      gid: 65534,
      cwd: '/',
    });
    expect(stderr).toMatch(/^notafter: .+\n$/);
    expect(stderr).not.toMatch(/fault|at .+\.js/);
    expect(status).not.toBe(70);
  });
});

describe('completion for bash', () => {
  it.runIf(existsSync('/bin/bash'))('can be loaded twice without a word', () => {
    mkdirSync(folder.file('shell'));
    writeFileSync(folder.file('shell/bash'), completionScripts.bash);
    const script = 'set -u; . ./bash; . ./bash; complete -p notafter';
    const { stdout, stderr } = spawnSync('/bin/bash', ['--norc', '-c', script], {
      cwd: folder.file('shell'),
      encoding: 'utf8',
    });
    expect([stderr, stdout]).toEqual(['', expect.stringContaining('notafter')]);
  });
});
