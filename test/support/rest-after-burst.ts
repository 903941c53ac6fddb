import { once } from 'node:events';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { IdleMemory } from '../../electron/engine/idle-memory.ts';
import { ManualClock } from './manual-clock.ts';

// A process that makes garbage, comes to rest, and writes which collections followed and how large the heap is.
const kinds: number[] = [];
const collected = new EventTarget();
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    // SAFETY: the detail of an entry of type gc, by Node's documentation.
    const { kind } = Reflect.get(entry, 'detail') as { kind: number };
    kinds.push(kind);
    collected.dispatchEvent(new Event(String(kind)));
  }
}).observe({ entryTypes: ['gc'] });
const turn = () => new Promise((resolve) => setImmediate(resolve));

let garbage: object[] = [];
while (!kinds.includes(constants.NODE_PERFORMANCE_GC_MAJOR) || garbage.length < 1_000_000) {
  for (let count = 0; count < 50_000; count += 1) garbage.push({ text: `text ${garbage.length}` });
  await turn();
}
garbage = [];
await turn();
kinds.length = 0;
const before = getHeapStatistics().total_heap_size;
const clock = new ManualClock();
new IdleMemory(clock, () => false).start();
clock.advance(5_000);
const alive = setInterval(() => undefined, 60_000);
await once(collected, String(constants.NODE_PERFORMANCE_GC_MINOR));
const atOnce = kinds.splice(0);
await once(collected, String(constants.NODE_PERFORMANCE_GC_MAJOR));
clearInterval(alive);
process.stdout.write(
  JSON.stringify({ atOnce, later: kinds, before, after: getHeapStatistics().total_heap_size, garbage }),
);
