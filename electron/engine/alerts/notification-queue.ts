import type { Alert } from '../../../shared/schema/alert.ts';
import type { AlertEvent } from '../events/event-journal.ts';
import { moveKey } from '../move-key.ts';
import type { AlertMemory } from './alert-memory.ts';
import { type KeyedAlert, publicAlert } from './alert-store.ts';
import type { AlerterOptions } from './alerter-options.ts';
import { type GroupingState, groupDue, groupOf, noGroups, rename, withdraw } from './grouping.ts';
import { heldUntil } from './held-back.ts';
import type { NotificationText } from './notification-text.ts';
import type { RulesUpgrade } from './rules-upgrade.ts';

export interface NotificationQueueOptions extends Pick<AlerterOptions, 'jobs' | 'rules'> {
  keeper: AlertMemory;
  words: NotificationText;
  /** Holds alerts that newer rules raised, for one summary. */
  upgrade: RulesUpgrade;
  /**
   * Called with each alert that people are notified of, before it waits for others of its cause.
   * @returns whether a channel took it that gets each alert by itself
   */
  onReleased: (alert: Alert) => boolean;
  /** Takes what people are notified of. */
  journal: { record(event: AlertEvent): void };
}

/** What a run of the queue did. */
export interface QueueRun {
  /** Whether people were notified of something. */
  hasNotified: boolean;
  /** When to run it again, in milliseconds since the epoch; null: not before something is added. */
  wakeAt: number | null;
}

/** Holds alerts until people are to be notified of them, alone or grouped, and notifies of each once. */
export class NotificationQueue {
  readonly #options: NotificationQueueOptions;
  #grouping: GroupingState = noGroups;
  /** The alerts that wait, or are in a group that people were notified of late. */
  readonly #alive = new Map<number, KeyedAlert>();

  /** Those that people are to be reminded of, with how often they were before: storage counts a reminder once they are. */
  readonly #reminders = new Map<number, number>();

  constructor(options: NotificationQueueOptions) {
    this.#options = options;
  }

  get(id: number): KeyedAlert | undefined {
    return this.#alive.get(id) ?? this.#options.upgrade.get(id);
  }

  /** Returns the ids of the alerts that wait. */
  waiting(): ReadonlySet<number> {
    return new Set(this.#grouping.waiting.map(({ id }) => id));
  }

  /** Adds an alert. @param since when it was raised, or its snooze ends, in milliseconds since the epoch */
  add(alert: KeyedAlert, since: number, isReminder = false): void {
    const { id, severity, snoozedUntil } = alert;
    if (!isReminder && snoozedUntil === null) {
      if (severity !== 'info') this.#withdrawAllClear(alert);
      if (this.#options.upgrade.take(alert)) return;
    }
    this.#alive.set(id, alert);
    if (isReminder) this.#reminders.set(id, alert.reminders - 1);
    else this.#reminders.delete(id);
    const isSnoozed = isReminder || snoozedUntil !== null;
    // Before the program ended, maybe: its group was not notified then.
    const isReleased = alert.released === alert.reminders;
    const waiting = { id, group: groupOf(alert), severity, since, isSnoozed, isReleased };
    const others = this.#grouping.waiting.filter((one) => one.id !== id);
    this.#grouping = { ...this.#grouping, waiting: [...others, waiting] };
  }

  /** Resolves an all-clear that waits without a word: something is wrong again. */
  #withdrawAllClear({ jobId, raisedAt }: KeyedAlert): void {
    for (const { id, group } of this.#grouping.waiting) {
      const news = group.startsWith('recovered ') ? this.#alive.get(id) : undefined;
      if (news?.jobId !== jobId || news.raisedAt > raisedAt) continue;
      this.withdraw([id]);
      const resolved = { ...news, resolvedAt: raisedAt };
      this.#options.keeper.update(resolved);
      this.#options.journal.record({ type: 'alert-changed', alert: publicAlert(resolved) });
    }
  }

  /** Takes the alert as it is now in place of what it was; nothing where it is not held. */
  update(alert: KeyedAlert): void {
    this.#options.upgrade.update(alert);
    if (this.#alive.has(alert.id)) this.#alive.set(alert.id, alert);
  }

  /** Removes alerts, which are not notified any more. */
  withdraw(ids: readonly number[]): void {
    this.#grouping = withdraw(this.#grouping, new Set(ids));
  }

  withdrawJob(jobId: string): void {
    this.#options.upgrade.withdrawJob(jobId);
    this.withdraw([...this.#alive.values()].filter((alert) => alert.jobId === jobId).map(({ id }) => id));
  }

  /** An alert that storage took late has another id from then on. */
  rename(before: number, alert: KeyedAlert): void {
    this.#options.upgrade.rename(before, alert);
    if (this.#alive.delete(before)) this.#alive.set(alert.id, alert);
    moveKey(this.#reminders, before, alert.id);
    this.#grouping = rename(this.#grouping, before, alert.id);
  }

  /** Notifies people of what is due. @param quietEnd see `groupDue` @param now milliseconds since the epoch */
  run(quietEnd: number | null, now: number): QueueRun {
    const { journal, keeper } = this.#options;
    const wordedAt = new Map(
      this.#grouping.waiting.map(({ id, since, isSnoozed }) => [id, isSnoozed ? 0 : since]),
    );
    const { state, notices, notifiedIds, released, wakeAt } = groupDue(
      this.#grouping,
      quietEnd,
      now,
      this.#holds(now),
    );
    this.#grouping = state;
    const notified = notifiedIds.flatMap((id) => this.#notified(id, wordedAt.get(id) ?? now, now));
    const told = new Set(notifiedIds);
    for (const id of released) this.#release(id, now, told.has(id));
    // What is to be delivered is written down before that it was: a program that ends between tells people twice, and not never.
    for (const notice of notices) {
      if (notice.type === 'digest') this.#recordDigest(notice.ids, notice.isUpdate);
      else {
        const alert = this.#alive.get(notice.id);
        if (alert) journal.record({ type: 'alert', alert: publicAlert(alert) });
      }
    }
    for (const { id } of notified) {
      const alert = this.#alive.get(id);
      if (alert) keeper.update(alert);
      this.#reminders.delete(id);
    }
    this.#letGo();
    const upgradeAt = this.#options.upgrade.run(quietEnd, now);
    const times = [wakeAt, upgradeAt].filter((at) => at !== null);
    return { hasNotified: notified.length > 0, wakeAt: times.length === 0 ? null : Math.min(...times) };
  }

  #holds(now: number): Map<number, number> {
    const holds = new Map<number, number>();
    for (const { id } of this.#grouping.waiting) {
      const alert = this.#alive.get(id);
      const until = alert ? heldUntil(alert, this.#options, now) : null;
      if (until !== null) holds.set(id, until);
    }
    return holds;
  }

  /** Returns an alert as it is once people are notified of it. */
  #notified(id: number, wordedAt: number, now: number): KeyedAlert[] {
    const alert = this.#alive.get(id);
    if (!alert) return [];
    const notifiedAt = new Date(now).toISOString();
    const notified = {
      ...alert,
      ...this.#options.words.again(alert, wordedAt, now),
      notifiedAt,
      notifiedLevel: alert.level,
      // Good news is resolved once people are notified of it.
      resolvedAt: alert.severity === 'info' ? notifiedAt : alert.resolvedAt,
      snoozedUntil: null,
    };
    this.#alive.set(id, notified);
    return [notified];
  }

  /**
   * Hands an alert to channels that get each by itself, and do not wait for the others of its group. That they have it is written down after
   * that: a program that ends between sends it twice, and not never.
   * @param isNotified whether people are notified of it now, too, with which it is written down
   */
  #release(id: number, now: number, isNotified: boolean): void {
    const alert = this.#alive.get(id);
    if (!alert || !this.#options.onReleased(publicAlert(alert))) return;
    const notifiedAt = alert.notifiedAt ?? new Date(now).toISOString();
    const released = { ...alert, released: alert.reminders, notifiedAt };
    this.#alive.set(id, released);
    if (isNotified) return;
    this.#options.keeper.update({ ...released, reminders: this.#reminders.get(id) ?? alert.reminders });
  }

  #recordDigest(ids: readonly number[], isUpdate: boolean): void {
    const alerts = ids.flatMap((id) => this.#alive.get(id) ?? []);
    const digest = { alerts: alerts.map(publicAlert), isUpdate, ...this.#options.words.digest(alerts) };
    this.#options.journal.record({ type: 'digest', digest });
  }

  #letGo(): void {
    const { waiting, groups } = this.#grouping;
    const alive = new Set([...waiting.map(({ id }) => id), ...groups.flatMap(({ ids }) => ids)]);
    for (const id of [...this.#alive.keys()]) if (!alive.has(id)) this.#alive.delete(id);
  }
}
