import { describe, expect, it } from 'vitest';
import { fitRange, placesOf, rangeInSight } from '../../renderer/hosts/list/rows-in-sight.ts';

const rowHeight = 28;
const height = 600;
const count = 10_000;

describe('the rows that are drawn', () => {
  it('cover what is in sight and twelve beyond, wherever the list is scrolled to', () => {
    for (let top = 0; top <= count * rowHeight - height; top += 217) {
      const { from, to } = fitRange(rangeInSight(top, height, rowHeight), count);
      expect(from).toBeLessThanOrEqual(Math.max(0, Math.floor(top / rowHeight) - 12));
      expect(to).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((top + height) / rowHeight) + 12));
      expect(to - from).toBeLessThan(64);
    }
  });

  it('change once in eight rows of a scroll', () => {
    const ranges = Array.from({ length: 80 * rowHeight }, (_, top) => rangeInSight(top, height, rowHeight));
    const changes = ranges.filter((range, index) => {
      const before = ranges[index - 1];
      return before && (before.from !== range.from || before.to !== range.to);
    });
    expect(changes.length).toBeLessThanOrEqual(20);
  });

  it('are the last ones at once where a filter leaves fewer than the list is scrolled to', () => {
    const range = rangeInSight(5_000 * rowHeight, height, rowHeight);
    const { from, to } = fitRange(range, 40);
    expect(to).toBe(40);
    expect(from).toBe(0);
    expect(fitRange(range, 100)).toEqual({ from: 100 - (range.to - range.from), to: 100 });
    expect(fitRange(range, 0)).toEqual({ from: 0, to: 0 });
  });

  it('keep the row that has the focus, in its order', () => {
    expect(placesOf({ from: 8, to: 11 }, 2)).toEqual([2, 8, 9, 10]);
    expect(placesOf({ from: 8, to: 11 }, 40)).toEqual([8, 9, 10, 40]);
    expect(placesOf({ from: 8, to: 11 }, 9)).toEqual([8, 9, 10]);
    expect(placesOf({ from: 8, to: 11 }, -1)).toEqual([8, 9, 10]);
  });
});
