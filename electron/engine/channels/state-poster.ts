import type { Alert } from '../../../shared/schema/alert.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { channelTypes } from '../../../shared/schema/channels/types.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { JobSource } from '../sources.ts';
import type { ChannelSender } from './channel-sender.ts';
import type { FailingChannels } from './failing-channels.ts';
import { isFor, passesFilter, type StateEntry, stateEntry, stateMessage } from './message.ts';

export interface StatePosterOptions {
  clock: Clock;
  log: Log;
  rules: { readonly settings: { readonly channels: readonly Channel[] } };
  jobs: Pick<JobSource, 'get'>;
  journal: EventJournal;
  sender: Pick<ChannelSender, 'send'>;
  /** Returns the alerts that people were notified of and that are still true. */
  openAlerts: () => readonly Alert[];
  isOffline: () => boolean;
  /** How often they are posted, in milliseconds. */
  intervalMs?: number;
  /** Follows which channels fail. */
  health: Pick<FailingChannels, 'note'>;
}

/** Alertmanager takes an alert for over when it has not heard of it for five minutes. */
const usualIntervalMs = 60_000;
/** Alerts come in bursts: what changes within this time is posted together. */
const settleMs = 1_000;

/**
 * Posts all open alerts to channels that keep a state, such as Alertmanager: each minute while there are any, and soon after one changes. An
 * alert that is over is posted with its end until it was taken. There is no queue: the next post says everything.
 */
export class StatePoster {
  readonly #options: StatePosterOptions;
  readonly #stopping = new AbortController();
  /** By channel and alert, those that are over and whose end was not taken yet. */
  readonly #ended = new Map<string, Map<number, Alert>>();
  /** By channel and alert, what was posted as open last. */
  readonly #posted = new Map<string, ReadonlyMap<number, StateEntry>>();
  readonly #failing = new Set<string>();
  #cancelTimer: (() => void) | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #posting: Promise<void> | null = null;

  constructor(options: StatePosterOptions) {
    this.#options = options;
    options.journal.subscribe((event) => {
      if (event.type === 'alert' || event.type === 'digest' || event.type === 'settings-changed')
        this.#soon();
      else if (event.type === 'alert-changed') this.#changed(event.alert);
    });
  }

  start(): void {
    this.#soon();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer?.();
    await this.#posting;
  }

  #channels(): Channel[] {
    return this.#options.rules.settings.channels.filter(
      ({ type, enabled }) => enabled && channelTypes[type].kind === 'state',
    );
  }

  #changed(alert: Alert): void {
    if (alert.severity === 'info' || alert.notifiedAt === null) return;
    if (alert.resolvedAt !== null)
      for (const channel of this.#channels()) {
        if (!isFor(alert, (id) => this.#options.jobs.get(id), channel)) continue;
        const ended = this.#ended.get(channel.name) ?? new Map<number, Alert>();
        this.#ended.set(channel.name, ended.set(alert.id, alert));
      }
    this.#soon();
  }

  #soon(): void {
    if (this.#channels().length > 0) this.#at(this.#options.clock.now() + settleMs);
  }

  #at(time: number): void {
    const { clock } = this.#options;
    if (this.#stopping.signal.aborted || time >= this.#dueAt) return;
    this.#cancelTimer?.();
    this.#dueAt = time;
    this.#cancelTimer = clock.after(Math.max(0, time - clock.now()), () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#posting = this.#post().catch((error: unknown) =>
        this.#options.log.error('posting alerts failed', error),
      );
    });
  }

  async #post(): Promise<void> {
    const { clock, openAlerts, intervalMs = usualIntervalMs } = this.#options;
    const channels = this.#channels();
    const open = channels.length === 0 ? [] : openAlerts();
    const posts = channels.map((channel) => this.#postTo(channel, open));
    if ((await Promise.all(posts)).includes(true)) this.#at(clock.now() + intervalMs);
  }

  /** @returns whether there is something to be posted again */
  async #postTo(channel: Channel, open: readonly Alert[]): Promise<boolean> {
    const { clock, jobs, isOffline, sender } = this.#options;
    const job = (id: string) => jobs.get(id);
    const ended = [...(this.#ended.get(channel.name)?.values() ?? [])];
    const current = open
      .filter((alert) => passesFilter(alert, job, channel))
      .map((alert) => stateEntry(alert, job));
    const entries = [...current, ...this.#ends(channel.name, current, ended)];
    if (entries.length === 0) return false;
    if (isOffline()) return true;
    const message = stateMessage(entries, job, clock.now());
    const sent = await sender.send(channel, message, this.#stopping.signal);
    this.#note(channel.name, sent.ok ? null : sent.error);
    if (sent.ok) {
      for (const { id } of ended) this.#ended.get(channel.name)?.delete(id);
      this.#posted.set(channel.name, new Map(current.map((entry) => [entry.alert.id, entry])));
    }
    return true;
  }

  /**
   * Returns what is over for a channel, by the names that it was posted with: an alert is known there by its labels, and another address, name
   * or tag of the host makes another alert of it.
   */
  #ends(channel: string, current: readonly StateEntry[], ended: readonly Alert[]): StateEntry[] {
    const { clock, jobs } = this.#options;
    const posted = this.#posted.get(channel);
    const resolvedAt = new Date(clock.now()).toISOString();
    const renamed = current.flatMap(({ alert, job }) => {
      const before = posted?.get(alert.id)?.job;
      const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(job);
      return isSame ? [] : [{ alert: { ...alert, resolvedAt }, job: before }];
    });
    return [
      ...renamed,
      ...ended.map((alert) => ({
        alert,
        job: posted?.get(alert.id)?.job ?? stateEntry(alert, (id) => jobs.get(id)).job,
      })),
    ];
  }

  /** A failure is logged when it begins, and when it is over. */
  #note(name: string, error: string | null): void {
    const { log, health } = this.#options;
    if (!this.#stopping.signal.aborted) health.note(name, error === null);
    if (error === null && this.#failing.delete(name)) log.info(`the channel ${name} takes alerts again`);
    if (error === null || this.#failing.has(name) || this.#stopping.signal.aborted) return;
    this.#failing.add(name);
    log.warn(`the channel ${name} did not take the open alerts: ${error}`);
  }
}
