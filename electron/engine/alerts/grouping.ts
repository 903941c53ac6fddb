import type { Alert, AlertSeverity } from '../../../shared/schema/alert.ts';

/**
 * Alerts of one cause are notified together, as Alertmanager groups them (https://prometheus.io/docs/alerting/latest/configuration/,
 * group_wait, group_interval): the first at once, once none has come for so long …
 */
export const groupWaitMs = 2_000;
/** … or at the latest after so long, … */
const gatherMs = 60_000;
/** … then what joins as one message after so long … */
export const groupIntervalMs = 5 * 60_000;
/** Minimum time between summaries of one group after that. */
export const summaryIntervalMs = 15 * 60_000;
/** A group ends when there was nothing to tell of it for so long. */
const groupEndMs = 60 * 60_000;
/** From this many on, one digest replaces single notifications. */
const largeGroup = 10;
/** Renewals are no news that anybody waits for: of many the summary comes once a day. */
const goodNewsIntervalMs = 86_400_000;

/** An alert that people are still to be notified of. Times in milliseconds since the epoch. */
export interface Waiting {
  id: number;
  /** Names the group: see `groupOf`. */
  group: string;
  severity: AlertSeverity;
  /** When it was raised, or its snooze ends. */
  since: number;
  /** Whether people were notified before, and are again when its snooze ends. */
  isSnoozed: boolean;
  /** Whether channels that get each alert by itself have it. */
  isReleased: boolean;
}

/** Alerts of one cause, of which people were notified of late. */
interface Group {
  key: string;
  /** Those that are still open. */
  ids: readonly number[];
  notices: number;
  lastAt: number;
  hasDigest: boolean;
}

export interface GroupingState {
  waiting: readonly Waiting[];
  groups: readonly Group[];
}

export const noGroups: GroupingState = { waiting: [], groups: [] };

export type GroupNotice =
  | { type: 'alert'; id: number }
  /** `ids` are all that the group has, those included that people know of; `isUpdate`: there was a digest of it before. */
  | { type: 'digest'; ids: readonly number[]; isUpdate: boolean };

export interface Grouped {
  state: GroupingState;
  notices: GroupNotice[];
  /** Ids of what people are notified of now for the first time. */
  notifiedIds: number[];
  /** Ids of what channels get now that get each alert by itself. */
  released: number[];
  /** When to ask again; null: not before something is added. */
  wakeAt: number | null;
}

/** Returns the group of an alert: what is of one kind, and equally bad, has one cause more often than not. */
export function groupOf({ kind, key, severity }: Pick<Alert, 'kind' | 'key' | 'severity'>): string {
  return kind === 'problem' ? `${key} ${severity}` : `${kind} ${severity}`;
}

/**
 * Decides what people are notified of now, of what waits: pure.
 * @param quietEnd until when only critical alerts notify, and the others wait; null: all do
 * @param holds until when single alerts wait, whatever their severity, by their ids
 */
export function groupDue(
  state: GroupingState,
  quietEnd: number | null,
  now: number,
  holds: ReadonlyMap<number, number> = new Map(),
): Grouped {
  const waitsUntil = ({ id, severity, since, isSnoozed }: Waiting) =>
    Math.max(
      holds.get(id) ?? now,
      isSnoozed ? since : now,
      severity === 'critical' ? now : (quietEnd ?? now),
    );
  const isReady = (waiting: Waiting) => waitsUntil(waiting) <= now;
  const ready = state.waiting.filter(isReady);
  const held = state.waiting.filter((waiting) => !isReady(waiting));
  const groups = state.groups.filter((group) => isGoing(group, ready, now));
  const gathered = [...Map.groupBy(ready, ({ group }) => group)].map(([key, members]) => {
    const group = groups.find((one) => one.key === key);
    const closesAt = closingOf(members, now);
    return {
      key,
      members,
      group,
      closesAt,
      dueAt: Math.max(closesAt, group ? group.lastAt + intervalOf(group) : 0),
    };
  });
  const due = gathered.filter(({ dueAt }) => dueAt <= now);
  const dueIds = new Set(due.flatMap(({ members }) => members.map(({ id }) => id)));
  const released = gathered
    .filter(({ closesAt }) => closesAt <= now)
    .flatMap(({ members }) => members.filter(({ isReleased }) => !isReleased).map(({ id }) => id));
  const notified = due.map(({ key, members, group }): Group => {
    const ids = [...(group?.ids ?? []), ...members.map(({ id }) => id)];
    const isAlone = members.length === 1 && ids.length < largeGroup;
    return {
      key,
      ids,
      notices: (group?.notices ?? 0) + 1,
      lastAt: now,
      hasDigest: !isAlone || (group?.hasDigest ?? false),
    };
  });
  const times = [
    ...gathered.flatMap(({ dueAt, closesAt }) => [dueAt, closesAt].filter((at) => at > now)),
    ...held.map(waitsUntil),
  ];
  const keys = new Set(notified.map(({ key }) => key));
  return {
    state: {
      waiting: state.waiting
        .filter(({ id }) => !dueIds.has(id))
        .map((one) => (released.includes(one.id) ? { ...one, isReleased: true } : one)),
      groups: [...groups.filter(({ key }) => !keys.has(key)), ...notified],
    },
    notices: noticesOf(due, notified),
    notifiedIds: [...dueIds],
    released,
    wakeAt: times.length === 0 ? null : Math.min(...times),
  };
}

/** What falls due in one moment and is much is one digest, whatever its causes: the end of quiet hours, above all. */
function noticesOf(
  due: readonly { key: string; members: readonly Waiting[]; group: Group | undefined }[],
  notified: readonly Group[],
): GroupNotice[] {
  const all = due.flatMap(({ members }) => members);
  if (due.length > 1 && all.length >= largeGroup)
    return [{ type: 'digest', ids: all.map(({ id }) => id), isUpdate: false }];
  return due.map(({ members, group }, index): GroupNotice => {
    const [only] = members;
    const ids = notified[index]?.ids ?? [];
    if (only && members.length === 1 && ids.length < largeGroup) return { type: 'alert', id: only.id };
    return { type: 'digest', ids, isUpdate: group?.hasDigest ?? false };
  });
}

/** Whether a group takes in what comes now, or has taken in what waits. */
function isGoing(group: Group, ready: readonly Waiting[], now: number): boolean {
  const endsAt = group.lastAt + Math.max(intervalOf(group), groupEndMs);
  if (group.lastAt > now) return false; // The clock was set back.
  return now < endsAt || ready.some(({ group: key, since }) => key === group.key && since < endsAt);
}

function intervalOf({ key, notices }: Group): number {
  if (key.startsWith('renewed ')) return goodNewsIntervalMs;
  return notices > 1 ? summaryIntervalMs : groupIntervalMs;
}

/** When no more is waited for to come along. Where the clock was set back, it was raised in what is the future now. */
function closingOf(members: readonly Waiting[], now: number): number {
  const times = members.map(({ since }) => (since > now ? now - groupWaitMs : since));
  const [first, last] = times.reduce(
    ([least, most], time) => [Math.min(least, time), Math.max(most, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return Math.min(last + groupWaitMs, first + gatherMs);
}

/** Removes alerts that are resolved, acknowledged or snoozed. */
export function withdraw(state: GroupingState, ids: ReadonlySet<number>): GroupingState {
  return {
    waiting: state.waiting.filter(({ id }) => !ids.has(id)),
    groups: state.groups.map((group) => ({ ...group, ids: group.ids.filter((id) => !ids.has(id)) })),
  };
}

/** Has an alert go by another id. */
export function rename(state: GroupingState, before: number, after: number): GroupingState {
  const renamed = (id: number) => (id === before ? after : id);
  return {
    waiting: state.waiting.map((one) => ({ ...one, id: renamed(one.id) })),
    groups: state.groups.map((group) => ({ ...group, ids: group.ids.map(renamed) })),
  };
}
