import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from './clock.ts';

/** Work is over once none has begun for so long. */
const restMs = 5_000;
/** So many checks leave garbage worth a collection. */
const burstSize = 500;
/** A heap up to here is left as it is. */
const smallHeapBytes = 64 * 2 ** 20;

type Collect = (options: { type: 'minor' }) => void;

/**
 * Has V8 give memory back, which it does by itself and in steps between other work once it finds that little is allocated
 * (src/heap/memory-reducer.cc). It measures that from one collection to the next, and a process at rest has none: its last figures
 * are those of the burst. One young collection brings new ones. A whole collection would hold everything up instead: 70 ms with
 * 10,000 jobs. V8 offers its collector to programs that ask for it by a flag; contexts that are made after that have it.
 */
function measureAllocation(): void {
  if (getHeapStatistics().total_heap_size <= smallHeapBytes) return;
  setFlagsFromString('--expose-gc');
  // SAFETY: the flag is what defines the name (src/extensions/gc-extension.cc).
  const collect = runInNewContext('gc') as Collect;
  collect({ type: 'minor' });
}

/** What checks, as far as memory goes. */
interface Checks {
  readonly queueLength: number;
  readonly events: { subscribe(listener: (event: { type: string }) => void): () => void };
}

/** Has a process give memory back after its start and after bursts of checks. @returns what ends that */
export function keepMemorySmall(clock: Clock, checks: Checks): () => void {
  const memory = new IdleMemory(clock, () => checks.queueLength > 0);
  const unsubscribe = checks.events.subscribe(({ type }) => {
    if (type === 'finished') memory.note();
  });
  memory.start();
  return () => {
    unsubscribe();
    memory.stop();
  };
}

/**
 * Has memory given back that the start and bursts of checks took: V8 collects when memory is asked for, so a program at rest would keep
 * its garbage for long, 90 MB with 10,000 jobs.
 */
export class IdleMemory {
  readonly #clock: Clock;
  readonly #isBusy: () => boolean;
  readonly #collect: () => void;
  #work = 0;
  #cancel: (() => void) | null = null;

  /** @param isBusy whether checks run or wait */
  constructor(clock: Clock, isBusy: () => boolean, collect: () => void = measureAllocation) {
    this.#clock = clock;
    this.#isBusy = isBusy;
    this.#collect = collect;
  }

  /** The start is a burst, too. */
  start(): void {
    this.#await();
  }

  /** A check ended. */
  note(): void {
    this.#work += 1;
    if (this.#work >= burstSize && this.#cancel === null) this.#await();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #await(): void {
    const before = this.#work;
    this.#cancel = this.#clock.after(restMs, () => {
      this.#cancel = null;
      if (this.#isBusy() || this.#work !== before) {
        this.#await();
        return;
      }
      this.#work = 0;
      this.#collect();
    });
  }
}
