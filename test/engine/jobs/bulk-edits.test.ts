import { describe, expect, it } from 'vitest';
import { readImport } from '../../../electron/engine/import/read-import.ts';
import { TestEngine } from '../../support/test-engine.ts';

const hosts = (count: number) => Array.from({ length: count }, (_, index) => `n${index}.test`).join('\n');

function imported(test: TestEngine, count: number) {
  const read = readImport(hosts(count), 'hosts');
  if ('message' in read) throw new Error(read.message);
  return test.engine.jobs.bulk.import(read);
}

/** Counts the events of each turn of the event loop. @returns the most of one turn */
function countTurns(test: TestEngine): () => number {
  let inTurn = 0;
  let most = 0;
  test.engine.events.subscribe(() => {
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    inTurn += 1;
    most = Math.max(most, inTurn);
  });
  return () => most;
}

describe('many jobs', () => {
  it('are added, edited and deleted in turns, and the log says how many', async () => {
    await using test = new TestEngine();
    const most = countTurns(test);
    expect(await imported(test, 1_000)).toMatchObject({ added: 1_000 });
    const ids = [...test.engine.jobs.all()].map(({ id }) => id);
    expect(ids).toHaveLength(1_000);
    expect(await test.engine.jobs.bulk.edit({ ids: [...ids, 'none'], patch: {}, addTags: ['x'] })).toBe(
      1_000,
    );
    expect(await test.engine.jobs.bulk.remove(ids)).toBe(1_000);
    expect(test.events.filter(({ type }) => type === 'job-changed')).toHaveLength(2_000);
    expect(test.events.filter(({ type }) => type === 'job-removed')).toHaveLength(1_000);
    expect(most()).toBeLessThanOrEqual(50);
    expect(test.log.lines.filter((line) => /jobs$/.test(line))).toEqual([
      'added 1,000 jobs',
      'changed 1,000 jobs',
      'deleted 1,000 jobs',
    ]);
  });

  it('that are few are named in the log', async () => {
    await using test = new TestEngine();
    await imported(test, 2);
    expect(test.log.lines.filter((line) => line.startsWith('added'))).toEqual([
      'added n0.test',
      'added n1.test',
    ]);
  });

  it('of which one is deleted meanwhile come without it', async () => {
    await using test = new TestEngine();
    test.engine.start();
    const changed: string[] = [];
    let last: string | undefined;
    test.engine.events.subscribe((event) => {
      if (event.type !== 'job-changed') return;
      changed.push(event.job.id);
      if (last !== undefined) return;
      last = [...test.engine.jobs.all()].at(-1)?.id;
      void test.engine.jobs.remove(last ?? '');
    });
    await imported(test, 200);
    expect(changed).not.toContain(last);
    expect(test.engine.jobs.count).toBe(199);
  });
});
