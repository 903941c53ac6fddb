import { describe, expect, it } from 'vitest';
import {
  type DeliveryState,
  deliver,
  nothingToSay,
  type Waiting,
  withdraw,
} from '../../../electron/engine/alerts/grouping.ts';

const second = 1000;
const minute = 60 * second;
const waiting = (id: number, since: number, more: Partial<Waiting> = {}): Waiting => ({
  id,
  since,
  severity: 'warning',
  isSnoozed: false,
  ...more,
});
const withWaiting = (state: DeliveryState, ...more: Waiting[]): DeliveryState => ({
  ...state,
  waiting: [...state.waiting, ...more],
});
const many = (count: number, since: number, from = 0) =>
  Array.from({ length: count }, (_, index) => waiting(from + index, since));

describe('deliver', () => {
  it('waits for others of the same moment, and no longer than a minute', () => {
    const one = withWaiting(nothingToSay, waiting(1, 0));
    expect(deliver(one, null, second)).toMatchObject({ said: [], wakeAt: 2 * second });
    const two = withWaiting(one, waiting(2, second));
    expect(deliver(two, null, 2 * second)).toMatchObject({ said: [], wakeAt: 3 * second });
    expect(deliver(two, null, 3 * second).told).toEqual([1, 2]);
    const trickle = withWaiting(
      nothingToSay,
      ...Array.from({ length: 61 }, (_, at) => waiting(at, at * second)),
    );
    expect(deliver(trickle, null, minute).told).toHaveLength(61);
  });

  it('counts what was said in the last minute towards a digest', () => {
    const first = deliver(withWaiting(nothingToSay, ...many(6, 0)), null, 2 * second);
    expect(first.said).toHaveLength(6);
    const next = deliver(withWaiting(first.state, ...many(4, 30 * second, 6)), null, 32 * second);
    expect(next.said).toMatchObject([{ type: 'digest', isUpdate: false }]);
    expect(next.told).toEqual([6, 7, 8, 9]);
    const late = deliver(withWaiting(first.state, ...many(4, 90 * second, 6)), null, 92 * second);
    expect(late.said).toHaveLength(4);
  });

  it('says a digest anew when it has doubled, or what came after has waited for ten minutes', () => {
    const digest = deliver(withWaiting(nothingToSay, ...many(10, 0)), null, 2 * second).state;
    const few = withWaiting(digest, ...many(3, minute, 10));
    expect(deliver(few, null, 2 * minute)).toMatchObject({ said: [], wakeAt: 11 * minute });
    expect(deliver(few, null, 11 * minute).said).toMatchObject([{ type: 'digest', isUpdate: true }]);
    const doubled = withWaiting(digest, ...many(10, minute, 10));
    const { said, state } = deliver(doubled, null, minute + 2 * second);
    expect(said).toMatchObject([{ type: 'digest', isUpdate: true }]);
    expect(state.digest?.ids).toHaveLength(20);
  });

  it('lets nothing critical wait for the growth of a digest for more than a minute', () => {
    const digest = deliver(withWaiting(nothingToSay, ...many(10, 0)), null, 2 * second).state;
    const critical = withWaiting(digest, waiting(10, minute, { severity: 'critical' }));
    expect(deliver(critical, null, 90 * second)).toMatchObject({ said: [], wakeAt: 2 * minute });
    expect(deliver(critical, null, 2 * minute).told).toEqual([10]);
  });

  it('begins another digest when the last one is over', () => {
    const digest = deliver(withWaiting(nothingToSay, ...many(10, 0)), null, 2 * second).state;
    const later = withWaiting(digest, waiting(10, 20 * minute));
    expect(deliver(later, null, 20 * minute + 2 * second).said).toEqual([{ type: 'alert', id: 10 }]);
  });

  it('says what was raised in what is the future now that the clock was set back', () => {
    const ahead = withWaiting(nothingToSay, waiting(1, 100 * minute));
    expect(deliver(ahead, null, minute).told).toEqual([1]);
  });

  it('keeps a snoozed one until its time, whatever else is said', () => {
    const state = withWaiting(nothingToSay, waiting(1, 0), waiting(2, 30 * minute, { isSnoozed: true }));
    const { told, wakeAt, state: after } = deliver(state, null, 2 * second);
    expect({ told, wakeAt }).toEqual({ told: [1], wakeAt: 30 * minute });
    expect(withdraw(after, new Set([2])).waiting).toEqual([]);
  });
});
