import type { Alert } from '../../../shared/schema/alert.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { channelTypes } from '../../../shared/schema/channels/types.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import { moveKey } from '../move-key.ts';
import type { JobSource } from '../sources.ts';
import { isFor, passesFilter } from './channel-filter.ts';
import type { ChannelSender } from './channel-sender.ts';
import type { FailingChannels } from './failing-channels.ts';
import { type StateEntry, stateEntry, stateMessage } from './message.ts';

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

/** What was posted to a channel. */
interface Told {
  /** Those that are over and whose end was not taken yet, by their ids. */
  ended: Map<number, Alert>;
  /** What was posted as open last, by the ids of the alerts. */
  posted: ReadonlyMap<number, StateEntry>;
  isFailing: boolean;
}

/**
 * Posts all open alerts to channels that keep a state, such as Alertmanager: each minute while there are any, and soon after one changes. An
 * alert that is over is posted with its end until it was taken. There is no queue: the next post says everything.
 */
export class StatePoster {
  readonly #options: StatePosterOptions;
  readonly #stopping = new AbortController();
  /** By channel. */
  readonly #told = new Map<string, Told>();
  #cancelTimer: (() => void) | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #posting: Promise<void> | null = null;
  /** Whether something became due while a post was under way. */
  #isDueAgain = false;

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

  /** Follows a channel to its new name. */
  rename(from: string, to: string): void {
    moveKey(this.#told, from, to);
  }

  #toldOf(name: string): Told {
    const told = this.#told.get(name) ?? { ended: new Map(), posted: new Map(), isFailing: false };
    this.#told.set(name, told);
    return told;
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
        this.#toldOf(channel.name).ended.set(alert.id, alert);
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
      this.#isDueAgain = true;
      this.#posting ??= this.#postInTurn();
    });
  }

  /** One post at a time: one that arrives after a newer one would open again what that has ended. */
  async #postInTurn(): Promise<void> {
    while (this.#isDueAgain && !this.#stopping.signal.aborted) {
      this.#isDueAgain = false;
      await this.#post().catch((error: unknown) => this.#options.log.error('posting alerts failed', error));
    }
    this.#posting = null;
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
    const told = this.#toldOf(channel.name);
    const ended = [...told.ended.values()];
    const current = open
      .filter((alert) => passesFilter(alert, job, channel))
      .map((alert) => stateEntry(alert, job));
    const entries = [...current, ...this.#ends(told, current, ended)];
    if (entries.length === 0) return false;
    if (isOffline()) return true;
    const message = stateMessage(entries, job, clock.now());
    const sent = await sender.send(channel, message, this.#stopping.signal);
    this.#note(told, channel.name, sent.ok ? null : sent.error);
    if (sent.ok) {
      for (const { id } of ended) told.ended.delete(id);
      told.posted = new Map(current.map((entry) => [entry.alert.id, entry]));
    }
    return true;
  }

  /**
   * Returns what is over for a channel, by the names that it was posted with: an alert is known there by its labels, and another address, name
   * or tag of the host makes another alert of it.
   */
  #ends({ posted }: Told, current: readonly StateEntry[], ended: readonly Alert[]): StateEntry[] {
    const { clock, jobs } = this.#options;
    const resolvedAt = new Date(clock.now()).toISOString();
    const renamed = current.flatMap(({ alert, job }) => {
      const before = posted.get(alert.id)?.job;
      const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(job);
      return isSame ? [] : [{ alert: { ...alert, resolvedAt }, job: before }];
    });
    return [
      ...renamed,
      ...ended.map((alert) => ({
        alert,
        job: posted.get(alert.id)?.job ?? stateEntry(alert, (id) => jobs.get(id)).job,
      })),
    ];
  }

  /** A failure is logged when it begins, and when it is over. */
  #note(told: Told, known: string, error: string | null): void {
    const { log, health } = this.#options;
    if (this.#stopping.signal.aborted) return;
    // It may have been renamed meanwhile.
    const name = [...this.#told].find(([, one]) => one === told)?.[0] ?? known;
    health.note(name, error === null);
    const wasFailing = told.isFailing;
    told.isFailing = error !== null;
    if (error === null && wasFailing) log.info(`the channel ${name} takes alerts again`);
    if (error === null || wasFailing) return;
    log.warn(`the channel ${name} did not take the open alerts: ${error}`);
  }
}
