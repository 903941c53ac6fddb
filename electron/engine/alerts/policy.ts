import { type AlertCause, alertKinds, type KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import { sooner } from '../../../shared/domain/sooner.ts';
import type { AcceptedProblem } from '../../../shared/schema/accepted-problem.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { sortAccepted } from './accepted.ts';
import { isAboutExpiry, shownConditions, silentConditions, unstableCondition } from './conditions.ts';
import { countFlap } from './flapping.ts';
import { correctForClock, type JobMemory, type OpenAlert, shownLately } from './job-memory.ts';
import { leafChange, leafOf, renewalOf, unexpectedChange } from './leaf-change.ts';
import type { Observation } from './observation.ts';
import { type FindCopies, partialRenewal, raiseWithPartial, renewalToFollow } from './partial-renewal.ts';
import { isInMaintenance, type Raised } from './raise.ts';

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
 */
export function evaluate(
  memory: JobMemory,
  open: readonly OpenAlert[],
  observation: Observation,
  context: PolicyContext,
): Verdict {
  const past = correctForClock(memory, observation.at);
  return observation.leaf === null
    ? evaluateSilence(past, open, observation, context)
    : evaluateLeaf(past, open, { ...observation, leaf: observation.leaf }, context);
}

/** What holds for a job besides what was observed. */
export interface PolicyContext {
  rules: ResolvedRules;
  /** The problems of the job that were accepted. */
  accepted: readonly AcceptedProblem[];
  /** Finds the jobs that show a certificate of this one. */
  find: FindCopies;
}

/**
 * While nothing is shown, what was wrong stays as it is, but for what time alone decides: a certificate expires whether or not
 * its host can be reached.
 */
function evaluateSilence(
  past: JobMemory,
  open: readonly OpenAlert[],
  { at, unreachable, isRelook }: Observation,
  { rules, accepted, find }: PolicyContext,
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
  const found = silentConditions(last, view, { message: unreachable ?? 'It shows no certificate.', failing });
  const sorted = sortAccepted(found, accepted, past.shown, at);
  const failed = sorted.held.has('unreachable') ? [] : ['unreachable'];
  const flap = isRelook ? past.flap : countFlap(past.flap, failed, !isInMaintenance(rules, at));
  const conditions = [...sorted.counted, ...(flap?.isUnstable ? [unstableCondition(flap, rules)] : [])];
  const partial = partialRenewal(past.partial, find, { past, open, rules, now: at });
  const raising = raiseWithPartial(partial, conditions, { past, open, rules, now: at });
  const { raised, eased, pending, lookAgainAt } = raising;
  // It is down for good now, so the alert about instability is resolved.
  const isOver = ({ key, kind }: OpenAlert) =>
    sorted.held.has(key) ||
    (kind === 'unstable' && !flap?.isUnstable) ||
    (kind === 'partly-renewed' && !partial.isStillTrue);
  const ended = open.filter(isOver);
  const everywhere = ended.filter(
    ({ kind, notifiedLevel }) => kind === 'partly-renewed' && partial.isDone && notifiedLevel !== null,
  );
  const stillOpen = open.length - ended.length + raised.filter(({ isRise }) => !isRise).length;
  const good = goodNews(null, everywhere, { stillOpen, isUnstable: false });
  if (good) raised.push({ key: good.kind, severity: 'info', level: 0, cause: good });
  return {
    raised,
    eased,
    ended: ended.map(({ key }) => key),
    memory: {
      ...past,
      failing,
      flap,
      partial: partial.renewal,
      pending: { ...past.pending, ...pending, ...sorted.pending },
    },
    lookAgainAt: sooner(lookAgainAt, sorted.lookAgainAt),
  };
}

function evaluateLeaf(
  past: JobMemory,
  open: readonly OpenAlert[],
  observation: Observation & { leaf: NonNullable<Observation['leaf']> },
  { rules, accepted, find }: PolicyContext,
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
  const hasChainEnded = observation.chainEndsAt !== null && at > observation.chainEndsAt;
  const found = shownConditions(seen, view, { problems, hasChainEnded });
  const sorted = sortAccepted(found, accepted, leaf.fingerprint, at);
  const wrong = sorted.counted.filter(({ cause }) => !isAboutExpiry(cause.kind));
  const flap = isRelook
    ? past.flap
    : countFlap(
        past.flap,
        wrong.map(({ key }) => key),
        !isInMaintenance(rules, at),
      );
  const unstable = flap?.isUnstable ? [unstableCondition(flap, rules)] : [];
  const conditions = [...sorted.counted, ...unstable];
  const partial = partialRenewal(renewalToFollow(past, change), find, { past, open, rules, now: at });
  const raising = raiseWithPartial(partial, conditions, { past, open, rules, now: at });
  const { raised, eased, pending, lookAgainAt } = raising;

  const lastShown = shownLately(past, leaf.fingerprint, at);
  const ended = open.filter((alert) => {
    if (alert.kind === 'changed') return change.isRenewal;
    if (alert.kind === 'partly-renewed') return !partial.isStillTrue;
    if (conditions.some(({ key }) => key === alert.key)) return false;
    if (sorted.held.has(alert.key)) return true;
    // Nothing was seen by a look at the clock, and of servers that take turns another may answer next.
    return !(isAboutExpiry(alert.kind) && (isRelook || (takesTurns && leafOf(alert) in lastShown)));
  });
  const unexpected = unexpectedChange(change, open, rules);
  if (unexpected && !isInMaintenance(rules, at))
    raised.push({ key: `changed:${leaf.fingerprint}`, severity: 'warning', level: 1, cause: unexpected });

  // An alert that was not notified, or whose problem was accepted, is resolved without a word.
  const isSilent = ({ key, kind }: OpenAlert) =>
    sorted.held.has(key) || (kind === 'partly-renewed' && !partial.isDone);
  const resolved = ended.filter((alert) => !isSilent(alert));
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
      leaves: leaves.map((one) =>
        one.fingerprint === leaf.fingerprint && leaf.names !== undefined
          ? { ...one, names: leaf.names, keyType: leaf.keyType }
          : one,
      ),
      partial: partial.renewal,
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
 * leaf, or a threshold or the clock was moved: not worth an alert.
 */
function goodNews(
  renewal: { from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean } | null,
  notified: readonly OpenAlert[],
  { stillOpen, isUnstable }: { stillOpen: number; isUnstable: boolean },
): Extract<AlertCause, { kind: 'renewed' | 'recovered' }> | null {
  if (renewal) return { kind: 'renewed', ...renewal };
  const resolved = notified.filter(({ kind }) => alertKinds[kind].isEndNews);
  // A host that comes and goes has not recovered.
  if (resolved.length === 0 || isUnstable) return null;
  return { kind: 'recovered', resolved, stillOpen };
}
