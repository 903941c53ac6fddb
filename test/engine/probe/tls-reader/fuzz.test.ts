import { describe, expect, it } from 'vitest';
import { fuzzCase, type Outcome, truncations } from './fuzz.ts';

const cases = 2_000;

describe('the reader, fed with what no server should send', () => {
  it(`gives a verdict or waits for more, ${cases} times`, () => {
    const outcomes: Record<Outcome, number> = { presented: 0, refused: 0, waiting: 0 };
    // Another stretch of seeds each day: what one run did not meet another may.
    const first = Math.floor(Date.now() / 86_400_000) * 1_000_000;
    const before = process.memoryUsage().arrayBuffers;
    for (let seed = first; seed < first + cases; seed += 1) {
      try {
        outcomes[fuzzCase(seed)] += 1;
      } catch (error) {
        throw new Error(`seed ${seed}: ${error}`, { cause: error });
      }
    }
    expect(outcomes.refused).toBeGreaterThan(cases / 4);
    expect(outcomes.presented).toBeGreaterThan(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  }, 60_000);

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
