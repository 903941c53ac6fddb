import { isSealed } from '../../../shared/domain/sealed.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import type { Delivery, Webhook } from '../../../shared/schema/webhook.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal, JournalEvent } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { JobSource } from '../sources.ts';
import { DeliveryQueue, type HookRoute } from './delivery-queue.ts';
import {
  alertMessage,
  digestMessage,
  type HookMessage,
  mergeMessages,
  messageKey,
  passesFilter,
  testMessage,
} from './message.ts';
import type { DeliveryQuery, Outbox } from './outbox.ts';
import { type Send, sendToWebhook } from './senders.ts';

/** A hook that the command line has named, beside the webhooks of the settings. */
export interface LocalHook {
  name: string;
  send: Send;
}

export interface WebhookDispatcherOptions {
  clock: Clock;
  log: Log;
  version: string;
  storage: { outbox: Outbox; tryWrite<Value>(work: () => Value): Value | null };
  rules: { readonly settings: { readonly webhooks: readonly Webhook[] } };
  local: readonly LocalHook[];
  jobs: Pick<JobSource, 'get'>;
  /** Where alerts come from. */
  journal: EventJournal;
  /** What is known of this machine's network. */
  network: { isOffline(): boolean; isLocal(host: string): boolean };
}

/** Decides which hooks receive a notification, and hands it to the queue. */
export class WebhookDispatcher {
  readonly #options: WebhookDispatcherOptions;
  readonly #queue: DeliveryQueue;
  /** Hooks, each with a job, that did not receive an alert before it was resolved: they do not receive its resolution either. */
  readonly #unaware = new Set<string>();

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
    this.#queue = new DeliveryQueue({
      ...options,
      routeOf: (hook) => this.#routeOf(hook),
      isOffline: () => options.network.isOffline(),
    });
    options.journal.subscribe((event) => this.#hear(event));
  }

  /** Takes up what was not delivered before the program ended. */
  start(): void {
    this.#queue.wake();
  }

  /** Tries at once what waits: the network is back, or this machine woke. */
  hurry(): void {
    this.#queue.hurry();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  #hear(event: JournalEvent): void {
    if (event.type === 'alert') this.#notify([event.alert]);
    else if (event.type === 'digest') this.#notify(event.digest.alerts);
    else if (event.type === 'alert-changed' && event.alert.resolvedAt !== null) this.#resolved(event.alert);
  }

  /** Many at once: each webhook receives those that its filter selects. */
  #notify(alerts: readonly Alert[]): void {
    const { clock } = this.#options;
    this.#tell(
      (hook, wanted) => (this.#getsEach(hook) ? [] : this.#newsFor(hook, wanted)),
      alerts,
      (wanted) => digestMessage(wanted, this.#job, clock.now()),
    );
  }

  /**
   * Tells webhooks that get each alert by itself, under its key, before it waits for others of its cause.
   * @returns whether any webhook receives it
   */
  release(alert: Alert): boolean {
    const { clock } = this.#options;
    return this.#tell(
      (hook, wanted) => (this.#getsEach(hook) ? this.#newsFor(hook, wanted) : []),
      [alert],
      () => alertMessage('alert', alert, this.#job, clock.now()),
    );
  }

  #getsEach(name: string): boolean {
    return this.#options.rules.settings.webhooks.some((hook) => hook.name === name && !hook.grouped);
  }

  /**
   * An alert is resolved. What waits of it is not sent any more; if it was sent, programs receive the resolution, and chats the good
   * news instead.
   */
  #resolved(alert: Alert): void {
    const { clock } = this.#options;
    if (alert.severity === 'info') return;
    const key = messageKey([alert]);
    const unaware = this.#queue.withdraw(key, (hook) => this.#isForPrograms(hook));
    for (const hook of unaware) this.#unaware.add(`${hook} ${alert.jobId}`);
    if (alert.notifiedAt === null) return;
    this.#tell(
      (hook, wanted) => (this.#isForPrograms(hook) && !unaware.includes(hook) ? wanted : []),
      [alert],
      () => alertMessage('resolved', alert, this.#job, clock.now()),
    );
  }

  /** Sends a word to a webhook; null where there is none of this name. */
  async test(name: string): Promise<{ delivered: boolean; message: string | null } | null> {
    const { rules, version, clock, log } = this.#options;
    const hook = rules.settings.webhooks.find((one) => one.name === name);
    if (!hook) return null;
    try {
      const sent = await sendToWebhook(hook, version)(testMessage(clock.now()), new AbortController().signal);
      return { delivered: sent.ok, message: sent.ok ? null : sent.error };
    } catch (error) {
      log.error(`the channel ${name} failed`, error);
      return { delivered: false, message: 'NotAfter could not send it; its log says why.' };
    }
  }

  list(query: DeliveryQuery): { items: Delivery[]; total: number } {
    return this.#options.storage.outbox.list(query);
  }

  retry(ids: readonly number[] | null): number {
    const { storage, clock } = this.#options;
    const count = storage.tryWrite(() => storage.outbox.retry(ids, clock.now())) ?? 0;
    this.#queue.wake();
    return count;
  }

  discard(ids: readonly number[] | null): number {
    const { storage } = this.#options;
    return storage.tryWrite(() => storage.outbox.discard(ids)) ?? 0;
  }

  readonly #job = (id: string) => this.#options.jobs.get(id);

  /** @param choose picks what a hook receives, from what its filter selects */
  #tell(
    choose: (hook: string, wanted: readonly Alert[]) => readonly Alert[],
    alerts: readonly Alert[],
    write: (wanted: readonly Alert[]) => HookMessage,
  ): boolean {
    const { rules, local } = this.#options;
    const hearing = [
      ...local.map(({ name }) => ({ name, wanted: alerts })),
      ...rules.settings.webhooks.map((hook) => ({
        name: hook.name,
        wanted: alerts.filter((alert) => passesFilter(alert, this.#job, hook)),
      })),
    ]
      .map(({ name, wanted }) => ({ name, wanted: choose(name, wanted) }))
      .filter(({ wanted }) => wanted.length > 0);
    if (hearing.length === 0) return false;
    this.#queue.add(
      hearing.map(({ name, wanted }) => {
        const message = write(wanted);
        return {
          hook: name,
          key: messageKey(wanted),
          title: message.title,
          payload: JSON.stringify(message),
        };
      }),
    );
    return true;
  }

  /** Drops good news for a hook that did not receive the alert. */
  #newsFor(hook: string, alerts: readonly Alert[]): readonly Alert[] {
    return alerts.filter(({ severity, jobId }) => {
      const isUnaware = this.#unaware.delete(`${hook} ${jobId}`);
      return severity !== 'info' || !isUnaware;
    });
  }

  #isForPrograms(name: string): boolean {
    const { local, rules } = this.#options;
    return (
      local.some((one) => one.name === name) ||
      rules.settings.webhooks.some((hook) => hook.name === name && hook.format === 'json')
    );
  }

  #routeOf(name: string): HookRoute | null {
    const { rules, local, version, network } = this.#options;
    const named = local.find((one) => one.name === name);
    if (named) return { send: named.send, isLocal: true, merge: null };
    const hook = rules.settings.webhooks.find((one) => one.name === name);
    if (!hook) return null;
    return {
      send: sendToWebhook(hook, version),
      isLocal: !isSealed(hook.url) && network.isLocal(new URL(hook.url).hostname),
      merge:
        hook.format === 'json'
          ? null
          : (messages) => mergeMessages(messages, this.#job, this.#options.clock.now()),
    };
  }
}
