import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchedNames } from '../../../../electron/engine/discovery/saved/watched-names.ts';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { openDatabase } from '../../../../electron/engine/store/database.ts';
import { History } from '../../../../electron/engine/store/history.ts';
import { Statements } from '../../../../electron/engine/store/statements.ts';
import { type Job, jobInputSchema } from '../../../../shared/schema/job.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { serveTls } from '../../../support/tls-server.ts';
import { turnsOf } from '../../../support/turns.ts';

afterEach(() => vi.restoreAllMocks());

const signal = new AbortController().signal;
const jobOf = (id: string, target: object): Job => ({
  ...jobInputSchema.parse({ target }),
  id,
  createdAt: '2026-11-24T10:00:00Z',
  updatedAt: '2026-11-24T10:00:00Z',
  origin: null,
});
const host = (index: number) => jobOf(`host-${index}`, { host: `host-${index}.example` });

async function checkOnce(sans: string[]) {
  const ca = makeCa();
  const server = await serveTls(ca.issue({ name: sans[0] ?? '', sans }), [ca]);
  const target = { host: 'localhost', port: server.port, servername: null, starttls: null };
  const request = { target, thresholds: defaultThresholds, caFiles: [], timeoutMs: 5_000 };
  const shown = await new Prober().check(request);
  await server.close();
  return { shown, down: await new Prober().check(request) };
}

function openHistory() {
  const folder = temporaryFolder();
  const { database } = openDatabase(folder.file('history.sqlite'));
  const history = new History(database);
  const close = () => {
    history.flush();
    database.close();
    folder[Symbol.dispose]();
  };
  return { history, [Symbol.dispose]: close };
}

describe('the names of watched hosts', () => {
  it('are those of the certificate shown last, also while a host does not answer', async () => {
    using opened = openHistory();
    const { history } = opened;
    const first = await checkOnce(['old.example']);
    const second = await checkOnce(['WWW.example', '*.wild.example', '192.0.2.7', 'bücher.example']);
    const checkedAt = (checked: typeof first.shown, at: number) => ({
      ...checked,
      result: { ...checked.result, checkedAt: `2026-11-24T10:00:0${at}.000Z` },
    });
    // All within the hour for which a sighting is taken down once: the result tells which came last.
    history.add('host-1', checkedAt(first.shown, 1));
    history.add('host-1', checkedAt(second.shown, 2));
    history.add('host-1', checkedAt(first.shown, 3));
    history.add('host-2', checkedAt(second.shown, 1));
    history.add('host-2', checkedAt(second.down, 2));
    history.add('host-3', checkedAt(second.down, 1));
    const names = (jobs: Job[]) => watchedNames(jobs, { history }, signal);
    expect(await names([host(1)])).toEqual(['old.example']);
    expect(await names([host(2)])).toEqual(['www.example', 'xn--bcher-kva.example']);
    expect(await names([host(3), host(4)])).toEqual([]);
    expect(await names([jobOf('host-1', { file: '/etc/ssl/one.pem' })])).toEqual([]);
    expect(await names([host(2), host(1)])).toEqual(['www.example', 'xn--bcher-kva.example', 'old.example']);
  });

  it('take a query and a turn for each 500 hosts, not for each host that is down', async () => {
    using opened = openHistory();
    const { history } = opened;
    const { shown, down } = await checkOnce(['www.example']);
    const jobs = Array.from({ length: 2_400 }, (_, index) => host(index));
    for (const { id } of jobs) {
      history.add(id, shown);
      history.add(id, { ...down, result: { ...down.result, checkedAt: '2100-01-01T00:00:00.000Z' } });
    }
    history.flush();
    const queries = [vi.spyOn(Statements.prototype, 'all'), vi.spyOn(Statements.prototype, 'get')];
    const turns = await turnsOf(async () =>
      expect(await watchedNames(jobs, { history }, signal)).toEqual(['www.example']),
    );
    expect(queries.flatMap((one) => one.mock.calls)).toHaveLength(5);
    expect(turns).toBeGreaterThanOrEqual(4);
    await expect(watchedNames(jobs, { history }, AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
  });
});
