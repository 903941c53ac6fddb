import { describe, expect, it } from 'vitest';
import { randomOf } from './random.ts';
import { truncations } from './targets/tls-reader.ts';
import { type FuzzTarget, fuzzTargets } from './targets.ts';

const cases = 2_000;
const maxBytes = 100 * 1024 * 1024;

describe('readers of what others made, fed with broken bytes', () => {
  it.each(Object.entries<FuzzTarget>(fuzzTargets))(
    `%s gives a verdict, ${cases} times`,
    async (_name, { run, mustMeet, close }) => {
      const met = new Set<string>();
      // Another stretch of seeds each day: what one run did not meet another may.
      const first = Math.floor(Date.now() / 86_400_000) * 1_000_000;
      const before = process.memoryUsage();
      try {
        for (let seed = first; seed < first + cases; seed += 1) {
          try {
            met.add(await run(randomOf(seed)));
          } catch (error) {
            throw new Error(`seed ${seed}: ${error}`, { cause: error });
          }
        }
      } finally {
        await close?.();
      }
      const after = process.memoryUsage();
      expect([...met]).toEqual(expect.arrayContaining([...mustMeet]));
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(maxBytes);
    },
    60_000,
  );
});

describe('the TLS reader', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'waits for more wherever a %s flight is cut off',
    (version) => {
      const all = truncations(version);
      const first = all.findIndex(({ outcome }) => outcome === 'presented');
      expect(first).toBeGreaterThan(0);
      expect(all.slice(0, first).every(({ outcome }) => outcome === 'waiting')).toBe(true);
      expect(all.slice(first).every(({ outcome }) => outcome === 'presented')).toBe(true);
    },
    60_000,
  );
});
