import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { unexpectedFailure, unsent } from '../unexpected-failure.ts';
import type { Sent } from './adapter.ts';
import { mergeGroupOf, type Remaining, withRemaining } from './delivery-payload.ts';
import type { HookRoute } from './hook-route.ts';
import type { HookMessage } from './message.ts';
import { type Due, memoryOutbox, type NewDelivery, type Outbox } from './outbox.ts';
import { Pacer } from './pacer.ts';
import { nextAttempt } from './retry-plan.ts';

export interface DeliveryQueueOptions {
  clock: Clock;
  log: Log;
  storage: { outbox: Outbox; tryWrite<Value>(work: () => Value): Value | null };
  /** Returns how messages reach a hook; null: there is no hook of this name. */
  routeOf: (hook: string) => HookRoute | null;
  /** Whether this machine is known to be offline. */
  isOffline: () => boolean;
  /** Takes what became of each attempt. */
  onAttempt: (hook: string, isDelivered: boolean) => void;
}

/** A timer is not trusted for longer. */
const maxSleepMs = 86_400_000;
/** Outcomes that could not be written down, as on a full disk, are tried again after so long. */
const unstoredMs = 60_000;

/** What is being sent to a hook. */
interface Attempt {
  /** Its name, also where it is renamed meanwhile. */
  hook: string;
  ids: readonly number[];
  done: Promise<void>;
}

/**
 * Sends what is to be delivered, one message a hook at a time, until it has arrived or is given up. Order is kept for each key:
 * what waits for its next attempt holds up nothing else. What storage does not take is delivered from memory.
 */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions;
  readonly #stopping = new AbortController();
  readonly #attempts = new Set<Attempt>();
  /** Renames that storage did not take yet, the oldest first. */
  #renames: readonly { from: string; to: string }[] = [];
  /** What is to be written of deliveries whose outcome storage did not take, by their ids: they are not sent again. */
  readonly #unstored = new Map<number, () => boolean>();
  /** Hooks whose last attempt failed. */
  readonly #failing = new Set<string>();
  readonly #pacer = new Pacer();
  #memory: Outbox | null = null;
  #isWaking = false;
  #cancelTimer: (() => void) | null = null;

  constructor(options: DeliveryQueueOptions) {
    this.#options = options;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer?.();
    await Promise.all([...this.#attempts].map(({ done }) => done));
  }

  add(deliveries: readonly NewDelivery[]): void {
    const { storage, clock } = this.#options;
    const addTo = (box: Outbox) => {
      for (const delivery of deliveries) box.add(delivery, clock.now());
      return true;
    };
    if (!storage.tryWrite(() => addTo(storage.outbox))) {
      this.#memory ??= memoryOutbox();
      addTo(this.#memory);
    }
    this.#wakeSoon();
  }

  /** Alerts come by the thousand: what is added in one turn is looked through once. */
  #wakeSoon(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      this.wake();
    });
  }

  /** Has everything that waits tried at once: the network is back, or this machine woke. */
  hurry(): void {
    this.#hurry(null);
    this.wake();
  }

  /**
   * Withdraws deliveries that wait under a key. What is being sent, or may have arrived though no answer came, is left.
   * @param isCertain whether a hook must have what it may have been sent before
   * @returns the hooks that will not receive it
   */
  withdraw(key: string, isCertain: (hook: string) => boolean): string[] {
    const withdrawn: string[] = [];
    for (const box of this.#boxes()) {
      this.#on(box, () => {
        for (const { id, hook, attempts } of box.waiting(key)) {
          if (this.#isBusyWith(id) || (attempts > 0 && isCertain(hook))) continue;
          box.succeed(id);
          withdrawn.push(hook);
        }
      });
    }
    return withdrawn;
  }

  /** Follows a hook to its new name, with what waits for it and what was given up. */
  rename(from: string, to: string): void {
    for (const attempt of this.#attempts) if (attempt.hook === from) attempt.hook = to;
    if (this.#failing.delete(from)) this.#failing.add(to);
    this.#pacer.rename(from, to);
    this.#renames = [...this.#renames, { from, to }];
    this.#storeRenames();
    this.#wakeSoon();
  }

  /** Sends what is due, and comes back when the next is. */
  wake(): void {
    const { clock } = this.#options;
    if (this.#stopping.signal.aborted) return;
    this.#storeRenames();
    this.#storeOutcomes();
    // One moment for all of it: a pause that ended between two looks at the clock would be waited for and have no timer.
    const now = clock.now();
    for (const box of this.#boxes())
      for (const due of this.#on(box, () => box.due(now, this.#without(now))) ?? []) this.#start(box, due);
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const times = this.#boxes().map((box) => this.#nextAt(box, now));
    if (this.#unstored.size + this.#renames.length > 0) times.push(now + unstoredMs);
    times.push(this.#pacer.nextAt(now));
    const at = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(at - clock.now(), 0), maxSleepMs);
    this.#cancelTimer = clock.after(delayMs, () => this.wake());
  }

  #isBusyWith(id: number): boolean {
    return [...this.#attempts].some(({ ids }) => ids.includes(id));
  }

  #boxes(): Outbox[] {
    const { outbox } = this.#options.storage;
    return this.#memory ? [outbox, this.#memory] : [outbox];
  }

  /** Hooks that are busy look again when they are done; those that need a network, when it is back. */
  #without(now: number): { hooks: string[]; ids: number[] } {
    const { isOffline } = this.#options;
    const offline = isOffline() ? [...this.#remote] : [];
    const paced = this.#pacer.waiting(now);
    const busy = [...this.#attempts].map(({ hook }) => hook);
    const renamed = this.#renames.map(({ from }) => from);
    return { hooks: [...busy, ...offline, ...paced, ...renamed], ids: [...this.#unstored.keys()] };
  }

  /** Hooks that were seen to need a network, while this machine has none. */
  readonly #remote = new Set<string>();

  #start(box: Outbox, due: Due): void {
    const { hook } = due;
    if ([...this.#attempts].some((one) => one.hook === hook)) return;
    const route = this.#options.routeOf(hook);
    if (route && !route.isLocal && this.#options.isOffline()) {
      this.#remote.add(hook);
      return;
    }
    this.#remote.delete(hook);
    const beside = route?.merge
      ? (this.#on(box, () => box.dueBeside(due, this.#options.clock.now())) ?? [])
      : [];
    const group = mergeGroupOf(due);
    const alike = beside.filter(
      (one) => group !== null && !this.#unstored.has(one.id) && mergeGroupOf(one) === group,
    );
    const all = [due, ...alike].sort((one, other) => one.id - other.id);
    const attempt: Attempt = { hook, ids: all.map(({ id }) => id), done: Promise.resolve() };
    this.#attempts.add(attempt);
    attempt.done = this.#attempt(box, route, all, attempt)
      .catch((error: unknown) =>
        this.#options.log.error(`telling the hook ${attempt.hook} failed by a fault in NotAfter`, error),
      )
      .then(() => {
        this.#attempts.delete(attempt);
        this.wake();
      });
  }

  async #attempt(
    box: Outbox,
    route: HookRoute | null,
    deliveries: readonly Due[],
    attempt: Attempt,
  ): Promise<void> {
    const { clock, log, isOffline } = this.#options;
    // SAFETY: called with at least one delivery.
    const [{ title, attempts }] = deliveries as [Due, ...Due[]];
    this.#pacer.note(attempt.hook, route?.pace ?? [], clock.now());
    const sent: Sent = route
      ? await this.#send(route, deliveries, attempt)
      : { ok: false, error: 'There is no hook of this name any more.', isFinal: true };
    const { hook } = attempt; // It may have been renamed meanwhile.
    if (this.#stopping.signal.aborted && !sent.ok) return; // The attempt was cut short, and is made again.
    if (sent.ok) {
      log.info(`delivered to ${hook}: ${title}`);
      this.#options.onAttempt(hook, true);
      this.#store(box, deliveries, (id) => box.succeed(id));
      if (this.#failing.delete(hook)) this.#hurry(hook);
      return;
    }
    this.#failing.add(hook);
    // It failed for want of a network, which is known by now: that is no attempt.
    if (!sent.isFinal && route && !route.isLocal && isOffline()) return;
    this.#options.onAttempt(hook, false);
    const { heldUntil, nextAt } = nextAttempt(sent, attempts, clock.now());
    log.warn(
      `delivery to the hook ${hook} failed: ${sent.error} ${nextAt === null ? 'It is given up.' : 'It is tried again.'}`,
    );
    const { remaining, error } = sent;
    this.#store(box, deliveries, (id) => {
      const payload = deliveries.find((one) => one.id === id)?.payload;
      if (remaining && payload !== undefined) box.rewrite(id, withRemaining(payload, remaining));
      box.fail(id, error, nextAt, heldUntil);
    });
  }

  /** A sender that throws has not delivered: the message waits for its next attempt, and no other channel waits with it. */
  async #send(route: HookRoute, deliveries: readonly Due[], attempt: Attempt): Promise<Sent> {
    try {
      // SAFETY: the outbox holds only what was put there as a message.
      const payloads = deliveries.map(({ payload }) => JSON.parse(payload) as HookMessage & Remaining);
      const messages = payloads.map(({ remaining: _, ...told }) => told);
      const [first] = messages as [HookMessage, ...HookMessage[]];
      const remaining = payloads[0]?.remaining ?? null;
      const message = route.merge && messages.length > 1 ? route.merge(messages) : first;
      return await route.send(message, this.#stopping.signal, remaining);
    } catch (error) {
      this.#options.log.error(`the channel ${attempt.hook} failed`, error);
      return { ok: false, error: unexpectedFailure(error, unsent), isFinal: false };
    }
  }

  #hurry(hook: string | null): void {
    const { clock } = this.#options;
    for (const box of this.#boxes()) this.#on(box, () => box.hurry(hook, clock.now()));
  }

  /** An outcome that cannot be written down is kept: what was delivered must not be sent again while this program runs. */
  #store(box: Outbox, deliveries: readonly Due[], write: (id: number) => void): void {
    for (const { id } of deliveries)
      this.#unstored.set(id, () => this.#on(box, () => ({ written: write(id) })) !== null);
    this.#storeOutcomes();
  }

  #storeRenames(): void {
    this.#renames = this.#renames.filter(({ from, to }) => {
      const isStored = (box: Outbox) => this.#on(box, () => ({ renamed: box.rename(from, to) })) !== null;
      return !this.#boxes().map(isStored).every(Boolean);
    });
  }

  #storeOutcomes(): void {
    for (const [id, write] of [...this.#unstored]) if (write()) this.#unstored.delete(id);
  }

  /** Memory takes what storage does not. */
  #on<Value>(box: Outbox, work: () => Value): Value | null {
    return box === this.#memory ? work() : this.#options.storage.tryWrite(work);
  }

  /** Returns when the next delivery of a box is due; where that cannot be read, when to ask again; null: none waits. */
  #nextAt(box: Outbox, now: number): number | null {
    const next = this.#on(box, () => ({ at: box.nextAt(this.#without(now)) }));
    return next ? next.at : now + unstoredMs;
  }
}
