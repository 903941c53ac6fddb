import { monitorEventLoopDelay } from 'node:perf_hooks';
import { randomOf } from './random.ts';
import { type FuzzTarget, fuzzTargets } from './targets.ts';

/**
 * `npm run fuzz [TARGET] [CASES] [FIRST SEED]`: 100,000 cases of every target, or of one. A case that fails, or holds the
 * event loop up for longer than the bound, names its seed; the exit status is 1 then.
 */
const args = process.argv.slice(2);
const named = Object.entries<FuzzTarget>(fuzzTargets).filter(([name]) => name === args[0]);
const [cases = 100_000, first = Math.floor(Math.random() * 2 ** 31)] = (
  named.length > 0 ? args.slice(1) : args
).map(Number);
const maxBlockMs = 100;

for (const [name, target] of named.length > 0 ? named : Object.entries<FuzzTarget>(fuzzTargets))
  await fuzz(name, target);

async function fuzz(name: string, { run, mustMeet, close }: FuzzTarget): Promise<void> {
  const outcomes: Record<string, number> = Object.fromEntries(mustMeet.map((outcome) => [outcome, 0]));
  let slowest = { seed: first, ms: 0 };
  // Once unmeasured: the first case also starts what a target needs, such as a service.
  await run(randomOf(first));
  const begun = performance.now();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  for (let seed = first; seed < first + cases; seed += 1) {
    const before = process.threadCpuUsage();
    delay.reset();
    delay.enable();
    try {
      const outcome = await run(randomOf(seed));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      process.stderr.write(`${name}, seed ${seed}: ${error}\n`);
      process.exitCode = 1;
    }
    delay.disable();
    // By the thread's own CPU time: other programs and worker threads take time too, and block nothing of ours.
    const { user, system } = process.threadCpuUsage(before);
    const took = (user + system) / 1000;
    const ms = delay.count > 0 ? Math.min(took, delay.max / 1e6) : took;
    if (ms > slowest.ms) slowest = { seed, ms };
  }
  await close?.();
  if (slowest.ms > maxBlockMs) process.exitCode = 1;
  const { rss } = process.memoryUsage();
  process.stdout.write(
    `${name}: ${cases} cases from seed ${first} in ${((performance.now() - begun) / 1000).toFixed(1)} s: ${JSON.stringify(outcomes)}; the longest block was ${slowest.ms.toFixed(1)} ms (seed ${slowest.seed}); ${(rss / 2 ** 20).toFixed(0)} MB\n`,
  );
}
