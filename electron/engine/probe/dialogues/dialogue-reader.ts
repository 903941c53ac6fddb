import type { Socket } from 'node:net';
import { printable } from '../../printable.ts';
import { type Refusal, remedyFor } from '../refusal.ts';
import { UnreachableError } from '../unreachable.ts';
import type { Dialogue } from './dialogue.ts';

/** A dialogue before TLS is a few lines; a server that sends more than this is not having one. */
const maxBytes = 64 * 1024;

/** An alert record of two bytes, whatever its minor version. */
const tlsAlertHeader = Buffer.from([21, 3, 0, 0, 2]);

/** The server answered in the protocol, or in another one, and does not start TLS. */
export class RefusedError extends UnreachableError {
  readonly refusal: Refusal;
  constructor(cause: Refusal, message: string, answer?: string) {
    super('starttls-refused', message, { remedy: remedyFor(cause, answer) });
    this.name = 'RefusedError';
    this.refusal = cause;
  }
}

/** Returns the error for a port that speaks TLS first although STARTTLS was configured. */
export function tlsComesFirst(): UnreachableError {
  return new RefusedError('tls-first', 'TLS comes first on this port: the server knows no STARTTLS here.');
}

/** A server's words in one line: read as UTF-8 where they are, blanks and line breaks as one space. */
function inOneLine(text: string): string {
  return decode(text).replace(/\s+/g, ' ').trim();
}

function decode(text: string): string {
  if (!/^[\0-\xff]*$/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text; // Of the days before UTF-8: each byte is shown as Latin-1 has it.
  }
}

/**
 * Reads a plain dialogue from a socket and leaves it as it was: every byte not asked for is given back before
 * TLS starts.
 */
export class DialogueReader implements Dialogue {
  readonly #socket: Socket;
  readonly #onGreeted: () => void;
  #buffer = Buffer.alloc(0);
  #total = 0;
  #start = Buffer.alloc(0);
  #end: Error | null = null;
  #wake: (() => void) | null = null;

  readonly #onData = (chunk: Buffer) => {
    this.#total += chunk.length;
    if (this.#start.length < tlsAlertHeader.length)
      this.#start = Buffer.concat([this.#start, chunk]).subarray(0, tlsAlertHeader.length);
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.answersInTls) this.end(tlsComesFirst());
    if (this.#total > maxBytes) {
      const remedy = remedyFor('not-spoken');
      const sentence = 'The server sends without end before TLS starts.';
      this.end(new UnreachableError('starttls-refused', sentence, { remedy }));
    }
    this.#wake?.();
  };
  readonly #onClose = () =>
    this.end(new UnreachableError('reset', 'The server closed the connection before TLS started.'));
  readonly #onError = () =>
    this.end(new UnreachableError('reset', 'The server broke the connection off before TLS started.'));

  /** @param onGreeted called once the server has greeted */
  constructor(socket: Socket, onGreeted: () => void = () => undefined) {
    this.#socket = socket;
    this.#onGreeted = onGreeted;
    socket
      .on('data', this.#onData)
      .on('end', this.#onClose)
      .on('close', this.#onClose)
      .on('error', this.#onError)
      .resume(); // What opened it through a proxy leaves it paused.
  }

  /** Ends the dialogue by an error, unless it has ended before. */
  end(error: Error): void {
    this.#end ??= error;
    this.#socket.pause();
    this.#wake?.();
  }

  /** Whether the server has sent anything. */
  get hasHeard(): boolean {
    return this.#total > 0;
  }

  /** Whether the first bytes are a TLS alert (RFC 8446 §5.1, §6): the server took our words for a broken handshake. */
  get answersInTls(): boolean {
    const [type, major, minor = 0, high, low] = this.#start;
    const [alert, three, , zero, two] = tlsAlertHeader;
    return type === alert && major === three && minor <= 4 && high === zero && low === two;
  }

  greeted(): void {
    this.#onGreeted();
  }

  write(text: string | Uint8Array): void {
    this.#socket.write(text);
  }

  /** The next line without its line break. @throws UnreachableError where none comes */
  async line(): Promise<string> {
    await this.#until(() => this.#buffer.includes(0x0a));
    const end = this.#buffer.indexOf(0x0a);
    return this.#take(end + 1)
      .toString('latin1')
      .replace(/\r?\n$/, '');
  }

  async bytes(count: number): Promise<Buffer> {
    await this.#until(() => this.#buffer.length >= count);
    return this.#take(count);
  }

  async textTo(byte: number, maxCount: number): Promise<string> {
    await this.#until(() => this.#buffer.length >= maxCount || this.#buffer.includes(byte));
    const end = this.#buffer.indexOf(byte);
    const isWithin = end >= 0 && end < maxCount;
    return this.#take(isWithin ? end + 1 : maxCount)
      .subarray(0, isWithin ? end : maxCount)
      .toString('latin1');
  }

  /** @throws UnreachableError always */
  refuse(cause: Refusal, sentence: string, answer?: string): never {
    const words = answer === undefined ? '' : inOneLine(answer);
    const said = words === '' ? '' : `: “${printable(words, 200)}”`;
    throw new RefusedError(cause, `${sentence}${said}.`, words);
  }

  /** Whether the server sent more than was read: plain text injected before TLS (CVE-2011-0411 and its kin). */
  get hasUnread(): boolean {
    return this.#buffer.length > 0;
  }

  /** Lets go of the socket. */
  [Symbol.dispose](): void {
    this.#socket
      .off('data', this.#onData)
      .off('end', this.#onClose)
      .off('close', this.#onClose)
      .off('error', this.#onError)
      .pause();
  }

  #take(count: number): Buffer {
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  async #until(isReady: () => boolean): Promise<void> {
    while (!isReady()) {
      if (this.#end) throw this.#end;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
      this.#wake = null;
    }
  }
}
