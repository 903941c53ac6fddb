import { describe, expect, it, vi } from 'vitest';
import { FindReview } from '../../../../electron/engine/discovery/saved/find-review.ts';
import { SearchDatabase } from '../../../../electron/engine/discovery/saved/search-database.ts';
import { openDatabase } from '../../../../electron/engine/store/database.ts';
import { Statements } from '../../../../electron/engine/store/statements.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A list of so many finds of two searches. */
function reviewing(length: number) {
  const folder = temporaryFolder();
  const { database } = openDatabase(folder.file('history.sqlite'));
  const searches = new SearchDatabase(database);
  const ids = Array.from({ length }, (_, index) => {
    const find = searches.finds.add({
      ...{ discoveryId: index % 2 === 0 ? 'even' : 'odd', firstAt: 1, lastAt: 1, changedAt: null },
      ...{ run: 1, firstRun: 1, changedRun: null, missed: 0, vanishedAt: null, isIgnored: false },
      found: {
        ...{ address: `10.0.${index >> 8}.${index & 255}`, port: 443, starttls: null, suggested: null },
        ...{ names: [`h${index}.test`], leaf: null, state: 'needs-name', note: null },
      },
    });
    return find?.id ?? 0;
  });
  const review = new FindReview({
    storage: { searches, tryWrite: (work) => work() },
    jobs: { all: () => [].values(), addAll: async () => [] },
    clock: { now: () => 0 },
    searchTags: () => [],
  });
  /** Whether a step reads every find, as SQLite plans its statements. */
  const readsAll = (step: () => unknown) => {
    const prepare = vi.spyOn(Statements.prototype, 'prepare');
    step();
    const statements = prepare.mock.calls.map(([sql]) => sql);
    prepare.mockRestore();
    const plans = statements.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    expect(plans).not.toEqual([]);
    return plans.some(({ detail }) => String(detail).startsWith('SCAN discovery_finds'));
  };
  const dispose = () => {
    database.close();
    folder[Symbol.dispose]();
  };
  return { review, ids, readsAll, [Symbol.dispose]: dispose };
}

describe('finds that are named by their ids', () => {
  it('are ignored and forgotten without a look at the others', () => {
    using on = reviewing(600);
    const [first = 0, second = 0, third = 0] = on.ids;
    expect(on.readsAll(() => on.review.ignore({ ids: [first, 9_999] }, true))).toBe(false);
    expect(on.readsAll(() => on.review.ignore({ ids: [second], rule: ['*.test'] }, true))).toBe(false);
    expect(on.readsAll(() => on.review.forget({ ids: [third], state: 'needs-name' }))).toBe(false);
    expect(on.review.list({ state: 'ignored', limit: 10, offset: 0 }).items.map(({ id }) => id)).toEqual([
      first,
      second,
    ]);
    expect(on.review.list({ limit: 1, offset: 0 }).total).toBe(599);
    expect(on.readsAll(() => on.review.ignore({ rule: ['h5.test'] }, true))).toBe(true);
  });

  it('count each once, those of the search alone that is named, and those that are not there', () => {
    using on = reviewing(4);
    const [first = 0, second = 0] = on.ids;
    expect(on.review.ignore({ ids: [first, first, second, 77], discovery: 'odd' }, true)).toEqual({
      finds: 1,
      missing: 3,
    });
    expect(on.review.forget({ ids: [first, second], discovery: 'even' })).toBe(1);
  });
});
