import fc from 'fast-check';
import { Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Family, labelText } from '../../../electron/api/metrics/family.ts';

interface Subject {
  labels: string;
  value: number;
}

async function textOf(family: Family<Subject>, subjects: readonly Subject[]): Promise<string> {
  let text = '';
  for await (const piece of family.render(subjects, 0)) text += piece;
  return text;
}

describe('a family of samples', () => {
  it('is written as prom-client writes it, whatever the labels hold', async () => {
    const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(text, text, value, async (one, other, number) => {
        const registry = new Registry();
        const gauge = new Gauge({
          name: 'a_b',
          help: 'Help.',
          labelNames: ['one', 'other'],
          registers: [registry],
        });
        gauge.set({ one, other }, number);
        const family = new Family<Subject>('a_b', 'Help.', ({ value: found }) => [
          { more: labelText({ other }), value: found },
        ]);
        const subject = { labels: labelText({ one }), value: number };
        expect((await textOf(family, [subject])).trim()).toBe(
          (await registry.getSingleMetricAsString('a_b')).trim(),
        );
      }),
    );
  });

  it('lets others have their turn between thousands of samples', async () => {
    const family = new Family<Subject>('a', 'Help.', ({ value }) => [{ more: null, value }]);
    const subjects = Array.from({ length: 10_000 }, (_, index) => ({
      labels: labelText({ index: String(index) }),
      value: index,
    }));
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const text = await textOf(family, subjects);
    isOver = true;
    expect(text.match(/^a\{/gm)).toHaveLength(10_000);
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});
