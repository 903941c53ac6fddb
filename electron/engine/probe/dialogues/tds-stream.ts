import { Duplex } from 'node:stream';

/** Types of packets: [MS-TDS] §2.2.3.1.1. */
export const tdsType = { response: 0x04, prelogin: 0x12 } as const;

const headerLength = 8;
const endOfMessage = 0x01;
/** The size of packets before a login agrees on another. */
const maxPayload = 4096 - headerLength;

/** Returns one packet: type, status, length, and spid, number and window, which are not read here ([MS-TDS] §2.2.3.1). */
export function tdsPacket(type: number, payload: Uint8Array, isLast = true): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(type, 0);
  header.writeUInt8(isLast ? endOfMessage : 0, 1);
  header.writeUInt16BE(headerLength + payload.length, 2);
  header.writeUInt8(1, 6);
  return Buffer.concat([header, payload]);
}

/** Carries TLS within packets of TDS 7.x, as its handshake goes ([MS-TDS] §2.2.6.5). Owns the socket below. */
export class TdsStream extends Duplex {
  readonly #socket: Duplex;
  #pending: Buffer = Buffer.alloc(0);

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket
      .on('data', (chunk: Buffer) => this.#take(chunk))
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    const packets: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += maxPayload) {
      const isLast = at + maxPayload >= chunk.length;
      packets.push(tdsPacket(tdsType.prelogin, chunk.subarray(at, at + maxPayload), isLast));
    }
    this.#socket.write(Buffer.concat(packets), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length >= headerLength) {
      const length = this.#pending.readUInt16BE(2);
      const type = this.#pending[0];
      if ((type !== tdsType.prelogin && type !== tdsType.response) || length < headerLength) {
        // Once the handshake is over TLS goes bare, and what is neither is for TLS's reader to judge.
        this.#give(this.#pending);
        this.#pending = Buffer.alloc(0);
        return;
      }
      if (this.#pending.length < length) return;
      this.#give(this.#pending.subarray(headerLength, length));
      this.#pending = this.#pending.subarray(length);
    }
  }

  #give(bytes: Buffer): void {
    if (bytes.length > 0 && !this.push(bytes)) this.#socket.pause();
  }
}
