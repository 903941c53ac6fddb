import { collectGarbage } from '../support/collect-garbage.ts';

const megabyte = 2 ** 20;

/** What this process holds, in MB, after garbage is collected: JavaScript's heap, and all of it. */
export function ownMemory(): { heap: number; resident: number } {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / megabyte, resident: rss / megabyte };
}

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How a figure went: its median early and late, the time of warming up (the first third) left out. */
export function trend(values: readonly number[]): { early: number; late: number; growth: number } {
  const settled = values.slice(Math.floor(values.length / 3));
  const part = Math.max(1, Math.floor(settled.length / 3));
  const [early, late] = [median(settled.slice(0, part)), median(settled.slice(-part))];
  return { early, late, growth: (late - early) / early };
}
