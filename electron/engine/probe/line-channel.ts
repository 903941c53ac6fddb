import type { Socket } from 'node:net';
import type { Talk } from '../../../shared/domain/starttls/dialogue.ts';
import { printable } from '../printable.ts';
import { UnreachableError } from './unreachable.ts';

/** A dialogue before TLS is a few lines; a server that sends more than this is not having one. */
const maxBytes = 64 * 1024;

/**
 * Reads a plain dialogue from a socket and leaves it as it was: every byte not asked for is given back before
 * TLS starts.
 */
export class DialogueReader implements Talk {
  readonly #socket: Socket;
  #buffer = Buffer.alloc(0);
  #total = 0;
  #end: Error | null = null;
  #wake: (() => void) | null = null;

  readonly #onData = (chunk: Buffer) => {
    this.#total += chunk.length;
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.#total > maxBytes)
      this.#fail(new UnreachableError('starttls-refused', 'The server sends without end before TLS starts.'));
    this.#wake?.();
  };
  readonly #onClose = () =>
    this.#fail(new UnreachableError('reset', 'The server closed the connection before TLS started.'));
  readonly #onError = () =>
    this.#fail(new UnreachableError('reset', 'The server broke the connection off before TLS started.'));

  constructor(socket: Socket) {
    this.#socket = socket;
    socket
      .on('data', this.#onData)
      .on('end', this.#onClose)
      .on('close', this.#onClose)
      .on('error', this.#onError);
  }

  #fail(error: Error): void {
    this.#end ??= error;
    this.#socket.pause();
    this.#wake?.();
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

  /** Everything up to and with the first match. */
  async through(pattern: RegExp): Promise<string> {
    await this.#until(() => pattern.test(this.#buffer.toString('latin1')));
    const match = pattern.exec(this.#buffer.toString('latin1'));
    return this.#take((match?.index ?? 0) + (match?.[0].length ?? 0)).toString('latin1');
  }

  /** @throws UnreachableError always */
  refuse(sentence: string, answer?: string): never {
    const said = answer === undefined ? '' : `: “${printable(answer.trim(), 200)}”`;
    throw new UnreachableError('starttls-refused', `${sentence}${said}.`);
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
