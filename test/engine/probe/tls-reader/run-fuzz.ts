import { fuzzCase, type Outcome } from './fuzz.ts';

/** `npm run fuzz [CASES] [FIRST SEED]`: 100,000 cases by default; a case that fails names its seed. */
const cases = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const outcomes: Record<Outcome, number> = { presented: 0, refused: 0, waiting: 0 };
let slowest = { seed: first, ms: 0 };
const begun = performance.now();
for (let seed = first; seed < first + cases; seed += 1) {
  const before = performance.now();
  try {
    outcomes[fuzzCase(seed)] += 1;
  } catch (error) {
    process.stderr.write(`seed ${seed}: ${error}\n`);
    process.exitCode = 1;
  }
  const ms = performance.now() - before;
  if (ms > slowest.ms) slowest = { seed, ms };
}
const { rss } = process.memoryUsage();
process.stdout.write(
  `${cases} cases from seed ${first} in ${((performance.now() - begun) / 1000).toFixed(1)} s: ${JSON.stringify(outcomes)}; the slowest took ${slowest.ms.toFixed(1)} ms (seed ${slowest.seed}); ${(rss / 2 ** 20).toFixed(0)} MB\n`,
);
