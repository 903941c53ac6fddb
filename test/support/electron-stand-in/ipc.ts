import { EventEmitter } from 'node:events';

export const ipcMain = new EventEmitter();

/** Electron's MessagePortMain: messages wait until it is started. */
export class MessagePortMain extends EventEmitter {
  readonly #send: (data: string) => void;
  #waiting: string[] | null = [];

  constructor(send: (data: string) => void) {
    super();
    this.#send = send;
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  postMessage(data: unknown): void {
    if (typeof data !== 'string') throw new Error('The stand-in relays text alone.');
    this.#send(data);
  }

  close(): void {
    this.emit('close');
  }

  receive(data: string): void {
    if (this.#waiting) this.#waiting.push(data);
    else this.emit('message', { data, ports: [] });
  }
}
