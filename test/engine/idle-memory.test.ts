import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { constants } from 'node:perf_hooks';
import { promisify } from 'node:util';
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

  it('is given back by V8 in steps: only a young collection holds anything up, and the heap is small after V8’s own', async () => {
    const child = join(import.meta.dirname, '../support/rest-after-burst.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [child]);
    const { atOnce, later, before, after } = JSON.parse(stdout) as Record<string, number | number[]>;
    expect(atOnce).toEqual([constants.NODE_PERFORMANCE_GC_MINOR]);
    expect(later).toContain(constants.NODE_PERFORMANCE_GC_MAJOR);
    expect(after).toBeLessThan(Number(before) / 2);
  }, 120_000);
});
