import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Issued } from './pki.ts';
import { servePlain, type TestServer } from './tls-server.ts';

/**
 * A step of a plain dialogue: what the server says, or what it must hear (text by its end, bytes by their length)
 * before it goes on. `tls` starts TLS on the same connection, `tds-tls` within packets of TDS.
 */
export type Step = { say: string | Buffer } | { hear: RegExp | Buffer } | 'tls' | 'tds-tls' | 'close';

/** A server that plays a dialogue and then shows a leaf. What it heard wrong is kept in `faults`. */
export async function serveScript(
  steps: readonly Step[],
  leaf: Issued,
): Promise<TestServer & { faults: string[] }> {
  const faults: string[] = [];
  const secureContext = tls.createSecureContext({ cert: leaf.pem, key: leaf.key });
  const server = await servePlain((socket) => {
    void play(socket, steps, secureContext).catch((error: Error) => faults.push(error.message));
  });
  return Object.assign(server, { faults });
}

async function play(socket: Socket, steps: readonly Step[], secureContext: tls.SecureContext): Promise<void> {
  const heard = new Heard(socket);
  for (const step of steps) {
    if (step === 'close') socket.end();
    else if (step === 'tls' || step === 'tds-tls') {
      heard.giveBack();
      const below = step === 'tls' ? socket : inTdsPackets(socket);
      const secure = new tls.TLSSocket(below, { isServer: true, secureContext });
      secure.on('error', () => undefined); // The client hangs up once it has seen the certificate.
    } else if ('say' in step) socket.write(step.say);
    else if (Buffer.isBuffer(step.hear)) await heard.takeBytes(step.hear);
    else await heard.takeText(step.hear);
  }
}

/** What a server has heard and not taken yet. */
class Heard {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
  }

  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake.resolve();
  };

  /** @throws where other bytes come */
  async takeBytes(wanted: Buffer): Promise<void> {
    await this.#until(() => this.#bytes.length >= wanted.length);
    if (!this.#bytes.subarray(0, wanted.length).equals(wanted))
      throw new Error(`Heard ${this.#bytes.toString('hex')}, not ${wanted.toString('hex')}`);
    this.#bytes = this.#bytes.subarray(wanted.length);
  }

  async takeText(end: RegExp): Promise<void> {
    await this.#until(() => end.test(this.#bytes.toString('latin1')));
    this.#bytes = Buffer.alloc(0);
  }

  /** Stops listening. A MySQL client starts TLS without waiting for a word, so its first bytes may be here already. */
  giveBack(): void {
    this.#socket.off('data', this.#onData).pause();
    if (this.#bytes.length > 0) this.#socket.unshift(this.#bytes);
  }

  async #until(isHeard: () => boolean): Promise<void> {
    while (!isHeard()) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }
}

/** How long a packet is that SQL Server writes a handshake in, at the most; small here, so that records are cut. */
const tdsPayload = 500;

/**
 * A stream whose bytes go in packets of type 0x12, the last of a message marked by 1 ([MS-TDS] §2.2.3.1): written apart from the
 * program's own.
 */
function inTdsPackets(socket: Socket): Duplex {
  let buffer = Buffer.alloc(0);
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += tdsPayload) {
        const part = chunk.subarray(at, at + tdsPayload);
        const isLast = at + tdsPayload >= chunk.length;
        const length = part.length + 8;
        socket.write(Buffer.from([0x12, isLast ? 1 : 0, length >> 8, length & 0xff, 0, 0, 1, 0]));
        socket.write(part);
      }
      done();
    },
  });
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 8 && buffer.length >= buffer.readUInt16BE(2)) {
      const length = buffer.readUInt16BE(2);
      if (buffer[0] !== 0x12) return void socket.destroy();
      stream.push(buffer.subarray(8, length));
      buffer = buffer.subarray(length);
    }
  });
  socket.on('close', () => stream.destroy());
  socket.resume();
  return stream;
}
