import type { Revocation } from '../../../../shared/schema/revocation.ts';

const dayMs = 24 * 3_600_000;
/** More leaves than this are not remembered: the oldest is forgotten. */
const maxLeaves = 20_000;

/** Remembers since when the CA's answer about a leaf could not be verified, while the program runs. */
export class UncheckedSince {
  readonly #since = new Map<string, number>();

  /**
   * Returns since when (ISO 8601) nothing could be verified, once that has lasted a day; else null.
   * @param fingerprint of the leaf
   * @param revocation what the CA was asked for just now
   * @param now milliseconds since the epoch
   */
  note(fingerprint: string, { state }: Revocation, now: number): string | null {
    if (state !== 'unverifiable') {
      this.#since.delete(fingerprint);
      return null;
    }
    // After the clock was set back, nothing lasts since the future.
    const since = Math.min(this.#since.get(fingerprint) ?? now, now);
    this.#since.set(fingerprint, since);
    const [oldest] = this.#since.keys();
    if (this.#since.size > maxLeaves && oldest !== undefined) this.#since.delete(oldest);
    return now - since >= dayMs ? new Date(since).toISOString() : null;
  }
}
