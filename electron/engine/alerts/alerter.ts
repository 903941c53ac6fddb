import { type AlertCause, alertText } from '../../../shared/domain/alerts/kinds.ts';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import { dateInWords } from '../../../shared/text/words.ts';
import type { Clock } from '../clock.ts';
import type { AlertEvent } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import { AlertMemory, type AlertStorage } from './alert-memory.ts';
import type { KeyedAlert } from './alert-store.ts';
import { isAboutExpiry } from './conditions.ts';
import { digestWords } from './digest-text.ts';
import { type DeliveryState, deliver, groupWaitMs, nothingToSay, rename, withdraw } from './grouping.ts';
import type { Observation } from './observation.ts';
import { evaluate, leafOf } from './policy.ts';

/** Whom an alert is about, and what rules hold for it. */
export type AlertJob = Pick<Job, 'id' | 'name' | 'target' | 'tags' | 'thresholds' | 'alerts'>;

export interface AlerterOptions {
  clock: Clock;
  storage: AlertStorage;
  rules: { readonly settings: Pick<Settings, 'thresholds' | 'alerts' | 'tagRules' | 'quietHours'> };
  jobs: { get(id: string): AlertJob | undefined };
  /** When a job was checked last, in milliseconds since the epoch; null: that is not known. */
  results: { facts(id: string): { checkedAt: number | null } };
  log: Log;
  /** Takes what people are notified of, and how alerts change. */
  journal: { record(event: AlertEvent): void };
}

/** What is known for so long may have changed since. */
const oldNewsMs = 86_400_000;
/** An alert that waited for longer is worded anew: "in 2 hours" grows stale. */
const staleMs = 60_000;
/** What storage did not take is tried again after so long. */
const unkeptRetryMs = 60_000;
/** A timer is not trusted for longer: what waits is looked at again. */
const maxSleepMs = 86_400_000;

/** From results to what people hear: raises alerts by the policy, keeps them, and says each once, at the right time. */
export class Alerter {
  readonly #options: AlerterOptions;
  readonly #keeper: AlertMemory;
  #delivery: DeliveryState = nothingToSay;
  /** The alerts that wait, were said just now, or are in the digest that grows. */
  readonly #alive = new Map<number, KeyedAlert>();
  #timer: { at: number; cancel: () => void } | null = null;

  constructor(options: AlerterOptions) {
    this.#options = options;
    this.#keeper = new AlertMemory(options.storage);
  }

  /** Takes up what was raised, and not said before the program ended. */
  start(): void {
    const { storage } = this.#options;
    for (const alert of storage.tryWrite(() => storage.alerts.unnotified()) ?? [])
      this.#wait(alert, Date.parse(alert.snoozedUntil ?? alert.raisedAt));
    this.wake();
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
    const { memory, raised, ended } = evaluate(known.memory, known.standing, observation, rules);
    const over = known.standing.filter(({ key }) => ended.includes(key));
    const wasTold = over.some(({ notifiedAt }) => notifiedAt !== null);
    // Nobody needs to hear of the end of what they never heard of.
    const news = raised.filter(({ severity }) => severity !== 'info' || wasTold);
    const isUnchanged = JSON.stringify(memory) === JSON.stringify(known.memory);
    if (isUnchanged && news.length === 0 && over.length === 0) return;
    this.#end(over, at);
    const standing = known.standing.filter(({ key }) => !ended.includes(key));
    const worded = news.map(({ key, severity, cause }) => ({
      key,
      severity,
      kind: cause.kind,
      ...this.#worded(job, cause, at),
    }));
    for (const alert of this.#keeper.keep(job.id, { memory, standing }, worded, at)) {
      if (alert.severity === 'info') this.#options.log.info(alert.title);
      else this.#options.log.warn(`alert: ${alert.title}`);
      this.#wait(alert, at);
      this.#options.journal.record({ type: 'alert-changed', alert: publicAlert(alert) });
    }
    // Alerts come by the thousand: the first of a moment sets the timer, and the others find it set.
    if (news.length > 0) this.#wakeBy(this.#options.clock.now() + groupWaitMs);
    if (this.#keeper.isBehind) this.#wakeBy(this.#options.clock.now() + unkeptRetryMs);
  }

  /** Somebody has seen it. It goes on standing until it is over, and is not said again. Null where there is none. */
  acknowledge(id: number): Alert | null {
    return this.#settle(id, { acknowledgedAt: this.#nowIso(), snoozedUntil: null });
  }

  /**
   * Says an alert again at a time, if it is still true then. `renewed`: nobody is told of this certificate's expiry any
   * more. Null where there is no such alert.
   * @param until ISO 8601, or `renewed`
   */
  snooze(id: number, until: string): Alert | null {
    const alert = this.#settle(id, { snoozedUntil: until, acknowledgedAt: null });
    const standing = alert && this.#find(id);
    if (!standing || standing.resolvedAt !== null) return alert;
    if (until !== 'renewed') this.#wait(standing, Date.parse(until));
    else if (isAboutExpiry(standing.kind)) this.#silence(standing);
    this.wake();
    return alert;
  }

  /** Ends what stands and forgets the rest: the job looks elsewhere. */
  reset(jobId: string): void {
    this.#end(this.#keeper.known(jobId, this.#options.clock.now()).standing, this.#options.clock.now());
    this.#keeper.forget(jobId);
  }

  /** The job is gone, and its alerts with it. */
  removeJob(jobId: string): void {
    const gone = [...this.#alive.values()].filter((alert) => alert.jobId === jobId).map(({ id }) => id);
    this.#delivery = withdraw(this.#delivery, new Set(gone));
    this.#keeper.forget(jobId);
    const { storage } = this.#options;
    storage.tryWrite(() => storage.alerts.removeJob(jobId));
  }

  /** Looks at the clock and the settings again. */
  wake(): void {
    this.stop();
    const { clock, rules } = this.#options;
    const now = clock.now();
    this.#catchUp();
    const { state, said, told, wakeAt } = deliver(this.#delivery, rules.settings.quietHours, now);
    this.#delivery = state;
    for (const id of told) this.#markSaid(id, now);
    for (const saying of said) {
      if (saying.type === 'digest') this.#sayDigest(saying.ids, saying.isUpdate);
      else {
        const alert = this.#alive.get(saying.id);
        if (alert) this.#options.journal.record({ type: 'alert', alert: publicAlert(alert) });
      }
    }
    this.#letGo();
    if (wakeAt !== null) this.#wakeBy(wakeAt);
    if (this.#keeper.isBehind) this.#wakeBy(now + unkeptRetryMs);
  }

  /** Keeps what storage did not take before; what waits goes by its new id from then on. */
  #catchUp(): void {
    const renamed = this.#keeper.isBehind ? this.#keeper.catchUp() : null;
    for (const [before, alert] of renamed ?? []) {
      if (this.#alive.delete(before)) this.#alive.set(alert.id, alert);
      this.#delivery = rename(this.#delivery, before, alert.id);
    }
  }

  /** Sees to it that what waits is looked at by a time, in milliseconds since the epoch. */
  #wakeBy(at: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (this.#timer && this.#timer.at <= at && this.#timer.at > now) return;
    this.stop();
    const delayMs = Math.min(Math.max(at - now, 0), maxSleepMs);
    this.#timer = { at: now + delayMs, cancel: clock.after(delayMs, () => this.wake()) };
  }

  #nowIso(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  #find(id: number): KeyedAlert | null {
    const { storage } = this.#options;
    return this.#alive.get(id) ?? storage.tryWrite(() => storage.alerts.get(id));
  }

  #wait(alert: KeyedAlert, since: number): void {
    this.#alive.set(alert.id, alert);
    const { id, severity, snoozedUntil } = alert;
    const waiting = { id, severity, since, isSnoozed: snoozedUntil !== null };
    this.#delivery = { ...this.#delivery, waiting: [...this.#delivery.waiting, waiting] };
  }

  /** A person has dealt with an alert: it waits for nothing. */
  #settle(id: number, change: Partial<KeyedAlert>): Alert | null {
    const before = this.#find(id);
    if (!before) return null;
    if (before.resolvedAt !== null) return publicAlert(before); // There is nothing left to deal with.
    this.#delivery = withdraw(this.#delivery, new Set([id]));
    // An unexpected change is nothing that passes: it is over once somebody has seen it.
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
  }

  #end(over: readonly KeyedAlert[], at: number): void {
    if (over.length === 0) return;
    this.#delivery = withdraw(this.#delivery, new Set(over.map(({ id }) => id)));
    for (const alert of over) this.#change({ ...alert, resolvedAt: new Date(at).toISOString() });
  }

  #change(alert: KeyedAlert): void {
    if (this.#alive.has(alert.id)) this.#alive.set(alert.id, alert);
    this.#keeper.update(alert);
    if (this.#keeper.isBehind) this.#wakeBy(this.#options.clock.now() + unkeptRetryMs);
    this.#options.journal.record({ type: 'alert-changed', alert: publicAlert(alert) });
  }

  #markSaid(id: number, now: number): void {
    const alert = this.#alive.get(id);
    if (!alert) return;
    const notifiedAt = new Date(now).toISOString();
    // News of something good is over once it is said.
    const resolvedAt = alert.severity === 'info' ? notifiedAt : alert.resolvedAt;
    const said = { ...alert, ...this.#wordsOf(alert, now), notifiedAt, resolvedAt, snoozedUntil: null };
    this.#alive.set(id, said);
    this.#keeper.update(said);
  }

  /** An alert that waited tells of expiry as seen from now. */
  #wordsOf(alert: KeyedAlert, now: number): Pick<Alert, 'title' | 'body'> {
    const job = this.#options.jobs.get(alert.jobId);
    if (!job || !isAboutExpiry(alert.kind) || now - Date.parse(alert.raisedAt) < staleMs) return alert;
    const { leaves } = this.#keeper.memory(alert.jobId);
    const leaf = leaves.find(({ fingerprint }) => fingerprint === leafOf(alert));
    return leaf ? this.#worded(job, { kind: alert.kind, leaf, leaves }, now) : alert;
  }

  /** Of expiry it is said, too, how old the news is that it goes by. */
  #worded(job: AlertJob, cause: AlertCause, now: number): Pick<Alert, 'title' | 'body'> {
    const { title, body } = alertText(jobName(job), cause, now);
    const checkedAt = this.#options.results.facts(job.id).checkedAt;
    const isOld = isAboutExpiry(cause.kind) && checkedAt !== null && now - checkedAt >= oldNewsMs;
    return { title, body: isOld ? `${body} Last checked on ${dateInWords(checkedAt)}.` : body };
  }

  #sayDigest(ids: readonly number[], isUpdate: boolean): void {
    const alerts = ids.flatMap((id) => this.#alive.get(id) ?? []);
    const nameOf = (jobId: string) => {
      const job = this.#options.jobs.get(jobId);
      return job ? jobName(job) : 'a job that was deleted';
    };
    const digest = {
      alerts: alerts.map(publicAlert),
      isUpdate,
      ...digestWords(alerts, nameOf),
    };
    this.#options.journal.record({ type: 'digest', digest });
  }

  #letGo(): void {
    const { waiting, recent, digest } = this.#delivery;
    const alive = new Set([
      ...waiting.map(({ id }) => id),
      ...recent.map(({ id }) => id),
      ...(digest?.ids ?? []),
    ]);
    for (const id of [...this.#alive.keys()]) if (!alive.has(id)) this.#alive.delete(id);
  }
}

/** As the contract has it: the key is nobody else's. */
function publicAlert({ key: _key, ...alert }: KeyedAlert): Alert {
  return alert;
}
