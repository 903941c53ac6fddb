import { EventEmitter } from 'node:events';

export const ipcMain = new EventEmitter();

/** What goes over a port, as text: bytes are written in base64 on their way. */
export type Relayed = { data: string } | { bytes: string };

/** Electron's MessagePortMain: messages wait until it is started. */
export class MessagePortMain extends EventEmitter {
  readonly #send: (message: Relayed) => void;
  #waiting: string[] | null = [];

  constructor(send: (message: Relayed) => void) {
    super();
    this.#send = send;
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  postMessage(data: unknown): void {
    if (typeof data === 'string') this.#send({ data });
    else if (data instanceof Uint8Array) this.#send({ bytes: Buffer.from(data).toString('base64') });
    else throw new Error('The stand-in relays text and bytes alone.');
  }

  close(): void {
    this.emit('close');
  }

  receive(data: string): void {
    if (this.#waiting) this.#waiting.push(data);
    else this.emit('message', { data, ports: [] });
  }
}
