import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../../electron/engine/monitor/due-heap.ts';

type Step = { kind: 'set'; id: string; at: number } | { kind: 'delete'; id: string };
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), id, at: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ kind: fc.constant('delete' as const), id }),
);

describe('DueHeap', () => {
  it('always knows the earliest, whatever was set, moved and deleted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new DueHeap();
        const model = new Map<string, number>();
        for (const one of steps) {
          if (one.kind === 'set') {
            heap.set(one.id, one.at);
            model.set(one.id, one.at);
          } else {
            expect(heap.delete(one.id)).toBe(model.delete(one.id));
          }
          expect(heap.size).toBe(model.size);
          expect(heap.peek()?.at).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
          for (const [known, at] of model) expect(heap.get(known)).toBe(at);
        }
      }),
    );
  });
});
