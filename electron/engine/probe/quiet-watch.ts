import type { Socket } from 'node:net';

/** Notices that a server which has answered says nothing more, by the bytes that its socket counts: it sees none of them. */
export class QuietWatch {
  readonly #socket: Socket;
  readonly #before: number;
  readonly #quietMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param quietMs how long nothing may come after something did, in milliseconds */
  constructor(socket: Socket, quietMs: number) {
    this.#socket = socket;
    this.#before = socket.bytesRead;
    this.#quietMs = quietMs;
  }

  /** Whether anything has come since the watch was made. */
  get hasAnswered(): boolean {
    return this.#socket.bytesRead > this.#before;
  }

  /** Calls back once the server is quiet. A server that has not answered at all is waited for. */
  start(onQuiet: () => void): void {
    const seen = this.#socket.bytesRead;
    this.#timer = setTimeout(() => {
      if (this.hasAnswered && this.#socket.bytesRead === seen) onQuiet();
      else this.start(onQuiet);
    }, this.#quietMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
