import { describe, expect, it } from 'vitest';
import { findAgain, judgeAbsences } from '../../../../electron/engine/discovery/saved/compare-finds.ts';
import type { StoredFind } from '../../../../electron/engine/discovery/saved/find-store.ts';
import type { Found } from '../../../../shared/schema/discovery.ts';

const found = (given: Partial<Found> & { print?: string; sans?: string[] } = {}): Found => {
  const { print = 'AA', sans = [], ...rest } = given;
  const leaf = {
    subject: 'CN=x',
    issuer: 'CN=y',
    sans,
    validTo: '2027-01-01T00:00:00.000Z',
    fingerprint256: print,
    problems: [],
    isPlaceholder: false,
  };
  return {
    address: '10.0.0.1',
    port: 443,
    starttls: null,
    names: [],
    suggested: null,
    leaf,
    state: 'new',
    note: null,
    ...rest,
  };
};
let id = 0;
const kept = (one: Found, more: Partial<StoredFind> = {}): StoredFind => {
  id += 1;
  return {
    id,
    discoveryId: 'a',
    found: one,
    firstAt: 0,
    lastAt: 0,
    changedAt: null,
    run: 1,
    firstRun: 1,
    changedRun: null,
    missed: 0,
    vanishedAt: null,
    isIgnored: false,
    ...more,
  };
};

describe('a find', () => {
  const shop = kept(found({ print: 'S1', names: ['shop.test'], sans: ['shop.test'] }));
  const usual = kept(found({ print: 'D1', sans: ['default.test'] }));
  const known = [shop, usual];

  it.each<[string, Found, StoredFind | null]>([
    ['the same certificate', found({ print: 'S1' }), shop],
    ['a renewed one of the same name', found({ print: 'S2', names: ['shop.test'] }), shop],
    [
      'a renewed one of the same subject alternative name',
      found({ print: 'D2', sans: ['default.test'] }),
      usual,
    ],
    [
      'another one without a name, where one without a name was',
      found({ print: 'D3', sans: ['new.test'] }),
      usual,
    ],
    ['another one of another name', found({ print: 'N1', names: ['new.test'], sans: ['new.test'] }), null],
  ])('is found again by %s', (_, one, same) => expect(findAgain(one, known, 2)).toBe(same));

  it('is another one if this run has seen the one with its names already', () => {
    const seen = { ...shop, run: 2 };
    expect(findAgain(found({ print: 'S2', names: ['shop.test'] }), [seen], 2)).toBeNull();
  });

  it('that wanted a name is the one that a name was found for', () => {
    const wanting = kept(found({ leaf: null, state: 'needs-name' }));
    expect(findAgain(found({ print: 'S1', names: ['shop.test'] }), [wanting], 2)).toBe(wanting);
  });
});

describe('what a complete run did not see', () => {
  const at = (address: string, more: Partial<StoredFind> = {}) => kept(found({ address }), more);

  it('counts as vanished after two runs in a row', () => {
    const [first, seen] = [at('10.0.0.1'), at('10.0.0.2', { run: 2 })];
    const once = judgeAbsences([first, seen], 2, 50);
    expect([once.missed, once.vanished]).toMatchObject([[{ id: first.id, missed: 1, vanishedAt: null }], []]);
    const twice = judgeAbsences([...once.missed, seen], 3, 60);
    expect(twice.vanished).toMatchObject([{ id: first.id, missed: 2, vanishedAt: 60 }]);
    expect(judgeAbsences(twice.vanished, 4, 70)).toEqual({ missed: [], vanished: [], away: [] });
  });

  it('says nothing of a network of which more than half is missing at once', () => {
    const network = (missing: number, size = 10) =>
      Array.from({ length: size }, (_, index) => at(`10.0.3.${index}`, { run: index < missing ? 1 : 2 }));
    const other = at('10.0.4.1');
    const gone = judgeAbsences([...network(6), other], 2, 50);
    expect(gone.away).toEqual(['10.0.3.0/24']);
    expect(gone.missed.map(({ id: one }) => one)).toEqual([other.id]);
    expect(judgeAbsences(network(5), 2, 50)).toMatchObject({ away: [], missed: { length: 5 } });
    // Last time is the complete run before: what was missing then is not there now.
    expect(judgeAbsences([...network(7, 9), at('10.0.3.200', { run: 3 })], 3, 50, [2, 1])).toMatchObject({
      away: [],
      missed: { length: 9 },
    });
    // Of a few addresses any may be the only one.
    expect(judgeAbsences(network(7, 7), 2, 50)).toMatchObject({ away: [], missed: { length: 7 } });
    const six = Array.from({ length: 8 }, (_, index) => at(`2001:db8::${index + 1}`));
    expect(judgeAbsences(six, 2, 50).away).toEqual(['2001:db8::/64']);
  });

  it('vanishes once some of its network has answered in two runs', () => {
    let finds = Array.from({ length: 10 }, (_, index) => at(`10.0.3.${index}`));
    const earlier = [1];
    const runs = [2, 3, 4].map((run) => {
      finds = finds.map((one, index) => (index < 3 ? { ...one, run } : one));
      const { missed, vanished, away } = judgeAbsences(finds, run, run, earlier);
      finds = finds.map((one) => missed.find(({ id: same }) => same === one.id) ?? one);
      earlier.unshift(run);
      return { away: away.length, missed: missed.length, vanished: vanished.length };
    });
    expect(runs).toEqual([
      { away: 1, missed: 0, vanished: 0 },
      { away: 0, missed: 7, vanished: 0 },
      { away: 0, missed: 7, vanished: 7 },
    ]);
  });

  it('vanishes after five runs in which its whole network was silent, and two more', () => {
    let finds = Array.from({ length: 10 }, (_, index) => at(`10.0.3.${index}`));
    const earlier = [1];
    const runs = [2, 3, 4, 5, 6, 7, 8].map((run) => {
      const { missed, vanished, away } = judgeAbsences(finds, run, run, earlier);
      finds = finds.map((one) => missed.find(({ id: same }) => same === one.id) ?? one);
      earlier.unshift(run);
      return [away.length, missed.length, vanished.length];
    });
    expect(runs).toEqual([...Array.from({ length: 5 }, () => [1, 0, 0]), [0, 10, 0], [0, 10, 10]]);
  });
});
