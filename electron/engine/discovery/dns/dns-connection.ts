import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import packet, { type DecodedPacket, type RecordType } from 'dns-packet';
import { list } from '../../../../shared/text/words.ts';
import { errorCode } from '../../error-code.ts';
import { type Dial, race } from '../../probe/race.ts';
import { ConnectionClosed, DnsFault } from './dns-fault.ts';

/** Where a name server listens. */
export interface ServerAddress {
  address: string;
  port: number;
}

/** What is asked of a name server. */
export interface DnsQuestion {
  name: string;
  /** A type that the library does not name is written by its number: `UNKNOWN_65`. */
  type: RecordType | 'UNKNOWN_65';
}

/** Bytes that one connection takes: a zone of 200,000 records has fewer. */
const maxBytes = 32 * 1024 * 1024;
/** A name server that says nothing for so long is not waited for. */
const silenceMs = 10_000;

/**
 * A connection to a name server over TCP, where each message has its length in front (RFC 1035 §4.2.2, RFC 7766 §8). dns-packet reads the
 * messages: in a worker thread, as a message of 64 kB can hold 4,600 names of 254 characters behind as many pointers.
 */
export class DnsConnection implements Disposable {
  readonly #socket: Socket;
  readonly #messages: AsyncGenerator<Buffer>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#messages = messagesOf(socket);
  }

  /** Connects to whichever address of a name server answers first (RFC 8305 §5). @param servers one or more @throws DnsFault */
  static async open(servers: readonly ServerAddress[]): Promise<DnsConnection> {
    try {
      return new DnsConnection(await race(servers, dial, new AbortController().signal));
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      throw faultOfAll(servers, error);
    }
  }

  /** Sends a question. @returns the id of the answer to it */
  send({ name, type }: DnsQuestion): number {
    const id = randomInt(0x1_0000);
    // SAFETY: the library writes a type by its number where it is named so; its types list names alone.
    const question = { name, type: type as RecordType };
    this.#socket.write(packet.streamEncode({ type: 'query', id, flags: 0, questions: [question] }));
    return id;
  }

  /** Returns the next message; null where the server has closed the connection. @throws DnsFault */
  async next(): Promise<DecodedPacket | null> {
    let bytes: Buffer | undefined;
    try {
      bytes = (await this.#messages.next()).value;
    } catch (error) {
      if (error instanceof DnsFault) throw error;
      throw new ConnectionClosed(`closed the connection (${errorCode(error) ?? 'unknown error'})`, {
        cause: error,
      });
    }
    return bytes === undefined ? null : decode(bytes);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

function dial({ address, port }: ServerAddress): Dial<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: address, port });
  socket.setTimeout(silenceMs, () => socket.destroy(new DnsFault('does not answer')));
  // An error after the connection is thrown where its messages are read.
  socket.on('error', reject).once('connect', () => resolve(socket));
  return { connected: promise, cancel: () => void socket.destroy() };
}

/** Says why no address of a name server could be connected to. */
function faultOfAll(servers: readonly ServerAddress[], { errors }: AggregateError): DnsFault {
  const words = errors.map((error: unknown) =>
    error instanceof DnsFault
      ? error.message
      : `cannot be reached over TCP (${errorCode(error) ?? 'unknown error'})`,
  );
  const options = { cause: errors[0] };
  if (servers.length < 2) return new DnsFault(words.join(''), options);
  const each = servers.map(({ address }, index) => `${address} ${words[index]}`);
  return new DnsFault(`cannot be connected to at any of its addresses: ${list(each)}`, options);
}

/** @throws DnsFault, the socket's error */
async function* messagesOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let held = Buffer.alloc(0);
  let received = 0;
  // SAFETY: a socket without an encoding gives buffers.
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > maxBytes) throw new DnsFault('sends more than 32 MiB');
    held = Buffer.concat([held, chunk]);
    for (let end = endOf(held); end <= held.length; end = endOf(held)) {
      yield held.subarray(2, end);
      held = held.subarray(end);
    }
  }
  return undefined;
}

/** Where the first message ends. */
const endOf = (held: Buffer) => 2 + (held.length < 2 ? Number.POSITIVE_INFINITY : held.readUInt16BE(0));

/** @throws DnsFault */
function decode(bytes: Buffer): DecodedPacket {
  try {
    return packet.decode(bytes);
  } catch (error) {
    throw new DnsFault('sends what is not a DNS message', { cause: error });
  }
}

/** Returns a name as names are compared (RFC 4343: ASCII letters in either case). */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Whether two names are the same. */
export function isSameName(one: string, other: string): boolean {
  return plainName(one) === plainName(other);
}

/**
 * Returns the response code of an answer (RFC 1035 §4.1.1, RFC 2136 §2.2). Refuses what answers another question.
 * @throws DnsFault
 */
export function codeOfAnswer(
  { id, type, questions, ...rest }: DecodedPacket & { rcode?: string },
  asked: { id: number; question: DnsQuestion },
): string {
  const [question] = questions ?? [];
  const isOther = question !== undefined && !isSameName(question.name, asked.question.name);
  if (type !== 'response' || id !== asked.id || isOther)
    throw new DnsFault('answers a question that it was not asked');
  return rest.rcode ?? 'NOERROR';
}
