import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../../../shared/schema/alert.ts';
import { resolveRules } from '../../../shared/schema/alert-rules.ts';
import { quietEnd } from '../../../shared/schema/time-window.ts';
import { DueHeap } from '../monitor/due-heap.ts';
import { rulesVersion } from '../verify/rules-version.ts';
import { AlertMemory } from './alert-memory.ts';
import { type KeyedAlert, type NewAlert, publicAlert } from './alert-store.ts';
import type { AlerterOptions, AlertJob } from './alerter-options.ts';
import { isAboutExpiry } from './conditions.ts';
import { CopyFinder } from './copy-finder.ts';
import { groupWaitMs } from './grouping.ts';
import { resumeMs } from './held-back.ts';
import { leafOf } from './leaf-change.ts';
import { NotificationQueue } from './notification-queue.ts';
import { NotificationText } from './notification-text.ts';
import type { Observation } from './observation.ts';
import { partialKey } from './partial-renewal.ts';
import { evaluate } from './policy.ts';
import { type Raised, rise } from './raise.ts';
import { dueReminders, remindable } from './reminders.ts';
import { RulesUpgrade } from './rules-upgrade.ts';

/** What storage did not take is tried again after so long. */
const unkeptRetryMs = 60_000;
/** Shortest wait before a pending condition is evaluated again, in milliseconds. */
const leastRelookMs = 1_000;
/** Longest single timer, in milliseconds: clocks drift and machines sleep. */
const maxSleepMs = 86_400_000;

/** From results to what people hear: raises alerts by the policy, keeps them, and says each once, at the right time. */
export class Alerter {
  readonly #options: AlerterOptions;
  readonly #keeper: AlertMemory;
  readonly #words: NotificationText;
  readonly #queue: NotificationQueue;
  readonly #upgrade: RulesUpgrade;
  readonly #copies: CopyFinder;
  /** When each job's pending conditions are evaluated again. */
  readonly #relooks = new DueHeap();
  /** When people are to be reminded of something, or what they know has changed. */
  #remindAt = 0;
  #timer: { at: number; cancel: () => void } | null = null;

  constructor(options: AlerterOptions) {
    this.#options = options;
    this.#keeper = new AlertMemory(options.storage);
    this.#copies = new CopyFinder(options);
    this.#words = new NotificationText({ ...options, memory: this.#keeper });
    const parts = { ...options, keeper: this.#keeper, words: this.#words };
    this.#upgrade = new RulesUpgrade({ rulesVersion, ...parts });
    this.#queue = new NotificationQueue({ ...parts, upgrade: this.#upgrade });
  }

  /** Queues alerts that were raised but not notified before the program ended. */
  start(): void {
    const { storage } = this.#options;
    for (const alert of storage.tryWrite(() => storage.alerts.unnotified()) ?? [])
      this.#queue.add(alert, Date.parse(alert.snoozedUntil ?? alert.raisedAt));
    for (const jobId of storage.tryWrite(() => storage.alerts.pendingJobs()) ?? [])
      this.#relooks.set(jobId, this.#options.clock.now());
    this.wake();
  }

  /** Waits until jobs have been judged by the rules of now, before people hear what these change. */
  awaitVerdicts(jobIds: readonly string[]): void {
    this.#upgrade.await(jobIds, this.#options.clock.now());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Compares what a check found with what is known of its job. */
  observe(job: AlertJob, observation: Observation): void {
    const { at } = observation;
    const known = this.#keeper.known(job.id, at);
    const rules = resolveRules(job, this.#options.rules.settings);
    const evaluated = evaluate(known.memory, known.standing, observation, {
      rules,
      accepted: job.accepted,
      find: (renewal) => this.#copies.find(job, renewal, observation),
    });
    const verdict = this.#upgrade.note(job.id, known.memory, observation, evaluated);
    const { memory, raised, eased, ended, lookAgainAt } = verdict;
    this.#relookAll(this.#copies.observed(job.id, known, verdict, observation));
    if (lookAgainAt === null) this.#relooks.delete(job.id);
    else this.relookAt(job.id, lookAgainAt);
    const over = known.standing.filter(({ key }) => ended.includes(key));
    const isUnchanged = isDeepStrictEqual(memory, known.memory); // Fields are read back in another order.
    if (isUnchanged && raised.length + eased.length + over.length === 0) return;
    this.#end(over, at);
    const changed = new Map(
      [...eased, ...raised.filter(({ isRise }) => isRise)].map((one) => [one.key, one]),
    );
    const standing = known.standing
      .filter(({ key }) => !ended.includes(key))
      .map((alert) => {
        const change = changed.get(alert.key);
        return change
          ? { ...alert, ...this.#written(job, change, at), ...(change.isRise ? rise : {}) }
          : alert;
      });
    const added = raised.filter(({ isRise }) => !isRise).map((one) => this.#written(job, one, at));
    const news = this.#keeper.keep(job.id, { memory, standing }, added, at);
    for (const alert of standing) {
      const change = changed.get(alert.key);
      if (!change) continue;
      this.#change(alert);
      if (change.isRise) this.#announce(alert, at);
    }
    for (const alert of news) {
      this.#options.journal.record({ type: 'alert-changed', alert: publicAlert(alert) });
      this.#announce(alert, at);
    }
    // Alerts come by the thousand: the first of a moment sets the timer, and the others find it set.
    if (raised.length > 0) this.#wakeBy(this.#options.clock.now() + groupWaitMs);
    if (this.#keeper.isBehind) this.#wakeBy(this.#options.clock.now() + unkeptRetryMs);
  }

  /** What people are to be notified of waits until it is time. */
  #announce(alert: KeyedAlert, at: number): void {
    if (alert.severity === 'info') this.#options.log.info(alert.title);
    else this.#options.log.warn(`alert: ${alert.title}`);
    this.#queue.add(alert, at);
  }

  #written(job: AlertJob, { key, severity, level, cause }: Raised, at: number): NewAlert {
    return { key, severity, level, kind: cause.kind, ...this.#words.of(job, cause, at) };
  }

  /**
   * Schedules another evaluation of a job's pending conditions, whether or not a check comes first.
   * @param at milliseconds since the epoch
   */
  relookAt(jobId: string, at: number): void {
    const now = this.#options.clock.now();
    this.#relooks.set(jobId, Math.max(at, now + leastRelookMs));
    this.#wakeBy(this.#relooks.peek()?.at ?? at);
  }

  #runRelooks(now: number): void {
    for (let due = this.#relooks.peek(); due && due.at <= now; due = this.#relooks.peek()) {
      this.#relooks.delete(due.id);
      const { pending, partial } = this.#keeper.memory(due.id);
      const copies = partial ? [partialKey(partial.from)] : [];
      this.#options.onRelook(due.id, [...Object.keys(pending), ...copies]);
    }
  }

  /** Acknowledges an alert: it stays open until resolved but is not repeated. Returns null if there is no such alert. */
  acknowledge(id: number): Alert | null {
    const acknowledgedAt = new Date(this.#options.clock.now()).toISOString();
    return this.#settle(id, { acknowledgedAt, snoozedUntil: null });
  }

  /**
   * Snoozes an alert: it is notified again at that time if still open. `renewed`: no alerts about this certificate's expiry any
   * more. Null where there is no such alert.
   * @param until ISO 8601, or `renewed`
   */
  snooze(id: number, until: string): Alert | null {
    const alert = this.#settle(id, { snoozedUntil: until, acknowledgedAt: null, released: null });
    const standing = alert && this.#find(id);
    if (!standing || standing.resolvedAt !== null) return alert;
    if (until !== 'renewed') this.#queue.add(standing, Date.parse(until));
    else if (isAboutExpiry(standing.kind)) this.#silence(standing);
    this.wake();
    return alert;
  }

  /** Follows an edit: the alerts of a job that looks elsewhere end, and those of others may name it no longer. */
  jobEdited(before: AlertJob, job: AlertJob): void {
    if (!isDeepStrictEqual(before.target, job.target)) this.reset(job.id);
    const { memory, standing } = this.#keeper.known(job.id, this.#options.clock.now());
    for (const alert of this.#words.renamed(standing, before, job)) this.#change(alert);
    // What is resumed is checked first.
    if (job.paused || !before.paused) this.#relookAll(this.#copies.following(memory.shown));
    if (before.paused === job.paused) return;
    // Nothing is seen of a host that is paused, so that its alert would name what others no longer show.
    const copies = standing.filter(({ kind }) => job.paused && kind === 'partly-renewed');
    this.#end(copies, this.#options.clock.now());
    this.#remindAt = this.#options.clock.now() + resumeMs;
    this.#wakeBy(this.#remindAt);
    if (memory.partial) this.#relookAll([job.id]);
  }

  #relookAll(jobIds: Iterable<string>): void {
    for (const id of jobIds) this.relookAt(id, this.#options.clock.now());
  }

  /** Ends what stands and forgets the rest: the job looks elsewhere. */
  reset(jobId: string): void {
    const { memory, standing } = this.#keeper.known(jobId, this.#options.clock.now());
    this.#end(standing, this.#options.clock.now());
    this.#relookAll(this.#copies.forget(jobId, memory));
    this.#keeper.forget(jobId);
    this.#relooks.delete(jobId);
  }

  /** The job is gone, and its alerts with it. */
  removeJob(jobId: string): void {
    this.#queue.withdrawJob(jobId);
    this.#relookAll(this.#copies.forget(jobId, this.#keeper.memory(jobId)));
    this.#keeper.forget(jobId);
    this.#relooks.delete(jobId);
    const { storage } = this.#options;
    storage.tryWrite(() => storage.alerts.removeJob(jobId));
  }

  /** Looks at the clock and the settings again. */
  wake(): void {
    this.stop();
    const { clock, rules } = this.#options;
    const now = clock.now();
    this.#catchUp();
    this.#runRelooks(now);
    this.#remind(now);
    const { hasNotified, wakeAt } = this.#queue.run(quietEnd(rules.settings, now), now);
    // What people know of now may be something to remind them of.
    if (hasNotified) this.#remindAt = Math.min(this.#remindAt, now + 1);
    if (wakeAt !== null) this.#wakeBy(wakeAt);
    if (this.#keeper.isBehind) this.#wakeBy(now + unkeptRetryMs);
    const relook = this.#relooks.peek();
    if (relook) this.#wakeBy(relook.at);
    if (this.#remindAt !== Number.POSITIVE_INFINITY) this.#wakeBy(this.#remindAt);
  }

  /** Has people notified again of what has been open and critical for long. */
  #remind(now: number): void {
    if (now < this.#remindAt) return;
    const { storage, jobs, rules } = this.#options;
    const waiting = this.#queue.waiting();
    const open = (storage.tryWrite(() => storage.alerts.open()) ?? [])
      .filter(({ id }) => !waiting.has(id))
      .map((stored) => this.#queue.get(stored.id) ?? stored);
    const leavesOf = (id: string) => this.#keeper.memory(id).leaves;
    const { due, nextAt } = dueReminders(remindable(open, { jobs, rules, leavesOf }), now);
    this.#remindAt = nextAt;
    for (const alert of due) this.#queue.add({ ...alert, reminders: alert.reminders + 1 }, now, true);
  }

  /** Keeps what storage did not take before; what waits goes by its new id from then on. */
  #catchUp(): void {
    const renamed = this.#keeper.isBehind ? this.#keeper.catchUp() : null;
    for (const [before, alert] of renamed ?? []) this.#queue.rename(before, alert);
  }

  /** Sets the timer for the next evaluation, in milliseconds since the epoch. */
  #wakeBy(at: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (this.#timer && this.#timer.at <= at && this.#timer.at > now) return;
    this.stop();
    const delayMs = Math.min(Math.max(at - now, 0), maxSleepMs);
    this.#timer = { at: now + delayMs, cancel: clock.after(delayMs, () => this.wake()) };
  }

  #find(id: number): KeyedAlert | null {
    const { storage } = this.#options;
    return this.#queue.get(id) ?? storage.tryWrite(() => storage.alerts.get(id));
  }

  /** A person has dealt with an alert: it waits for nothing. */
  #settle(id: number, change: Partial<KeyedAlert>): Alert | null {
    const before = this.#find(id);
    if (!before) return null;
    if (before.resolvedAt !== null) return publicAlert(before); // There is nothing left to deal with.
    this.#queue.withdraw([id]);
    // An unexpected change does not pass by itself: acknowledging resolves it.
    const isOver = before.kind === 'changed' && change.acknowledgedAt;
    const alert = { ...before, ...change, ...(isOver ? { resolvedAt: change.acknowledgedAt ?? null } : {}) };
    this.#change(alert);
    return publicAlert(alert);
  }

  #silence({ jobId, key }: KeyedAlert): void {
    const { now } = this.#options.clock;
    const { memory, standing } = this.#keeper.known(jobId, now());
    const silenced = { ...memory, silencedLeaf: leafOf({ key }) };
    this.#keeper.keep(jobId, { memory: silenced, standing }, [], now());
    this.#relookAll(this.#copies.following(memory.shown));
  }

  #end(over: readonly KeyedAlert[], at: number): void {
    if (over.length === 0) return;
    this.#queue.withdraw(over.map(({ id }) => id));
    for (const alert of over) this.#change({ ...alert, resolvedAt: new Date(at).toISOString() });
  }

  #change(alert: KeyedAlert): void {
    this.#queue.update(alert);
    this.#keeper.update(alert);
    if (this.#keeper.isBehind) this.#wakeBy(this.#options.clock.now() + unkeptRetryMs);
    this.#options.journal.record({ type: 'alert-changed', alert: publicAlert(alert) });
  }
}
