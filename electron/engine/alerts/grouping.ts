import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import { type DailyHours, hoursEnd } from '../../../shared/schema/time-window.ts';

/** An alert waits for others of the same moment until none came for so long … */
export const groupWaitMs = 2_000;
/** … but no longer than so. As many as `digestSize` within this time are said as one. */
const gatherMs = 60_000;
const digestSize = 10;
/** A digest takes in what follows within so long of it … */
const groupIntervalMs = 10 * 60_000;
// … and is said anew when it has doubled, or what it took in has waited: for so long, or for a minute if it is critical.

/** An alert that is still to be said. Times in milliseconds since the epoch. */
export interface Waiting {
  id: number;
  severity: AlertSeverity;
  /** When it was raised, or its snooze ends. */
  since: number;
  /** Whether it was said before, and is said again when its snooze ends. */
  isSnoozed: boolean;
}

export interface DeliveryState {
  waiting: readonly Waiting[];
  /** What was said by itself of late. */
  recent: readonly { id: number; at: number }[];
  /** The digest that still grows. */
  digest: { ids: readonly number[]; lastAt: number } | null;
}

export const nothingToSay: DeliveryState = { waiting: [], recent: [], digest: null };

type Saying =
  | { type: 'alert'; id: number }
  /** `ids` are all that the digest holds, those of them included that were said by themselves just before. */
  | { type: 'digest'; ids: readonly number[]; isUpdate: boolean };

export interface Delivery {
  state: DeliveryState;
  said: Saying[];
  /** Ids of what was said now for the first time. */
  told: number[];
  /** When to ask again; null: not before something is added. */
  wakeAt: number | null;
}

/**
 * What is to be said now, of what waits: pure. In quiet hours only critical alerts are said, the others wait for their end;
 * what comes within a moment is said together, and ten or more within a minute are one digest.
 */
export function deliver(state: DeliveryState, quietHours: DailyHours | null, now: number): Delivery {
  const quietEnd = quietHours && hoursEnd(quietHours, now);
  const isReady = ({ severity, since, isSnoozed }: Waiting) =>
    (!isSnoozed || since <= now) && (quietEnd === null || severity === 'critical');
  const ready = state.waiting.filter(isReady);
  const held = state.waiting.filter((waiting) => !isReady(waiting));
  const heldUntil = earliest(
    held.map(({ since, isSnoozed }) => (isSnoozed && since > now ? since : (quietEnd ?? now))),
  );
  if (ready.length === 0) return { state, said: [], told: [], wakeAt: heldUntil };

  // Where the clock was set back, it was raised in what is the future now.
  const times = ready.map(({ since }) => (since > now ? now - groupWaitMs : since));
  const closesAt = Math.min(Math.max(...times) + groupWaitMs, Math.min(...times) + gatherMs);
  if (now < closesAt) return { state, said: [], told: [], wakeAt: earliest([closesAt, heldUntil]) };

  const told = ready.map(({ id }) => id);
  const recent = state.recent.filter(({ at }) => at <= now && now - at < gatherMs);
  if (state.digest && Math.min(...times) - state.digest.lastAt < groupIntervalMs) {
    const hasDoubled = told.length >= state.digest.ids.length;
    const patienceMs = ready.some(({ severity }) => severity === 'critical') ? gatherMs : groupIntervalMs;
    const dueAt = Math.min(...times) + patienceMs;
    if (!hasDoubled && now < dueAt)
      return { state, said: [], told: [], wakeAt: earliest([dueAt, heldUntil]) };
    const ids = [...state.digest.ids, ...told];
    return {
      state: { waiting: held, recent, digest: { ids, lastAt: now } },
      said: [{ type: 'digest', ids, isUpdate: true }],
      told,
      wakeAt: heldUntil,
    };
  }
  if (recent.length + told.length >= digestSize) {
    const ids = [...recent.map(({ id }) => id), ...told];
    return {
      state: { waiting: held, recent: [], digest: { ids, lastAt: now } },
      said: [{ type: 'digest', ids, isUpdate: false }],
      told,
      wakeAt: heldUntil,
    };
  }
  return {
    state: { waiting: held, recent: [...recent, ...told.map((id) => ({ id, at: now }))], digest: null },
    said: told.map((id) => ({ type: 'alert', id })),
    told,
    wakeAt: heldUntil,
  };
}

/** Takes alerts out that need not be said any more. */
export function withdraw(state: DeliveryState, ids: ReadonlySet<number>): DeliveryState {
  return { ...state, waiting: state.waiting.filter(({ id }) => !ids.has(id)) };
}

/** Has an alert go by another id. */
export function rename(state: DeliveryState, before: number, after: number): DeliveryState {
  const renamed = (id: number) => (id === before ? after : id);
  return {
    waiting: state.waiting.map((one) => ({ ...one, id: renamed(one.id) })),
    recent: state.recent.map((one) => ({ ...one, id: renamed(one.id) })),
    digest: state.digest && { ...state.digest, ids: state.digest.ids.map(renamed) },
  };
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
