import { isSealed } from '../../../shared/domain/sealed.ts';
import type { Heartbeat } from '../../../shared/schema/heartbeat.ts';
import { isForbiddenAddress } from '../addresses/special-networks.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { ChannelUnreachable } from './adapter.ts';
import { guardedLookup } from './guard.ts';

export interface HeartbeatsOptions {
  clock: Clock;
  log: Log;
  version: string;
  rules: { readonly settings: { readonly heartbeats: readonly Heartbeat[]; readonly pause: unknown } };
  /** Returns why NotAfter is not well, as a sentence; null: it is. */
  trouble: () => string | null;
  /** Whether this machine is known to be offline. */
  isOffline: () => boolean;
}

const timeoutMs = 10_000;
const forbidden =
  'NotAfter calls no link-local address, cloud’s metadata service or address of no single host';

/**
 * Calls addresses for as long as NotAfter is well, so that something else notices when it is not. A call that fails is not
 * repeated, and none is made late: it would say what is no longer so.
 */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #stopping = new AbortController();
  readonly #nextAt = new Map<string, number>();
  readonly #failed = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #cancelTimer: (() => void) | null = null;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  /** Calls what is due, and what the settings have that was not called yet. */
  wake(): void {
    const { clock, rules } = this.#options;
    if (this.#stopping.signal.aborted) return;
    const { heartbeats } = rules.settings;
    const names = heartbeats.map(({ name }) => name);
    for (const name of [...this.#nextAt.keys()]) if (!names.includes(name)) this.#nextAt.delete(name);
    const now = clock.now();
    for (const heartbeat of heartbeats) {
      const periodMs = heartbeat.minutes * 60_000;
      const due = this.#nextAt.get(heartbeat.name) ?? now;
      // After a clock was set back nothing waits for the time that it was ahead.
      if (due > now && due <= now + periodMs) continue;
      this.#nextAt.set(heartbeat.name, now + periodMs);
      this.#beat(heartbeat);
    }
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#nextAt.size === 0) return;
    const delayMs = Math.max(0, Math.min(...this.#nextAt.values()) - now);
    this.#cancelTimer = clock.after(delayMs, () => this.wake());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer?.();
    await Promise.all(this.#underWay);
  }

  #beat(heartbeat: Heartbeat): void {
    const { trouble, isOffline, rules } = this.#options;
    if (isOffline()) return;
    const reason = trouble();
    const { name, method, url, failUrl } = heartbeat;
    if (reason !== null && failUrl === null) return;
    const words = reason ?? (rules.settings.pause === null ? 'ok' : 'paused');
    const call = reason === null ? { url, method } : { url: failUrl ?? url, method: 'POST' };
    const work = this.#call(name, call.url, call.method, words);
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #call(name: string, url: string, method: string, words: string): Promise<void> {
    const problem = isSealed(url) ? 'its address is sealed' : await this.#request(url, method, words);
    if (problem === null) this.#failed.delete(name);
    else if (!this.#failed.has(name) && !this.#stopping.signal.aborted) {
      this.#failed.add(name);
      this.#options.log.warn(`the heartbeat ${name} was not taken: ${problem}`);
    }
  }

  /** @returns why it failed, without the address, which is secret; null: it did not */
  async #request(url: string, method: string, words: string): Promise<string | null> {
    // Loaded for the first one: the start does not wait for them.
    const { request: open } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { 'user-agent': `NotAfter/${this.#options.version}`, 'content-type': 'text/plain' };
    if (isForbiddenAddress(new URL(url).hostname.replace(/^\[|\]$/g, ''))) return forbidden;
    const request = open(url, { method, headers, signal, agent: false, lookup: guardedLookup });
    request.on('response', (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 300 ? null : `it answered ${statusCode}`);
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error instanceof ChannelUnreachable ? forbidden : (error.code ?? error.name)),
    );
    request.end(method === 'POST' ? words : undefined);
    return promise;
  }
}
