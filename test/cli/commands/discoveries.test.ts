import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeptFind, SavedSearchView } from '../../../shared/schema/saved-search.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, type TestServer } from '../../support/tls-server.ts';

const data = temporaryFolder();
const ca = makeCa('Discoveries Root');
let service: Service;

const serve = async (name: string, address: string): Promise<TestServer> => {
  const { pem, key } = ca.issue({ name });
  const server = tls.createServer({ cert: pem, key });
  server.on('tlsClientError', () => undefined); // The search hangs up once it has seen enough.
  return listen(server, address);
};

beforeAll(async () => {
  service = await Service.start(data.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  data[Symbol.dispose]();
});
const discoveries = (...args: string[]) => runNotafter('discoveries', ...args, '--data', data.path);
const finds = async (...args: string[]) =>
  JSON.parse((await discoveries('finds', ...args, '--format', 'json')).stdout) as KeptFind[];

// Each command is a process, and some specs have ten of them.
describe('notafter discoveries', { timeout: 90_000 }, () => {
  it('saves a search, shows its plan first, and refuses what is none', async () => {
    const plan = await discoveries('add', 'lab', '127.26.6.0/30', '--ports', '443,8443', '--dry-run');
    expect(plan).toMatchObject({ status: 0, stderr: '' });
    expect(plan.stdout).toContain('4 addresses, 0 hosts, 2 ports: 8 connections');
    expect((await discoveries('list')).stdout).toBe('There are no saved searches.\n');
    const added = await discoveries(
      'add',
      'lab',
      '127.26.6.0/30',
      '--ports',
      '443,8443',
      '--schedule',
      '0 3 * * 1',
    );
    expect(added.stdout).toContain('lab: 127.26.6.0/30, ports 443,8443.');
    expect(added.stdout).toContain('at 03:00, only on Monday, next at ');
    expect((await discoveries('add', 'lab', '127.0.0.1')).stderr).toContain('Another search has this name.');
    expect((await discoveries('add', 'b', '--ports', 'web')).status).toBe(64);
    expect((await discoveries('add', 'b', '127.0.0.1', '--schedule', 'adaptive')).status).toBe(64);
    expect((await discoveries('run', 'none')).status).toBe(66);
    const edited = await discoveries('edit', 'lab', '--schedule', 'off', '--rate', '50', '--tag', 'x');
    expect(edited.stdout).toContain('It runs when you start it.');
    const more = ['--hours', '22:00-06:00', '--timezone', 'Europe/Berlin', '--reverse-dns'];
    expect((await discoveries('edit', 'lab', ...more)).stdout).toContain(
      'Its hours are 22:00-06:00 (Europe/Berlin).',
    );
    // The page keeps time zones, too.
    const zoned = ['--schedule', '0 4 * * *', '--timezone', 'Asia/Tokyo'];
    await discoveries('edit', 'lab', ...zoned);
    const moved = await discoveries('edit', 'lab', '--hours', '22:30-06:00', '--schedule', '0 5 * * *');
    expect(moved.stdout).toContain('Its hours are 22:30-06:00 (Europe/Berlin).');
    expect(moved.stdout).toContain('at 05:00 (Asia/Tokyo)');
    await discoveries('edit', 'lab', '--hours', '22:00-06:00', '--schedule', 'off');
    expect((await discoveries('edit', 'lab', '--hours', 'night')).status).toBe(64);
    const shown = JSON.parse(
      (await discoveries('show', 'lab', '--format', 'json')).stdout,
    ) as SavedSearchView;
    expect(shown).toMatchObject({ schedule: null, limits: { perSecond: 50 }, addTags: ['x'] });
    expect(shown).toMatchObject({ hours: { from: '22:00', timezone: 'Europe/Berlin' }, reverseDns: true });
    const less = await discoveries('edit', 'lab', '--hours', 'any', '--no-reverse-dns');
    expect(less.stdout).not.toContain('hours');
    expect((await discoveries('delete', 'lab')).status).toBe(0);
  });

  // The tenth acceptance line of the specification.
  it('runs a search: what is missing vanishes after two complete runs, and a renewed find keeps its id', async () => {
    const one = await serve('one.test', '127.26.6.5');
    const two = await serve('two.test', '127.26.6.6');
    const targets = [`127.26.6.5:${one.port}`, `127.26.6.6:${two.port}`];
    await discoveries('add', 'x', ...targets, '--rate', '200');
    const first = await discoveries('run', 'x');
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toContain(
      'Last run: done, 2 of 2 connections, 2 TLS services; 2 new, 0 changed, 0 vanished.',
    );
    const [before] = await finds('x', '--state', 'new');
    const { port } = one;
    await one.close();
    await two.close();
    await discoveries('run', 'x');
    expect(await finds('x', '--state', 'vanished')).toEqual([]);
    await discoveries('run', 'x');
    expect((await finds('x', '--state', 'vanished')).length).toBeGreaterThan(0);
    const { pem, key } = ca.issue({ name: 'one.test' });
    const renewed = tls.createServer({ cert: pem, key });
    renewed.on('tlsClientError', () => undefined); // As above.
    await new Promise<void>((resolve) => renewed.listen(port, '127.26.6.5', resolve));
    await discoveries('run', 'x');
    const [after] = await finds('x', '--state', 'new');
    expect([after?.id, after?.leaf?.fingerprint256 === before?.leaf?.fingerprint256]).toEqual([
      before?.id,
      false,
    ]);
    renewed.close();
  });

  it('has finds reviewed: a job is added, another one is ignored', async () => {
    const [one, two] = [await serve('a.test', '127.26.6.7'), await serve('b.test', '127.26.6.8')];
    await discoveries('add', 'review', `127.26.6.7:${one.port}`, `127.26.6.8:${two.port}`, '--rate', '200');
    await discoveries('run', 'review');
    const [first, second] = await finds('review');
    const added = await discoveries('add-finds', String(first?.id), '--tag', 'lab');
    expect(added.stdout).toBe('Added 1 job.\n');
    expect((await discoveries('ignore', String(second?.id))).stdout).toBe('Ignored: 1 find.\n');
    expect((await finds('review')).map(({ state }) => state)).toEqual(['watched', 'ignored']);
    expect((await discoveries('review', 'review', '--state', 'watched')).stdout).toContain('a.test');
    expect((await discoveries('ignore', 'seven')).status).toBe(64);
    for (const command of ['ignore', 'add-finds'])
      expect(await discoveries(command, '99999')).toMatchObject({
        status: 66,
        stderr: 'notafter: No find has the id 99999.\n',
      });
    expect((await discoveries('ignore', String(second?.id), '99999')).stdout).toBe(
      'Ignored: 0 finds. No find has 1 of the ids.\n',
    );
    expect((await discoveries('ignore', '--rule', '127.26.6.0/24', '--of', 'review', '--undo')).stdout).toBe(
      'No longer ignored: 1 find.\n',
    );
    expect((await discoveries('ignore', '--rule', '*.test', '--of', 'review')).stdout).toBe(
      'Ignored: 2 finds.\n',
    );
    expect(await discoveries('ignore', '--rule', '10.0.0.0/33')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('A prefix of an IPv4 network is 0 to 32.'),
    });
    expect((await discoveries('ignore')).status).toBe(64);
    expect((await discoveries('forget')).status).toBe(64);
    expect((await discoveries('forget', '--of', 'review')).status).toBe(64);
    expect((await discoveries('forget', '--of', 'review', '--not-seen-for', '1')).stdout).toBe(
      'Forgot 0 finds.\n',
    );
    expect((await discoveries('forget', String(second?.id), '--state', 'ignored')).stdout).toBe(
      'Forgot 1 find.\n',
    );
    expect((await finds('review')).map(({ state }) => state)).toEqual(['watched']);
    await one.close();
    await two.close();
  });

  it('gives no consent over HTTP, and has it where the service was started with it', async () => {
    const body = { name: 'public', targets: ['192.0.2.0/30'] };
    for (const more of [{ publicConsentAt: '2026-11-24T10:00:00.000Z' }, { allowPublicRanges: true }])
      expect((await service.call('POST', '/discoveries', { ...body, ...more })).status).toBe(400);
    const { body: saved } = await service.call('POST', '/discoveries', body);
    const { id } = saved as { id: string };
    const patched = await service.call('PATCH', `/discoveries/${id}`, {
      publicConsentAt: '2026-11-24T10:00:00.000Z',
    });
    expect(patched.status).toBe(400);
    const { stdout, status } = await discoveries('run', 'public');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining(
        '4 addresses are public. Scanning public addresses needs a person’s confirmation',
      ),
    });
    using other = temporaryFolder();
    await using allowed = await Service.start(other.path, '--allow-public-ranges');
    const plan = await allowed.call('POST', '/discoveries/plan', body);
    expect(plan).toMatchObject({ status: 200, body: { publicAddresses: 4, refused: [], sent: 0 } });
  });

  it('tells of a run on the stream of events, and answers 409 to a second one', async () => {
    const controller = new AbortController();
    const events = await service.events(controller.signal);
    const { body } = await service.call('POST', '/discoveries', {
      name: 'events',
      targets: ['127.26.7.0/24'],
      ports: '9443',
      limits: { perSecond: 10 },
    });
    const { id } = body as { id: string };
    expect((await service.call('POST', `/discoveries/${id}/run`)).status).toBe(202);
    expect((await service.call('POST', `/discoveries/${id}/run`)).status).toBe(409);
    expect((await service.call('POST', `/discoveries/${id}/stop`)).status).toBe(204);
    const types: string[] = [];
    for await (const event of events) {
      types.push(event.type);
      if (event.type === 'discovery-ended') {
        expect(event).toMatchObject({ run: { discoveryId: id, state: 'stopped' }, message: null });
        break;
      }
    }
    expect(types).toContain('discovery-changed');
    controller.abort();
    expect((await service.call('DELETE', `/discoveries/${id}`)).status).toBe(204);
    expect((await service.call('GET', `/discoveries/${id}`)).status).toBe(404);
  });
});
