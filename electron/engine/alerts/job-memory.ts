import { z } from 'zod';
import type { AlertKind, KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { Flap } from './flapping.ts';
import type { PartialRenewal } from './partial-renewal.ts';
import { relapseMs } from './raise.ts';

/** An alert that was raised and is still true. */
export interface OpenAlert {
  /** Names the cause: `expiry:<fingerprint>`, `problem:weak-key`, `unreachable`. */
  key: string;
  kind: AlertKind;
  severity: AlertSeverity;
  /** How bad it is now: see `Condition`. */
  level: number;
  /** How bad it was when people were notified last; null: they were not. */
  notifiedLevel: number | null;
  /** When a person acknowledged it, in ISO 8601; null: it was not. */
  acknowledgedAt: string | null;
  /** Until when a person snoozed it: ISO 8601, or `renewed`; null: it is not snoozed. */
  snoozedUntil: string | null;
}

/** What is remembered of a job from result to result, beside its open alerts. Times in milliseconds since the epoch. */
export interface JobMemory {
  /** Fingerprint of the leaf shown last. */
  shown: string | null;
  /** The oldest first. */
  leaves: readonly KnownLeaf[];
  /** Failures in a row, and when the first of them was. */
  failing: { since: number; count: number } | null;
  /** What is true and was not raised yet, with the time since when. */
  pending: Readonly<Record<string, number>>;
  /** What was alerted and ended within the last day, with the time when. */
  ended: Readonly<Record<string, number>>;
  /** The leaf whose expiry alerts are snoozed until renewal. */
  silencedLeaf: string | null;
  /** How often it changed of late; null: it does not. */
  flap: Flap | null;
  /** Whether a leaf came back after another: several servers answer under the name. */
  takesTurns: boolean;
  /** Where several take turns, when each other leaf was last shown, by fingerprint. */
  lastShown: Readonly<Record<string, number>>;
  /** Version of the rules that it was judged by last: see `rulesVersion`. */
  rules: number;
  /** Keys of the alerts that came with newer rules and are not announced yet. */
  byRules: readonly string[];
  /** A renewal that other jobs do not show yet; null: none. */
  partial: PartialRenewal | null;
}

export const noMemory: JobMemory = {
  shown: null,
  leaves: [],
  failing: null,
  pending: {},
  ended: {},
  silencedLeaf: null,
  flap: null,
  takesTurns: false,
  lastShown: {},
  rules: 0,
  byRules: [],
  partial: null,
};

const leafSchema = z.object({
  fingerprint: z.string(),
  issuer: z.string(),
  key: z.string().nullable(),
  validFrom: z.number(),
  validTo: z.number(),
  firstSeenAt: z.number(),
  // Memories from before these were kept do not say.
  names: z.string().optional(),
  keyType: z.string().optional(),
});
const timesSchema = z.record(z.string(), z.number());
/** Reads what was kept; what memories of earlier versions lack has a default. */
export const memorySchema = z.object({
  shown: z.string().nullable(),
  leaves: z.array(leafSchema),
  failing: z.object({ since: z.number(), count: z.number() }).nullable(),
  pending: timesSchema,
  ended: timesSchema,
  silencedLeaf: z.string().nullable(),
  flap: z
    .object({
      last: z.array(z.string()),
      keys: z.array(z.string()),
      turns: z.number(),
      looks: z.number(),
      isUnstable: z.boolean(),
    })
    .nullable()
    .default(null),
  // Memories from before this was kept do not say.
  takesTurns: z.boolean().default(false),
  lastShown: timesSchema.default({}),
  rules: z.number().default(0),
  byRules: z.array(z.string()).default([]),
  partial: z
    .object({ from: z.string(), to: z.string(), at: z.number(), stale: z.array(z.string()) })
    .nullable()
    .default(null),
});

/** After this long without being shown, a leaf no longer counts as one of several in turn: its server was renewed. */
const turnMs = 2 * 86_400_000;

/** Returns when each other leaf was last shown, of those that were lately. */
export function shownLately(
  { shown, lastShown }: JobMemory,
  leaf: string,
  now: number,
): Record<string, number> {
  const times = { ...lastShown, ...(shown !== null && shown !== leaf ? { [shown]: now } : {}) };
  const lately = Object.entries(times).filter(
    ([fingerprint, at]) => fingerprint !== leaf && now - at < turnMs,
  );
  return Object.fromEntries(lately);
}

/** Returns a memory without what it has from the future: the clock was set back. */
export function correctForClock(memory: JobMemory, now: number): JobMemory {
  const { failing, pending, ended } = memory;
  return {
    ...memory,
    failing: failing && { ...failing, since: Math.min(failing.since, now) },
    pending: Object.fromEntries(Object.entries(pending).map(([key, since]) => [key, Math.min(since, now)])),
    ended: Object.fromEntries(Object.entries(ended).filter(([, at]) => at <= now && now - at < relapseMs)),
  };
}
