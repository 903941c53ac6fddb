import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { History } from '../../../electron/engine/store/history.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const target = (port: number) => ({ host: 'localhost', port, servername: null, starttls: null });
const start = Date.parse('2026-11-24T10:00:00Z');

async function realCheck() {
  const ca = makeCa();
  await using server = await serveTls(ca.issue(), [ca]);
  return await new Prober().check({
    target: target(server.port),
    thresholds: defaultThresholds,
    caFiles: [],
    timeoutMs: 5000,
  });
}
async function failedCheck() {
  return new Prober().check({
    target: target(1),
    thresholds: defaultThresholds,
    caFiles: [],
    timeoutMs: 5000,
  });
}
const at = (checked: Awaited<ReturnType<typeof realCheck>>, time: number) => ({
  ...checked,
  result: { ...checked.result, checkedAt: new Date(time).toISOString() } satisfies CheckResult,
});

describe('History', () => {
  it('gives back what it was given, the newest first', async () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'));
    const history = new History(database);
    const checked = await realCheck();
    history.add('job', checked);
    expect(history.last('job')).toEqual({ ...checked.result, missed: 0 });
    const failed = await failedCheck();
    history.add('job', failed);
    const kept = { ...checked.result, missed: 0 };
    expect(history.list('job', 10, 0)).toEqual({ items: [{ ...failed.result, missed: 0 }, kept], total: 2 });
    expect(history.list('job', 1, 1).items).toEqual([kept]);
    expect(history.last('other')).toBeNull();
    history.flush();
    database.close();
  });

  it('keeps the certificate seen last in the summary of an unreachable host', async () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'));
    const history = new History(database);
    const checked = await realCheck();
    history.add('job', at(checked, start));
    history.add('job', at(await failedCheck(), start + 1000));
    expect(history.lastOfAll().get('job')).toMatchObject({
      status: 'unreachable',
      validTo: checked.result.certificate?.validTo,
      issuer: 'Matrix Root',
      problems: [{ code: 'unreachable' }],
    });
    history.flush();
    database.close();
  });

  it('counts unreachable results in a row', async () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'));
    const history = new History(database);
    const [good, bad] = [await realCheck(), await failedCheck()];
    for (const [index, one] of [bad, good, bad, bad].entries())
      history.add('job', at(one, start + index * 1000));
    expect(history.unreachableStreak('job', 3)).toBe(2);
    expect(history.unreachableStreak('job', 1)).toBe(1);
    history.add('job', at(good, start + 9000));
    expect(history.unreachableStreak('job', 3)).toBe(0);
    history.flush();
    database.close();
  });

  it('stores a result in less than 200 bytes and each certificate once', async () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    const { database } = openDatabase(path);
    const history = new History(database);
    const checked = await realCheck();
    const size = () => {
      history.flush();
      database.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM');
      return statSync(path).size;
    };
    history.add('job', at(checked, start));
    const before = size();
    for (let index = 1; index <= 2000; index += 1) history.add('job', at(checked, start + index * 60_000));
    expect((size() - before) / 2000).toBeLessThan(200);
    expect(database.prepare('SELECT count(*) AS number FROM certificates').get()).toEqual({ number: 2 });
    history.flush();
    database.close();
  });

  it('forgets a job, and results that are too old with the certificates that only they had', async () => {
    using folder = temporaryFolder();
    const { database } = openDatabase(folder.file('history.sqlite'));
    const history = new History(database);
    history.add('old', at(await realCheck(), start - 86_400_000));
    history.add('new', at(await realCheck(), start));
    history.prune(start - 1);
    expect(history.last('old')).toBeNull();
    expect(history.last('new')).not.toBeNull();
    expect(database.prepare('SELECT count(*) AS number FROM certificates').get()).toEqual({ number: 2 });
    history.removeJob('new');
    expect(history.lastOfAll().size).toBe(0);
    history.flush();
    database.close();
  });
});
