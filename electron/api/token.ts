import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { errorCode } from '../engine/error-code.ts';

/** 32 bytes of base64url: what is shorter was not written by us. */
const tokenPattern = /^[\w-]{43,}$/;

/** The API's token: made at the first start, kept in a file that its owner alone can read. */
export class Token {
  readonly path: string;
  #value: string;

  constructor(path: string) {
    this.path = path;
    this.#value = readTokenFile(path) ?? write(path);
  }

  get value(): string {
    return this.#value;
  }

  /** Creates a new one and revokes the old one. */
  rotate(): void {
    this.#value = write(this.path);
  }

  /** Whether an Authorization header carries the token (RFC 6750 §2.1), compared in constant time. */
  authorises(header: string | undefined): boolean {
    const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    return given !== undefined && isSame(given, this.#value);
  }

  /** What the calendar's address holds: programs that read calendars send no headers, and must not have the token. */
  get calendarKey(): string {
    return createHmac('sha256', this.#value).update('calendar').digest('base64url');
  }

  /**
   * Proves to a client that has the token, too, that it talks to the service that made it, without sending it.
   * @param port on which the client asked: a proof that another service relays is for another port
   */
  prove(nonce: string, port: number): string {
    return proofOf(this.#value, nonce, port);
  }

  opensCalendar(key: string): boolean {
    return isSame(key, this.calendarKey);
  }
}

/** The proof that a service with a token gives for a client's nonce. */
export function proofOf(token: string, nonce: string, port: number): string {
  return createHmac('sha256', token).update(`proof:${port}:${nonce}`).digest('base64url');
}

/** What a client may send as a nonce. */
export const noncePattern = /^[\w-]{22,64}$/;

/** The token in a file; null where there is none. */
export function readTokenFile(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return tokenPattern.test(text) ? text : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Beside the old one first: a file that is written over keeps its mode, and a crash in between would leave half of it. */
function write(path: string): string {
  const token = randomBytes(32).toString('base64url');
  const fresh = `${path}.new`;
  writeFileSync(fresh, `${token}\n`, { mode: 0o600 });
  renameSync(fresh, path);
  return token;
}

export function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
