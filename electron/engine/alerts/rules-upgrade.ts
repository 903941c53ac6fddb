import type { AlertEvent } from '../events/event-journal.ts';
import type { AlertMemory } from './alert-memory.ts';
import { type KeyedAlert, publicAlert } from './alert-store.ts';
import type { JobMemory } from './job-memory.ts';
import type { NotificationText } from './notification-text.ts';
import type { Observation } from './observation.ts';
import type { Verdict } from './policy.ts';

/** How long the summary waits for hosts to be checked again. */
const upgradeWaitMs = 30 * 60_000;
/** So often it is looked whether they have been. */
const lookMs = 30_000;

interface RulesUpgradeOptions {
  /** See `rulesVersion` in verify/rules-version.ts. */
  rulesVersion: number;
  keeper: AlertMemory;
  words: NotificationText;
  journal: { record(event: AlertEvent): void };
}

/**
 * Has people notified in one summary of the verdicts that an upgrade changes. Where a host shows the leaf that it showed before and is
 * judged by newer rules than then, what is newly wrong or right with it is held here until the others have been judged, too.
 */
export class RulesUpgrade {
  readonly #options: RulesUpgradeOptions;
  readonly #held = new Map<number, KeyedAlert>();
  /** The jobs that are yet to be judged, and until when they are waited for. */
  readonly #awaited = new Set<string>();
  #waitUntil = 0;

  constructor(options: RulesUpgradeOptions) {
    this.#options = options;
  }

  /** Waits for jobs to be judged by the rules of now. */
  await(jobIds: readonly string[], now: number): void {
    for (const id of jobIds) this.#awaited.add(id);
    this.#waitUntil = now + upgradeWaitMs;
  }

  /** Returns a verdict with the version of its rules in the memory, and with the keys of what is held of it. */
  note(jobId: string, past: JobMemory, { leaf, isRelook }: Observation, verdict: Verdict): Verdict {
    if (isRelook) return verdict;
    this.#awaited.delete(jobId);
    if (leaf === null) return verdict;
    const { rulesVersion } = this.#options;
    const isUpgrade = past.rules < rulesVersion && past.shown === leaf.fingerprint;
    const held = isUpgrade ? verdict.raised.filter(({ cause }) => isHeldKind(cause.kind)) : [];
    const kept = past.byRules.filter((key) => !verdict.ended.includes(key));
    const byRules = [...new Set([...kept, ...held.map(({ key }) => key)])];
    return { ...verdict, memory: { ...verdict.memory, rules: rulesVersion, byRules } };
  }

  /** Holds an alert if it came with the rules. @returns whether it did */
  take(alert: KeyedAlert): boolean {
    const isByRules = this.#options.keeper.memory(alert.jobId).byRules.includes(alert.key);
    if (isByRules) this.#held.set(alert.id, alert);
    return isByRules;
  }

  get(id: number): KeyedAlert | undefined {
    return this.#held.get(id);
  }

  /** Takes the alert as it is now in place of what it was; one that is over, or was dealt with, is not announced. */
  update(alert: KeyedAlert): void {
    const { id, resolvedAt, acknowledgedAt, snoozedUntil } = alert;
    if (!this.#held.has(id)) return;
    if (resolvedAt ?? acknowledgedAt ?? snoozedUntil) this.#held.delete(id);
    else this.#held.set(id, alert);
  }

  /** An alert that storage took late has another id from then on. */
  rename(before: number, alert: KeyedAlert): void {
    if (this.#held.delete(before)) this.#held.set(alert.id, alert);
  }

  withdrawJob(jobId: string): void {
    this.#awaited.delete(jobId);
    for (const { id, jobId: other } of this.#held.values()) if (other === jobId) this.#held.delete(id);
  }

  /**
   * Announces what is held once every job has been judged, or was waited for long enough; never while it is quiet, since no host changed.
   * @param quietEnd until when it is; null: it is not
   * @returns when to run it again, in milliseconds since the epoch; null: not before something is held
   */
  run(quietEnd: number | null, now: number): number | null {
    if (this.#held.size === 0) return null;
    if (quietEnd !== null) return quietEnd;
    // A clock that was set back must not make it wait for longer.
    const waitUntil = Math.min(this.#waitUntil, now + upgradeWaitMs);
    if (this.#awaited.size > 0 && now < waitUntil) return Math.min(waitUntil, now + lookMs);
    this.#announce(now);
    return null;
  }

  #announce(now: number): void {
    const { keeper, words, journal } = this.#options;
    const notifiedAt = new Date(now).toISOString();
    const alerts = [...this.#held.values()].map((alert) => ({
      ...alert,
      notifiedAt,
      notifiedLevel: alert.level,
      resolvedAt: alert.severity === 'info' ? notifiedAt : alert.resolvedAt,
    }));
    this.#held.clear();
    // Written down before that it was announced: a program that ends between tells people twice, and not never.
    const digest = { alerts: alerts.map(publicAlert), isUpdate: false, ...words.upgrade(alerts) };
    journal.record({ type: 'digest', digest: { ...digest, isByRules: true } });
    for (const alert of alerts) keeper.update(alert);
    for (const jobId of new Set(alerts.map((alert) => alert.jobId))) {
      const { memory, standing } = keeper.known(jobId, now);
      keeper.keep(jobId, { memory: { ...memory, byRules: [] }, standing }, [], now);
    }
  }
}

/** Rules decide what is wrong with a certificate, and never when it expires or whether its host answers. */
function isHeldKind(kind: string): boolean {
  return kind === 'problem' || kind === 'recovered';
}
