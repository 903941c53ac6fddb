import { describe, expect, it } from 'vitest';
import {
  type GroupingState,
  type GroupNotice,
  groupDue,
  groupIntervalMs,
  groupOf,
  groupWaitMs,
  noGroups,
  rename,
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
const withWaiting = (state: GroupingState, ...more: Waiting[]): GroupingState => ({
  ...state,
  waiting: [...state.waiting, ...more],
});

/** Plays alerts that come at their times. Returns the notices over time, each taken when the one before asked to be woken. */
function play(alerts: readonly Waiting[], until: number) {
  const notices: { at: number; notice: GroupNotice }[] = [];
  const released: { at: number; id: number }[] = [];
  let state = noGroups;
  let wakeAt: number | null = null;
  const coming = alerts.toSorted((one, other) => one.since - other.since);
  for (let turn = 0; turn < 10_000; turn += 1) {
    const nextAt = coming[0]?.since ?? Number.POSITIVE_INFINITY;
    const now = Math.min(wakeAt ?? Number.POSITIVE_INFINITY, nextAt);
    if (now > until) return { notices, released, state };
    while (coming[0] && coming[0].since <= now) state = withWaiting(state, coming.shift() as Waiting);
    const grouped = groupDue(state, null, now);
    ({ state, wakeAt } = grouped);
    for (const notice of grouped.notices) notices.push({ at: now, notice });
    for (const id of grouped.released) released.push({ at: now, id });
  }
  throw new Error('It asks again and again.');
}

const spread = (count: number, over: number, more: Partial<Waiting> = {}) =>
  Array.from({ length: count }, (_, index) => waiting(index + 1, Math.floor((index * over) / count), more));

describe('alerts of one cause', () => {
  it('are notified at once, then after five minutes, then every quarter of an hour: 500 in an hour, six times', () => {
    const { notices } = play(spread(500, 60 * minute), 3 * 60 * minute);
    expect(notices.map(({ at }) => at)).toEqual([
      groupWaitMs,
      groupWaitMs + groupIntervalMs,
      ...[1, 2, 3, 4].map((index) => groupWaitMs + groupIntervalMs + index * summaryIntervalMs),
    ]);
    expect(notices[0]?.notice).toEqual({ type: 'alert', id: 1 });
    const last = notices.at(-1)?.notice;
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
    const { notices } = play(renewed, 3 * day);
    expect(notices.map(({ at }) => Math.floor(at / day))).toEqual([0, 1]);
  });

  it('are one message where they come in one moment', () => {
    expect(play(spread(300, 30 * second), day).notices).toHaveLength(1);
  });

  it('wait for others of the same moment, and no longer than a minute', () => {
    const one = withWaiting(noGroups, waiting(1, 0));
    expect(groupDue(one, null, second)).toMatchObject({ notices: [], wakeAt: 2 * second });
    const two = withWaiting(one, waiting(2, second));
    expect(groupDue(two, null, 2 * second)).toMatchObject({ notices: [], wakeAt: 3 * second });
    expect(groupDue(two, null, 3 * second).notifiedIds).toEqual([1, 2]);
    expect(play(spread(600, 10 * minute), 61 * second).notices).toMatchObject([{ at: minute }]);
  });

  it('are notified at once again when there was none for a while', () => {
    const { notices } = play([waiting(1, 0), waiting(2, 6 * minute), waiting(3, 30 * minute)], day);
    expect(notices.map(({ at }) => at)).toEqual([0, 6 * minute, 30 * minute].map((at) => at + groupWaitMs));
  });

  it('leave out of a summary what is over by then', () => {
    const first = groupDue(withWaiting(noGroups, ...spread(12, second)), null, 10 * second).state;
    const after = withdraw(withWaiting(first, waiting(13, 20 * second)), new Set([1, 2, 3]));
    const { notices } = groupDue(after, null, 10 * second + groupIntervalMs);
    expect(notices[0]?.type === 'digest' && notices[0].ids).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('say nothing more where what joined is over by then', () => {
    const first = groupDue(withWaiting(noGroups, ...spread(12, second)), null, 10 * second).state;
    const after = withdraw(withWaiting(first, waiting(13, 20 * second)), new Set([13]));
    expect(groupDue(after, null, 10 * second + groupIntervalMs)).toMatchObject({ notices: [], wakeAt: null });
  });
});

describe('alerts of different causes', () => {
  it('do not wait for each other', () => {
    const down = spread(50, second);
    const expired = waiting(51, 10 * second, { group: 'expired critical' });
    const { notices } = play([...down, expired], day);
    expect(notices.map(({ at }) => at)).toEqual([second - 20 + groupWaitMs, 10 * second + groupWaitMs]);
    expect(notices[1]?.notice).toEqual({ type: 'alert', id: 51 });
  });

  it('are one message where many fall due together, as at the end of quiet hours', () => {
    const some = [
      ...spread(6, second),
      ...spread(6, second, { group: 'expiring warning' }).map((one) => ({ ...one, id: one.id + 6 })),
    ];
    const { notices, notifiedIds } = groupDue(withWaiting(noGroups, ...some), null, minute);
    expect(notices).toEqual([{ type: 'digest', ids: notifiedIds, isUpdate: false }]);
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
  expect(groupDue(withWaiting(noGroups, waiting(1, 100 * minute)), null, minute).notifiedIds).toEqual([1]);
});

it('keeps a snoozed alert until its time, whatever else is notified', () => {
  const state = withWaiting(noGroups, waiting(1, 0), waiting(2, 30 * minute, { isSnoozed: true }));
  const { notifiedIds, wakeAt, state: after } = groupDue(state, null, 2 * second);
  expect({ notifiedIds, wakeAt }).toEqual({ notifiedIds: [1], wakeAt: 30 * minute });
  expect(withdraw(after, new Set([2])).waiting).toEqual([]);
  expect(rename(after, 2, 7).waiting.map(({ id }) => id)).toEqual([7]);
});
