import { describe, expect, it } from 'vitest';
import {
  type DeliveryState,
  deliver,
  groupIntervalMs,
  groupOf,
  groupWaitMs,
  nothingToSay,
  rename,
  type Saying,
  summaryIntervalMs,
  type Waiting,
  withdraw,
} from '../../../electron/engine/alerts/grouping.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const waiting = (id: number, since: number, more: Partial<Waiting> = {}): Waiting => ({
  id,
  since,
  group: 'unreachable critical',
  severity: 'critical',
  isSnoozed: false,
  isReleased: false,
  ...more,
});
const withWaiting = (state: DeliveryState, ...more: Waiting[]): DeliveryState => ({
  ...state,
  waiting: [...state.waiting, ...more],
});

/** What is said over time of alerts that come at their times, each asked for when the last answer said. */
function play(alerts: readonly Waiting[], until: number) {
  const said: { at: number; saying: Saying }[] = [];
  const released: { at: number; id: number }[] = [];
  let state = nothingToSay;
  let wakeAt: number | null = null;
  const coming = alerts.toSorted((one, other) => one.since - other.since);
  for (let turn = 0; turn < 10_000; turn += 1) {
    const nextAt = coming[0]?.since ?? Number.POSITIVE_INFINITY;
    const now = Math.min(wakeAt ?? Number.POSITIVE_INFINITY, nextAt);
    if (now > until) return { said, released, state };
    while (coming[0] && coming[0].since <= now) state = withWaiting(state, coming.shift() as Waiting);
    const delivery = deliver(state, null, now);
    ({ state, wakeAt } = delivery);
    for (const saying of delivery.said) said.push({ at: now, saying });
    for (const id of delivery.released) released.push({ at: now, id });
  }
  throw new Error('It asks again and again.');
}

const spread = (count: number, over: number, more: Partial<Waiting> = {}) =>
  Array.from({ length: count }, (_, index) => waiting(index + 1, Math.floor((index * over) / count), more));

describe('alerts of one cause', () => {
  it('are notified at once, then after five minutes, then every quarter of an hour: 500 in an hour, six times', () => {
    const { said } = play(spread(500, 60 * minute), 3 * 60 * minute);
    expect(said.map(({ at }) => at)).toEqual([
      groupWaitMs,
      groupWaitMs + groupIntervalMs,
      ...[1, 2, 3, 4].map((index) => groupWaitMs + groupIntervalMs + index * summaryIntervalMs),
    ]);
    expect(said[0]?.saying).toEqual({ type: 'alert', id: 1 });
    const last = said.at(-1)?.saying;
    expect(last).toMatchObject({ type: 'digest', isUpdate: true });
    expect(last?.type === 'digest' && last.ids).toHaveLength(500);
  });

  it('are told one by one to channels that want each', () => {
    const { released } = play(spread(500, 60 * minute), 3 * 60 * minute);
    expect(new Set(released.map(({ id }) => id)).size).toBe(500);
    expect(released).toHaveLength(500);
    // Each within a moment of its being raised, and none waits for its group.
    const late = released.filter(({ at, id }) => at - Math.floor(((id - 1) * 60 * minute) / 500) > minute);
    expect(late).toEqual([]);
  });

  it('are once a day where they are renewals', () => {
    const renewed = spread(500, 500 * minute, { group: 'renewed info', severity: 'info' });
    const { said } = play(renewed, 3 * day);
    expect(said.map(({ at }) => Math.floor(at / day))).toEqual([0, 1]);
  });

  it('are one message where they come in one moment', () => {
    expect(play(spread(300, 30 * second), day).said).toHaveLength(1);
  });

  it('wait for others of the same moment, and no longer than a minute', () => {
    const one = withWaiting(nothingToSay, waiting(1, 0));
    expect(deliver(one, null, second)).toMatchObject({ said: [], wakeAt: 2 * second });
    const two = withWaiting(one, waiting(2, second));
    expect(deliver(two, null, 2 * second)).toMatchObject({ said: [], wakeAt: 3 * second });
    expect(deliver(two, null, 3 * second).told).toEqual([1, 2]);
    expect(play(spread(600, 10 * minute), 61 * second).said).toMatchObject([{ at: minute }]);
  });

  it('are notified at once again when there was none for a while', () => {
    const { said } = play([waiting(1, 0), waiting(2, 6 * minute), waiting(3, 30 * minute)], day);
    expect(said.map(({ at }) => at)).toEqual([0, 6 * minute, 30 * minute].map((at) => at + groupWaitMs));
  });

  it('leave out of a summary what is over by then', () => {
    const first = deliver(withWaiting(nothingToSay, ...spread(12, second)), null, 10 * second).state;
    const after = withdraw(withWaiting(first, waiting(13, 20 * second)), new Set([1, 2, 3]));
    const { said } = deliver(after, null, 10 * second + groupIntervalMs);
    expect(said[0]?.type === 'digest' && said[0].ids).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('say nothing more where what joined is over by then', () => {
    const first = deliver(withWaiting(nothingToSay, ...spread(12, second)), null, 10 * second).state;
    const after = withdraw(withWaiting(first, waiting(13, 20 * second)), new Set([13]));
    expect(deliver(after, null, 10 * second + groupIntervalMs)).toMatchObject({ said: [], wakeAt: null });
  });
});

describe('alerts of different causes', () => {
  it('do not wait for each other', () => {
    const down = spread(50, second);
    const expired = waiting(51, 10 * second, { group: 'expired critical' });
    const { said } = play([...down, expired], day);
    expect(said.map(({ at }) => at)).toEqual([second - 20 + groupWaitMs, 10 * second + groupWaitMs]);
    expect(said[1]?.saying).toEqual({ type: 'alert', id: 51 });
  });

  it('are one message where many fall due together, as at the end of quiet hours', () => {
    const some = [
      ...spread(6, second),
      ...spread(6, second, { group: 'expiring warning' }).map((one) => ({ ...one, id: one.id + 6 })),
    ];
    const { said, told } = deliver(withWaiting(nothingToSay, ...some), null, minute);
    expect(said).toEqual([{ type: 'digest', ids: told, isUpdate: false }]);
  });

  it('are by kind, by problem, and by how bad they are', () => {
    const of = (kind: 'problem' | 'expiring', key: string, severity: 'warning' | 'critical') =>
      groupOf({ kind, key, severity });
    const groups = [
      of('expiring', 'expiry:A', 'warning'),
      of('expiring', 'expiry:B', 'warning'),
      of('expiring', 'expiry:A', 'critical'),
      of('problem', 'problem:weak-key', 'critical'),
      of('problem', 'problem:revoked', 'critical'),
    ];
    expect(new Set(groups).size).toBe(4);
  });
});

it('notifies of what was raised in what is the future now that the clock was set back', () => {
  expect(deliver(withWaiting(nothingToSay, waiting(1, 100 * minute)), null, minute).told).toEqual([1]);
});

it('keeps a snoozed alert until its time, whatever else is notified', () => {
  const state = withWaiting(nothingToSay, waiting(1, 0), waiting(2, 30 * minute, { isSnoozed: true }));
  const { told, wakeAt, state: after } = deliver(state, null, 2 * second);
  expect({ told, wakeAt }).toEqual({ told: [1], wakeAt: 30 * minute });
  expect(withdraw(after, new Set([2])).waiting).toEqual([]);
  expect(rename(after, 2, 7).waiting.map(({ id }) => id)).toEqual([7]);
});
