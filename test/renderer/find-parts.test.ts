import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { firstPage, inParts, nextLimit, partsOf, restOf } from '../../renderer/discover/find-parts.ts';
import { pageInput } from '../../shared/contract/paging.ts';
import { maxFindsAtOnce } from '../../shared/domain/list-bounds.ts';

const input = z.object(pageInput);
const ids = (length: number) => Array.from({ length }, (_, index) => index + 1);

describe('a long list of finds', () => {
  it('is shown as far as the API returns it, and says how many more there are', () => {
    const total = 12_345;
    let limit = firstPage;
    const words: string[] = [];
    for (let rest = restOf(limit, total, limit); rest !== null; rest = restOf(limit, total, limit)) {
      words.push(rest.words);
      if (!rest.canShow) break;
      limit = nextLimit(limit);
      expect(input.safeParse({ limit }).success).toBe(true);
    }
    expect(words.slice(-2)).toEqual([
      'Show 800 more finds',
      '2,345 more finds. Filter the list to see them.',
    ]);
    expect(words[0]).toBe('Show 1,000 more finds');
    expect(input.safeParse({ limit: limit + 1 }).success).toBe(false);
  });

  it('offers what is left, and nothing where all are shown', () => {
    expect(restOf(200, 201, 200)).toEqual({ canShow: true, words: 'Show 1 more find' });
    expect(restOf(10_000, 10_000, 10_000)).toBeNull();
  });

  it('is changed in parts that the API takes, each find once and one part after the other', async () => {
    expect(partsOf([])).toEqual([]);
    expect(partsOf(ids(maxFindsAtOnce))).toHaveLength(1);
    const done: number[] = [];
    let open = 0;
    await inParts(ids(2 * maxFindsAtOnce + 1), async (part) => {
      expect(part.length).toBeLessThanOrEqual(maxFindsAtOnce);
      expect(open).toBe(0);
      open += 1;
      await Promise.resolve();
      open -= 1;
      done.push(...part);
    });
    expect(done).toEqual(ids(2 * maxFindsAtOnce + 1));
  });

  it('is changed no further where a part fails', async () => {
    let asked = 0;
    const failing = inParts(ids(2 * maxFindsAtOnce), async () => {
      asked += 1;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(asked).toBe(1);
  });
});
