import type { Alert } from '../../../shared/schema/alert.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { channelTypes } from '../../../shared/schema/channels/types.ts';
import type { Delivery } from '../../../shared/schema/delivery.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal, JournalEvent } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { JobSource } from '../sources.ts';
import { renamedEntries } from '../store/renamed-entry.ts';
import { unexpectedFailure, unsent } from '../unexpected-failure.ts';
import type { Sent } from './adapter.ts';
import { ChannelRules, channelRoute, isForSearch, isWantedBy, takesReports } from './channel-rules.ts';
import type { ChannelSender } from './channel-sender.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { FailingChannels } from './failing-channels.ts';
import type { HookRoute } from './hook-route.ts';
import {
  alertMessage,
  digestMessage,
  discoveryMessage,
  type HookMessage,
  messageKey,
  testMessage,
} from './message.ts';
import type { DeliveryQuery, Outbox } from './outbox.ts';
import type { Send } from './senders.ts';
import { UnawareHooks } from './unaware-hooks.ts';

/** A hook that the command line has named, beside the channels of the settings. */
export interface LocalHook {
  name: string;
  send: Send;
}

export interface ChannelDispatcherOptions {
  clock: Clock;
  log: Log;
  storage: { outbox: Outbox; tryWrite<Value>(work: () => Value): Value | null };
  rules: { readonly settings: { readonly channels: readonly Channel[] } };
  sender: Pick<ChannelSender, 'send'>;
  local: readonly LocalHook[];
  jobs: Pick<JobSource, 'get'>;
  /** Where alerts come from. */
  journal: EventJournal;
  /** Follows which channels fail. */
  health: FailingChannels;
  /** Called where a channel has a new name. */
  onRename?: (from: string, to: string) => void;
  /** What is known of this machine's network. */
  network: { isOffline(): boolean; isLocal(host: string): boolean };
}

/** Decides which hooks receive a notification, and hands it to the queue. */
export class ChannelDispatcher {
  readonly #options: ChannelDispatcherOptions;
  readonly #queue: DeliveryQueue;
  readonly #rules: ChannelRules;
  readonly #unaware = new UnawareHooks();

  constructor(options: ChannelDispatcherOptions) {
    this.#options = options;
    this.#rules = new ChannelRules(options);
    this.#queue = new DeliveryQueue({
      ...options,
      routeOf: (hook) => this.#routeOf(hook),
      isOffline: () => options.network.isOffline(),
      onAttempt: (hook, isDelivered) => options.health.note(hook, isDelivered),
    });
    options.journal.subscribe((event) => this.#hear(event));
  }

  /** Takes up what was not delivered before the program ended. */
  start(): void {
    const { health, storage } = this.#options;
    health.start(storage.tryWrite(() => storage.outbox.failingHooks()) ?? []);
    this.#queue.wake();
  }

  /** Tries at once what waits: the network is back, or this machine woke. */
  hurry(): void {
    this.#queue.hurry();
  }

  stop(): Promise<void> {
    this.#options.health.stop();
    return this.#queue.stop();
  }

  #hear(event: JournalEvent): void {
    if (event.type === 'alert') this.#notify([event.alert]);
    else if (event.type === 'digest') this.#notify(event.digest.alerts, event.digest.isByRules);
    else if (event.type === 'alert-changed' && event.alert.resolvedAt !== null) this.#resolved(event.alert);
    else if (event.type === 'discovery-ended') this.#tellOfSearch(event);
  }

  /** What a search found is one message for each channel that is for people or programs; it opens no incident. */
  #tellOfSearch({ run, tags, message: told }: Extract<JournalEvent, { type: 'discovery-ended' }>): void {
    if (told === null) return;
    const { clock, local } = this.#options;
    const names = [...local, ...this.#rules.channels.filter((channel) => isForSearch(channel, told, tags))];
    const message = discoveryMessage(run.id, told, clock.now());
    this.#queue.add(
      names.map(({ name }) => ({
        hook: name,
        key: `discovery ${run.id}`,
        title: message.title,
        payload: JSON.stringify(message),
        ...this.#rules.heldUntil(name, message.severity, clock.now()),
      })),
    );
  }

  /**
   * Many at once: each channel receives those that its filter selects.
   * @param isByRules whether an upgrade changed them: channels that get each alert by itself did not get them before
   */
  #notify(alerts: readonly Alert[], isByRules = false): void {
    const { clock } = this.#options;
    // An incident is one alert, also where an upgrade changed many.
    if (isByRules)
      for (const alert of alerts)
        this.#tell(
          (hook, wanted) => (this.#rules.kindOf(hook) === 'incident' ? this.#newsFor(hook, wanted) : []),
          [alert],
          () => alertMessage('alert', alert, this.#job, clock.now()),
        );
    this.#tell(
      (hook, wanted) => {
        const isDone = isByRules ? this.#rules.kindOf(hook) === 'incident' : this.#rules.getsEach(hook);
        return isDone ? [] : this.#newsFor(hook, wanted);
      },
      alerts,
      (wanted) => digestMessage(wanted, this.#job, clock.now(), isByRules),
    );
  }

  /**
   * Tells channels that get each alert by itself, under its key, before it waits for others of its cause.
   * @returns whether any channel receives it
   */
  release(alert: Alert): boolean {
    const { clock } = this.#options;
    return this.#tell(
      (hook, wanted) => (this.#rules.getsEach(hook) ? this.#newsFor(hook, wanted) : []),
      [alert],
      () => alertMessage('alert', alert, this.#job, clock.now()),
    );
  }

  /**
   * An alert is resolved. What waits of it is not sent any more; if it was sent, programs receive the resolution, and chats the good
   * news instead.
   */
  #resolved(alert: Alert): void {
    const { clock } = this.#options;
    if (alert.severity === 'info') return;
    const key = messageKey([alert]);
    const unaware = this.#queue.withdraw(key, (hook) => this.#rules.isForPrograms(hook));
    for (const hook of unaware) this.#unaware.add(hook, alert.jobId);
    if (alert.notifiedAt === null) return;
    this.#tell(
      (hook, wanted) => (this.#rules.hearsOfEnds(hook) && !unaware.includes(hook) ? wanted : []),
      [alert],
      () => alertMessage('resolved', alert, this.#job, clock.now()),
    );
  }

  /** Sends a report to channels, by their names. Those that are off do not get it. @returns the names of those that do */
  report(message: HookMessage, names: readonly string[]): string[] {
    const hearing = names.filter((name) => {
      const channel = this.#rules.channel(name);
      return channel?.enabled && takesReports(channel);
    });
    const payload = JSON.stringify(message);
    this.#queue.add(
      hearing.map((hook) => ({ hook, key: `report ${message.id}`, title: message.title, payload })),
    );
    return hearing;
  }

  /** Has everything that goes by the name of a channel follow it to its new name. Called with each edit by itself, at its moment. */
  followNames(before: readonly Channel[], after: readonly Channel[]): void {
    const { health, onRename } = this.#options;
    for (const { from, to } of renamedEntries(before, after)) {
      this.#queue.rename(from, to);
      this.#unaware.rename(from, to);
      health.rename(from, to);
      onRename?.(from, to);
    }
  }

  /** Sends a test message to a channel. Returns null if there is none of this name. */
  async test(name: string): Promise<{ delivered: boolean; message: string | null } | null> {
    const { log } = this.#options;
    const channel = this.#rules.channel(name);
    if (!channel) return null;
    try {
      const sent = await this.#testChannel(channel);
      return { delivered: sent.ok, message: sent.ok ? null : sent.error };
    } catch (error) {
      log.error(`the channel ${name} failed`, error);
      return { delivered: false, message: unexpectedFailure(error, unsent) };
    }
  }

  /** Opens a test incident and closes it again. Other channels get one message. */
  async #testChannel(channel: Channel): Promise<Sent> {
    const { sender, clock } = this.#options;
    const { signal } = new AbortController();
    const message = testMessage(clock.now());
    const sent = await sender.send(channel, message, signal);
    if (!sent.ok || channelTypes[channel.type].kind !== 'incident') return sent;
    return sender.send(channel, { ...message, event: 'resolved' }, signal);
  }

  /** Returns for how long each channel that is on has failed, in milliseconds; 0: it does not. */
  failing(): { name: string; failingMs: number }[] {
    const on = this.#rules.channels.filter(({ enabled }) => enabled);
    return on.map(({ name }) => ({ name, failingMs: this.#options.health.failingMs(name) }));
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
    const { local } = this.#options;
    const hearing = [
      ...local.map(({ name }) => ({ name, wanted: alerts })),
      ...this.#rules.channels
        .filter(({ type }) => channelTypes[type].kind !== 'state')
        .map((channel) => ({
          name: channel.name,
          wanted: alerts.filter((alert) => isWantedBy(alert, this.#job, channel)),
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
          ...this.#rules.heldUntil(name, message.severity, this.#options.clock.now()),
        };
      }),
    );
    return true;
  }

  /** Drops good news for a hook that did not receive the alert. */
  #newsFor(hook: string, alerts: readonly Alert[]): readonly Alert[] {
    return alerts.filter((alert) => {
      const isUnaware = this.#unaware.take(hook, alert.jobId);
      return alert.severity !== 'info' || (!isUnaware && this.#rules.hearsGoodNews(hook, alert));
    });
  }

  #routeOf(name: string): HookRoute | null {
    const named = this.#options.local.find((one) => one.name === name);
    if (named) return { send: named.send, isLocal: true, merge: null, pace: [] };
    const channel = this.#rules.channel(name);
    if (!channel) return null;
    return channelRoute(channel, this.#options, this.#job);
  }
}
