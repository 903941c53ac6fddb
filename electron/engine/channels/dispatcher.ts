import type { Alert } from '../../../shared/schema/alert.ts';
import type { Delivery, Webhook } from '../../../shared/schema/webhook.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal, JournalEvent } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { JobSource } from '../sources.ts';
import { alertMessage, digestMessage, type HookMessage, isWanted, testMessage } from './message.ts';
import type { DeliveryQuery, Due, Outbox } from './outbox.ts';
import { type Send, type Sent, sendToWebhook } from './senders.ts';

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
}

/** How long a delivery that failed waits before each further attempt; after the last it is given up. */
const retryMs = [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 60 * 60_000];
/** However long a server asks to be left alone. */
const maxRetryMs = 6 * 60 * 60_000;
/** A timer is not trusted for longer. */
const maxSleepMs = 86_400_000;
/** How long a hook waits whose outcome could not be stored, as on a full disk. */
const unstoredMs = 60_000;

/** Tells hooks what people are told, each in order, until it has arrived or is given up. */
export class WebhookDispatcher {
  readonly #options: WebhookDispatcherOptions;
  readonly #stopping = new AbortController();
  /** Hooks that are being told something. */
  readonly #busy = new Map<string, Promise<void>>();
  /** Until when a hook waits whose outcome could not be stored: what is due still would be sent again at once. */
  readonly #heldUntil = new Map<string, number>();
  #cancelTimer: (() => void) | null = null;

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
    options.journal.subscribe((event) => this.#hear(event));
  }

  /** Takes up what was not delivered before the program ended. */
  start(): void {
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer?.();
    await Promise.all(this.#busy.values());
  }

  #hear(event: JournalEvent): void {
    if (event.type === 'alert') this.#alert(event.alert);
    else if (event.type === 'digest') this.#digest(event.digest.alerts);
    else if (event.type === 'alert-changed') this.#changed(event.alert);
  }

  #alert(alert: Alert): void {
    const { clock } = this.#options;
    this.#tell(
      [alert],
      () => true,
      ([one = alert]) => alertMessage('alert', one, this.#job, clock.now()),
    );
  }

  /** Many at once: each webhook hears of those among them that it is for, and of no other job. */
  #digest(alerts: readonly Alert[]): void {
    const { clock } = this.#options;
    this.#tell(
      alerts,
      () => true,
      (wanted) => digestMessage(wanted, this.#job, clock.now()),
    );
  }

  /** An alert was changed: where it was told and is over now, programs hear of it. Chats hear of the good news instead. */
  #changed(alert: Alert): void {
    const { clock } = this.#options;
    if (alert.resolvedAt === null || alert.notifiedAt === null || alert.severity === 'info') return;
    const isForPrograms = ({ format }: Webhook) => format === 'json';
    this.#tell([alert], isForPrograms, () => alertMessage('resolved', alert, this.#job, clock.now()));
  }

  /** Sends a word to a webhook; null where there is none of this name. */
  async test(name: string): Promise<{ delivered: boolean; message: string | null } | null> {
    const hook = this.#options.rules.settings.webhooks.find((one) => one.name === name);
    if (!hook) return null;
    const send = sendToWebhook(hook, this.#options.version);
    const sent = await this.#send(send, () => testMessage(this.#options.clock.now()), name);
    return { delivered: sent.ok, message: sent.ok ? null : sent.error };
  }

  list(query: DeliveryQuery): { items: Delivery[]; total: number } {
    return this.#options.storage.outbox.list(query);
  }

  retry(ids: readonly number[] | null): number {
    const { storage, clock } = this.#options;
    const count = storage.tryWrite(() => storage.outbox.retry(ids, clock.now())) ?? 0;
    this.#wake();
    return count;
  }

  discard(ids: readonly number[] | null): number {
    const { storage } = this.#options;
    return storage.tryWrite(() => storage.outbox.discard(ids)) ?? 0;
  }

  readonly #job = (id: string) => this.#options.jobs.get(id);

  #tell(
    alerts: readonly Alert[],
    suits: (hook: Webhook) => boolean,
    write: (wanted: readonly Alert[]) => HookMessage,
  ): void {
    const { storage, clock, rules, local } = this.#options;
    const hearing = [
      ...local.map(({ name }) => ({ name, wanted: alerts })),
      ...rules.settings.webhooks.filter(suits).map((hook) => ({
        name: hook.name,
        wanted: alerts.filter((alert) => isWanted(alert, this.#job, hook)),
      })),
    ].filter(({ wanted }) => wanted.length > 0);
    if (hearing.length === 0) return;
    storage.tryWrite(() => {
      for (const { name, wanted } of hearing) {
        const message = write(wanted);
        storage.outbox.add(name, message.title, JSON.stringify(message), clock.now());
      }
    });
    this.#wake();
  }

  #wake(): void {
    const { storage, clock } = this.#options;
    if (this.#stopping.signal.aborted) return;
    const held: number[] = [];
    for (const due of storage.tryWrite(() => storage.outbox.due(clock.now())) ?? []) {
      const until = this.#heldUntil.get(due.hook) ?? 0;
      if (until > clock.now()) held.push(until);
      else this.#deliver(due);
    }
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const next = storage.tryWrite(() => storage.outbox.nextAt());
    if (next === null || this.#busy.size > 0) return; // What is busy looks again when it is done.
    const at = held.length > 0 ? Math.min(...held) : next;
    const delayMs = Math.min(Math.max(at - clock.now(), 0), maxSleepMs);
    this.#cancelTimer = clock.after(delayMs, () => this.#wake());
  }

  #deliver(due: Due): void {
    if (this.#busy.has(due.hook)) return;
    const work = this.#attempt(due).catch((error: unknown) => {
      this.#options.log.error(`telling the hook ${due.hook} failed by a fault in NotAfter`, error);
      return false;
    });
    this.#busy.set(
      due.hook,
      work.then((isStored) => {
        this.#busy.delete(due.hook);
        if (isStored) this.#heldUntil.delete(due.hook);
        else this.#heldUntil.set(due.hook, this.#options.clock.now() + unstoredMs);
        this.#wake();
      }),
    );
  }

  /** @returns whether the outcome was stored, or the program is ending */
  async #attempt({ id, hook, title, payload, attempts }: Due): Promise<boolean> {
    const { storage, clock, log } = this.#options;
    const send = this.#senderOf(hook);
    const sent: Sent = send
      ? // SAFETY: the outbox holds only what was put there as a message.
        await this.#send(send, () => JSON.parse(payload) as HookMessage, hook)
      : { ok: false, error: 'There is no hook of this name any more.', isFinal: true };
    if (this.#stopping.signal.aborted && !sent.ok) return true; // It was not tried to its end: it is tried anew.
    if (sent.ok) {
      log.info(`told the hook ${hook}: ${title}`);
      return storage.tryWrite(() => storage.outbox.succeed(id)) !== null;
    }
    const pause = retryMs[attempts];
    const isGivenUp = sent.isFinal || pause === undefined;
    const nextAt = isGivenUp
      ? null
      : clock.now() + Math.min(Math.max(pause, sent.retryAfterMs ?? 0), maxRetryMs);
    log.warn(
      `the hook ${hook} was not told: ${sent.error} ${isGivenUp ? 'It is given up.' : 'It is tried again.'}`,
    );
    return storage.tryWrite(() => storage.outbox.fail(id, sent.error, nextAt)) !== null;
  }

  /** A sender that throws has not delivered: the message waits for its next attempt, and no other channel waits with it. */
  async #send(send: Send, read: () => HookMessage, hook: string): Promise<Sent> {
    try {
      return await send(read(), this.#stopping.signal);
    } catch (error) {
      this.#options.log.error(`the channel ${hook} failed`, error);
      return { ok: false, error: 'NotAfter could not send it; its log says why.', isFinal: false };
    }
  }

  #senderOf(name: string): Send | null {
    const { rules, local, version } = this.#options;
    const named = local.find((one) => one.name === name);
    if (named) return named.send;
    const hook = rules.settings.webhooks.find((one) => one.name === name);
    return hook ? sendToWebhook(hook, version) : null;
  }
}
