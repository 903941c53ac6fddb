import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { IdleMemory } from '../../electron/engine/idle-memory.ts';
import { ManualClock } from '../support/manual-clock.ts';

function make() {
  const clock = new ManualClock();
  const state = { isBusy: false, collections: 0 };
  const memory = new IdleMemory(
    clock,
    () => state.isBusy,
    () => {
      state.collections += 1;
    },
  );
  return { clock, memory, state };
}

describe('memory at rest', () => {
  it('is given back once after the start, when nothing runs any more', () => {
    const { clock, memory, state } = make();
    state.isBusy = true;
    memory.start();
    clock.advance(60_000);
    expect(state.collections).toBe(0);
    state.isBusy = false;
    clock.advance(5_000);
    expect(state.collections).toBe(1);
    expect(clock.pending).toBe(0);
    clock.advance(86_400_000);
    expect(state.collections).toBe(1);
  });

  it('is given back after a burst of checks, not within it, and not for a few', () => {
    const { clock, memory, state } = make();
    for (let check = 0; check < 499; check += 1) memory.note();
    clock.advance(60_000);
    expect([state.collections, clock.pending]).toEqual([0, 0]);
    for (let second = 0; second < 20; second += 1) {
      memory.note();
      clock.advance(1_000);
    }
    expect(state.collections).toBe(0);
    clock.advance(10_000);
    expect([state.collections, clock.pending]).toEqual([1, 0]);
    memory.note();
    clock.advance(60_000);
    expect(state.collections).toBe(1);
  });

  it('is waited for by no timer after a stop', () => {
    const { clock, memory } = make();
    memory.start();
    memory.stop();
    expect(clock.pending).toBe(0);
  });

  it('is V8’s to give: a heap full of garbage is smaller after it', () => {
    const clock = new ManualClock();
    const memory = new IdleMemory(clock, () => false);
    let garbage: unknown[] = Array.from({ length: 400_000 }, (_, index) => ({
      index,
      text: `text ${index}`,
    }));
    const before = getHeapStatistics().total_heap_size;
    garbage = [];
    memory.start();
    clock.advance(5_000);
    expect(garbage).toEqual([]);
    expect(getHeapStatistics().total_heap_size).toBeLessThan(before);
  });
});
