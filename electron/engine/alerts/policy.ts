import type { AlertCause, AlertKind, KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { AcceptedProblem } from '../../../shared/schema/accepted-problem.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { sooner, sortAccepted } from './accepted.ts';
import {
  expiryCondition,
  isAboutExpiry,
  problemConditions,
  unreachableCondition,
  unstableCondition,
} from './conditions.ts';
import { countFlap, type Flap } from './flapping.ts';
import { leafChange, leafOf, renewalOf, unexpectedChange } from './leaf-change.ts';
import type { Observation } from './observation.ts';
import { isInMaintenance, type Raised, raise, relapseMs } from './raise.ts';

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
};

export interface Verdict {
  memory: JobMemory;
  /** What people are to be notified of: new, or worse than they were notified of under its key. */
  raised: Raised[];
  /** Open alerts that became less bad, which are not notified. */
  eased: Raised[];
  /** Keys of open alerts that are no longer true. */
  ended: string[];
  /** When something that is true now is to be raised though no check finds anything new; null: no such time is known. */
  lookAgainAt: number | null;
}

/**
 * Decides what a person must hear after a result, whether or not now is the time to say it. Pure: a history can be played
 * through it. What is true now is compared with the open alerts: what is newly true or worse is raised, what no longer is true
 * is ended. What is accepted, as bad as it is, is not alerted and ends without a word.
 * @param accepted the problems of the job that were accepted
 */
export function evaluate(
  memory: JobMemory,
  open: readonly OpenAlert[],
  observation: Observation,
  rules: ResolvedRules,
  accepted: readonly AcceptedProblem[] = [],
): Verdict {
  const past = correctForClock(memory, observation.at);
  return observation.leaf === null
    ? evaluateSilence(past, open, observation, { rules, accepted })
    : evaluateLeaf(past, open, { ...observation, leaf: observation.leaf }, { rules, accepted });
}

interface Context {
  rules: ResolvedRules;
  accepted: readonly AcceptedProblem[];
}

/**
 * While nothing is shown, what was wrong stays as it is, but for what time alone decides: a certificate expires whether or not
 * its host can be reached.
 */
function evaluateSilence(
  past: JobMemory,
  open: readonly OpenAlert[],
  { at, unreachable, isRelook }: Observation,
  { rules, accepted }: Context,
): Verdict {
  const failing =
    isRelook && past.failing
      ? past.failing
      : { since: past.failing?.since ?? at, count: (past.failing?.count ?? 0) + 1 };
  const last = past.leaves.find(({ fingerprint }) => fingerprint === past.shown);
  const view = {
    leaves: past.leaves,
    rules,
    now: at,
    silencedLeaf: past.silencedLeaf,
    unseenSince: failing.since,
    isRelook,
  };
  const expiry = last ? expiryCondition(last, view) : null;
  const silence = unreachableCondition(unreachable ?? 'It shows no certificate.', failing, rules);
  const sorted = sortAccepted([silence, ...(expiry ? [expiry] : [])], accepted, past.shown, at);
  const failed = sorted.held.has(silence.key) ? [] : [silence.key];
  const flap = isRelook ? past.flap : countFlap(past.flap, failed, !isInMaintenance(rules, at));
  const conditions = [...sorted.counted, ...(flap?.isUnstable ? [unstableCondition(flap, rules)] : [])];
  const { raised, eased, pending, lookAgainAt } = raise(past, open, conditions, rules, at);
  // It is down for good now, so the alert about instability is resolved.
  const isOver = ({ key, kind }: OpenAlert) =>
    sorted.held.has(key) || (kind === 'unstable' && !flap?.isUnstable);
  return {
    raised,
    eased,
    ended: open.filter(isOver).map(({ key }) => key),
    memory: { ...past, failing, flap, pending: { ...past.pending, ...pending, ...sorted.pending } },
    lookAgainAt: sooner(lookAgainAt, sorted.lookAgainAt),
  };
}

function evaluateLeaf(
  past: JobMemory,
  open: readonly OpenAlert[],
  observation: Observation & { leaf: NonNullable<Observation['leaf']> },
  { rules, accepted }: Context,
): Verdict {
  const { at, leaf, problems, isRelook } = observation;
  const change = leafChange(past, open, observation);
  const { leaves, seen, takesTurns } = change;
  const view = {
    // Renewals of servers that take turns are of no one of them.
    leaves: takesTurns ? [] : leaves,
    rules,
    now: at,
    silencedLeaf: past.silencedLeaf,
    unseenSince: null,
    isRelook,
  };
  const expiry = expiryCondition(seen, view);
  const hasChainEnded = observation.chainEndsAt !== null && at > observation.chainEndsAt;
  const found = [...(expiry ? [expiry] : []), ...problemConditions(problems, rules, hasChainEnded)];
  const sorted = sortAccepted(found, accepted, leaf.fingerprint, at);
  const wrong = sorted.counted.filter(({ key }) => key !== expiry?.key);
  const flap = isRelook
    ? past.flap
    : countFlap(
        past.flap,
        wrong.map(({ key }) => key),
        !isInMaintenance(rules, at),
      );
  const unstable = flap?.isUnstable ? [unstableCondition(flap, rules)] : [];
  const conditions = [...sorted.counted, ...unstable];
  const { raised, eased, pending, lookAgainAt } = raise(past, open, conditions, rules, at);

  const lastShown = shownLately(past, leaf.fingerprint, at);
  const ended = open.filter((alert) => {
    if (alert.kind === 'changed') return change.isRenewal;
    if (conditions.some(({ key }) => key === alert.key)) return false;
    if (sorted.held.has(alert.key)) return true;
    // Nothing was seen by a look at the clock, and of servers that take turns another may answer next.
    return !(isAboutExpiry(alert.kind) && (isRelook || (takesTurns && leafOf(alert) in lastShown)));
  });
  const unexpected = unexpectedChange(change, open, rules);
  if (unexpected && !isInMaintenance(rules, at))
    raised.push({ key: `changed:${leaf.fingerprint}`, severity: 'warning', level: 1, cause: unexpected });

  // An alert that was not notified, or whose problem was accepted, is resolved without a word.
  const resolved = ended.filter(({ key }) => !sorted.held.has(key));
  const notified = resolved.filter(({ notifiedLevel }) => notifiedLevel !== null);
  const stillOpen = open.length - ended.length + raised.filter(({ isRise }) => !isRise).length;
  const good = goodNews(renewalOf(change, notified, rules), notified, {
    stillOpen,
    isUnstable: unstable.length > 0,
  });
  if (good) raised.push({ key: good.kind, severity: 'info', level: 0, cause: good });

  return {
    raised,
    eased,
    ended: ended.map(({ key }) => key),
    lookAgainAt: sooner(lookAgainAt, sorted.lookAgainAt),
    memory: {
      shown: leaf.fingerprint,
      leaves,
      failing: null,
      pending: { ...pending, ...sorted.pending },
      ended: { ...past.ended, ...Object.fromEntries(resolved.map(({ key }) => [key, at])) },
      silencedLeaf: past.silencedLeaf === leaf.fingerprint ? past.silencedLeaf : null,
      flap,
      takesTurns,
      lastShown: takesTurns ? lastShown : {},
      rules: past.rules,
      byRules: past.byRules,
    },
  };
}

/**
 * Returns what is good news after alerts ended that people were notified of; null: none. Where expiry ended without a new
 * leaf, a person moved a threshold, or somebody the clock: that is no news.
 */
function goodNews(
  renewal: { from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean } | null,
  notified: readonly OpenAlert[],
  { stillOpen, isUnstable }: { stillOpen: number; isUnstable: boolean },
): Extract<AlertCause, { kind: 'renewed' | 'recovered' }> | null {
  if (renewal) return { kind: 'renewed', ...renewal };
  const resolved = notified.filter(
    ({ kind }) => kind === 'problem' || kind === 'unreachable' || kind === 'unstable',
  );
  // A host that comes and goes has not recovered.
  if (resolved.length === 0 || isUnstable) return null;
  return { kind: 'recovered', resolved, stillOpen };
}

/** After this long without being shown, a leaf no longer counts as one of several in turn: its server was renewed. */
const turnMs = 2 * 86_400_000;

/** Returns when each other leaf was last shown, of those that were lately. */
function shownLately({ shown, lastShown }: JobMemory, leaf: string, now: number): Record<string, number> {
  const times = { ...lastShown, ...(shown !== null && shown !== leaf ? { [shown]: now } : {}) };
  const lately = Object.entries(times).filter(
    ([fingerprint, at]) => fingerprint !== leaf && now - at < turnMs,
  );
  return Object.fromEntries(lately);
}

/** After the clock was set back nothing is remembered from the future. */
function correctForClock(memory: JobMemory, now: number): JobMemory {
  const { failing, pending, ended } = memory;
  return {
    ...memory,
    failing: failing && { ...failing, since: Math.min(failing.since, now) },
    pending: Object.fromEntries(Object.entries(pending).map(([key, since]) => [key, Math.min(since, now)])),
    ended: Object.fromEntries(Object.entries(ended).filter(([, at]) => at <= now && now - at < relapseMs)),
  };
}
