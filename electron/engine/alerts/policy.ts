import type { AlertCause, AlertKind, KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { maintenanceEnd } from '../../../shared/schema/time-window.ts';
import { changeOf, lastsLongest, remember, replacesInTime } from './certificate-changes.ts';
import {
  type Condition,
  expiryCondition,
  isAboutExpiry,
  isWanted as isWantedBy,
  problemConditions,
  unreachableCondition,
} from './conditions.ts';
import type { Observation } from './observation.ts';

const dayMs = 86_400_000;

/** What was the matter, went, and came back within this time is not said again at once … */
const relapseMs = dayMs;
/** … but when it has stayed for so long: a host that comes and goes is said once a day. */
const relapsePatienceMs = 2 * 3_600_000;

/** An alert that was raised and is still true. */
export interface OpenAlert {
  /** Names the cause: `critical:<fingerprint>`, `problem:weak-key`, `unreachable`. */
  key: string;
  kind: AlertKind;
  severity: AlertSeverity;
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
  /** The leaf of whose expiry nobody wants to hear any more. */
  silencedLeaf: string | null;
}

export const noMemory: JobMemory = {
  shown: null,
  leaves: [],
  failing: null,
  pending: {},
  ended: {},
  silencedLeaf: null,
};

interface Raised {
  key: string;
  severity: AlertSeverity;
  cause: AlertCause;
}

export interface Verdict {
  memory: JobMemory;
  raised: Raised[];
  /** Keys of open alerts that are no longer true, or that a raised one takes the place of. */
  ended: string[];
}

/**
 * What a person must hear after a result, whether or not now is the time to say it. Pure: a history can be played through
 * it. What is true now is compared with the open alerts: what is newly true is raised, what no longer is, is ended.
 */
export function evaluate(
  memory: JobMemory,
  open: readonly OpenAlert[],
  observation: Observation,
  rules: ResolvedRules,
): Verdict {
  const past = correctForClock(memory, observation.at);
  return observation.leaf === null
    ? judgeSilence(past, open, observation, rules)
    : judgeLeaf(past, open, { ...observation, leaf: observation.leaf }, rules);
}

/** While nothing is shown, nothing is known of the certificate: what was the matter with it stays as it is. */
function judgeSilence(
  past: JobMemory,
  open: readonly OpenAlert[],
  { at, unreachable }: Observation,
  rules: ResolvedRules,
): Verdict {
  const failing = { since: past.failing?.since ?? at, count: (past.failing?.count ?? 0) + 1 };
  const condition = unreachableCondition(unreachable ?? 'It shows no certificate.', failing, rules);
  const { raised, pending } = raise(past, open, [condition], rules, at);
  return { raised, ended: [], memory: { ...past, failing, pending: { ...past.pending, ...pending } } };
}

function judgeLeaf(
  past: JobMemory,
  open: readonly OpenAlert[],
  { at, leaf, shown, problems }: Observation & { leaf: NonNullable<Observation['leaf']> },
  rules: ResolvedRules,
): Verdict {
  const leaves = remember(past.leaves, leaf, at);
  const isNew = leaves !== past.leaves;
  const before = past.leaves.find(({ fingerprint }) => fingerprint === past.shown);
  const replaced = isNew && before && !shown.includes(before.fingerprint) ? before : null;
  const isRepair = open.some(({ kind }) => kind !== 'unreachable' && kind !== 'changed');
  const isRenewal =
    replaced !== null &&
    lastsLongest(leaf, past.leaves) &&
    (isRepair || replacesInTime(replaced, past.leaves, at));

  const rung = expiryCondition({ ...leaf, firstSeenAt: at }, leaves, rules, at, past.silencedLeaf);
  const conditions = [...(rung ? [rung] : []), ...problemConditions(problems, rules)];
  const { raised, pending } = raise(past, open, conditions, rules, at);

  const stays = (alert: OpenAlert): boolean => {
    if (alert.kind === 'changed') return !isRenewal;
    if (conditions.some(({ key }) => key === alert.key)) return true;
    // On the ladder of expiry only the highest rung that was said stays, and it does until the leaf is fine.
    return (
      isAboutExpiry(alert.kind) && rung?.leaf === leafOf(alert) && !raised.some(({ key }) => key === rung.key)
    );
  };
  const ended = open.filter((alert) => !stays(alert));
  const unexpected =
    replaced &&
    !isRenewal &&
    !isRepair &&
    isWantedBy('changed', rules.alerts) &&
    !open.some(({ kind }) => kind === 'changed')
      ? changeOf(replaced, { ...leaf, firstSeenAt: at })
      : null;
  if (unexpected && !isInMaintenance(rules, at))
    raised.push({ key: `changed:${leaf.fingerprint}`, severity: 'warning', cause: unexpected });

  const isExpiryOver = ended.some(
    (alert) => isAboutExpiry(alert.kind) && leafOf(alert) === replaced?.fingerprint,
  );
  if (isRenewal && isExpiryOver) {
    const cause = { kind: 'renewed', from: replaced, to: { ...leaf, firstSeenAt: at } } as const;
    raised.push({ key: `renewed:${leaf.fingerprint}`, severity: 'info', cause });
  } else {
    // Where expiry ended without a new leaf, a person moved a threshold, or somebody the clock: no news.
    const mended = ended.filter(({ kind }) => kind === 'problem' || kind === 'unreachable');
    if (mended.length > 0 && raised.length === 0 && ended.length === open.length)
      raised.push({ key: 'recovered', severity: 'info', cause: { kind: 'recovered', resolved: mended } });
  }

  return {
    raised,
    ended: ended.map(({ key }) => key),
    memory: {
      shown: leaf.fingerprint,
      leaves,
      failing: null,
      pending,
      ended: { ...past.ended, ...Object.fromEntries(ended.map(({ key }) => [key, at])) },
      silencedLeaf: past.silencedLeaf === leaf.fingerprint ? past.silencedLeaf : null,
    },
  };
}

/** Which of what is true is to be raised now, and what has to last first. */
function raise(
  past: JobMemory,
  open: readonly OpenAlert[],
  conditions: readonly Condition[],
  rules: ResolvedRules,
  now: number,
): { raised: Raised[]; pending: Record<string, number> } {
  const raised: Raised[] = [];
  const pending: Record<string, number> = {};
  for (const { key, severity, cause, since, patienceMs, isWanted, rank, leaf } of conditions) {
    const isSaid = open.some(
      (alert) => alert.key === key || (leaf !== null && leafOf(alert) === leaf && rankOf(alert) >= rank),
    );
    if (isSaid || !isWanted) continue;
    const trueSince = since ?? past.pending[key] ?? now;
    const neededMs = key in past.ended ? Math.max(patienceMs, relapsePatienceMs) : patienceMs;
    if (isInMaintenance(rules, now) || now - trueSince < neededMs) pending[key] = trueSince;
    else raised.push({ key, severity, cause: isOverdueSaid(open, leaf) ? asThreshold(cause) : cause });
  }
  return { raised, pending };
}

function isOverdueSaid(open: readonly OpenAlert[], leaf: string | null): boolean {
  return open.some((alert) => alert.kind === 'renewal-overdue' && leafOf(alert) === leaf);
}

/** What is overdue is said once; from then on it is the thresholds that it crosses. */
function asThreshold(cause: AlertCause): AlertCause {
  return cause.kind === 'renewal-overdue' ? { ...cause, kind: 'expiring' } : cause;
}

/** How high an alert stands on the ladder of expiry. One that says “expired” stands for nothing once that is not so. */
function rankOf({ key, kind }: OpenAlert): number {
  return isAboutExpiry(kind) && kind !== 'expired'
    ? ['overdue', 'warning', 'critical'].indexOf(key.split(':')[0] ?? '')
    : -1;
}

/** The fingerprint of the leaf that an alert is about, out of its key. */
export function leafOf({ key }: Pick<OpenAlert, 'key'>): string {
  return key.slice(key.indexOf(':') + 1);
}

function isInMaintenance({ alerts }: ResolvedRules, now: number): boolean {
  return alerts.maintenance.some((window) => maintenanceEnd(window, now) !== null);
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
