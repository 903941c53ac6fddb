import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import packet, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import { listen } from './tls-server.ts';

/** What a name server is asked, with its transport. */
export interface AskedOfServer {
  name: string;
  type: string;
  over: 'udp' | 'tcp';
}

/** Answers a question over TCP by itself: with messages, in whatever form. */
type AnswersOverTcp = (query: DecodedPacket, socket: Socket) => void;

/** A record of a zone; `HTTPS` is written by its number. */
export function dnsRecord(name: string, type: string, data: unknown): Answer {
  // SAFETY: as the library encodes it, which names fewer types than it writes.
  return { name, type: type as RecordType, class: 'IN', ttl: 60, data } as unknown as Answer;
}

/** The SOA record that a zone begins and ends with (RFC 5936 §2.2). */
export const soaOf = (zone: string) =>
  dnsRecord(zone, 'SOA', {
    ...{ mname: `ns.${zone}`, rname: `root.${zone}`, serial: 1 },
    ...{ refresh: 60, retry: 60, expire: 60, minimum: 60 },
  });

/** Writes an answer with its length in front. @param change overrides what the message says of itself */
export function dnsMessage(
  { id, questions }: DecodedPacket,
  answers: readonly Answer[],
  change: {
    id?: number;
    flags?: number;
    type?: 'query' | 'response';
    questions?: DecodedPacket['questions'];
  } = {},
): Buffer {
  const message = { type: 'response' as const, id, flags: 0, questions, answers: [...answers] };
  return packet.streamEncode({ ...message, ...change });
}

/** A response code as flags (RFC 1035 §4.1.1). */
export const rcodes = { REFUSED: 5, NOTAUTH: 9, NXDOMAIN: 3, SERVFAIL: 2 };

/**
 * A name server on loopback, over UDP and TCP: it has records, and takes down what it was asked.
 * @param overTcp answers a question over TCP in place of the records
 * @param port where it listens; 0: where there is room
 */
export async function startNameServer(
  address: string,
  records: readonly Answer[],
  overTcp?: AnswersOverTcp,
  port = 0,
) {
  const asked: AskedOfServer[] = [];
  let open = 0;
  const note = ({ questions }: DecodedPacket, over: AskedOfServer['over']) => {
    const [question] = questions ?? [];
    asked.push({ name: question?.name ?? '', type: question?.type ?? '', over });
    const known = records.filter(({ name }) => name === question?.name);
    return {
      answers: known.filter(({ type }) => type === question?.type),
      change: known.length === 0 ? { flags: rcodes.NXDOMAIN } : {},
    };
  };
  const tcp = await listen(
    createServer((socket) => {
      open += 1;
      socket.on('close', () => {
        open -= 1;
      });
      socket.on('error', () => undefined); // Whoever asks ends with its thread.
      let held = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        held = Buffer.concat([held, chunk]);
        while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
          const end = 2 + held.readUInt16BE(0);
          const query = packet.decode(held.subarray(2, end));
          held = held.subarray(end);
          const { answers, change } = note(query, 'tcp');
          if (overTcp) overTcp(query, socket);
          else socket.write(dnsMessage(query, answers, change));
        }
      });
    }),
    address,
    port,
  );
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    const query = packet.decode(bytes);
    const { answers, change } = note(query, 'udp');
    udp.send(dnsMessage(query, answers, change).subarray(2), from.port, from.address);
  });
  udp.bind(tcp.port, address);
  await once(udp, 'listening');
  return {
    asked,
    address,
    port: tcp.port,
    /** As a search names it. */
    place: `${address}:${tcp.port}`,
    /** How many connections are open. */
    get open() {
      return open;
    },
    async [Symbol.asyncDispose]() {
      udp.close();
      await tcp.close();
    },
  };
}

/** Answers a transfer with a zone: its records between two SOA records, so many in each message. */
export function transferring(zone: string, records: readonly Answer[], perMessage = 2): AnswersOverTcp {
  return (query, socket) => {
    const all = [soaOf(zone), ...records, soaOf(zone)];
    for (let from = 0; from < all.length; from += perMessage) {
      // Later messages need not repeat the question (RFC 5936 §2.2.1).
      const questions = from === 0 ? {} : { questions: [] };
      socket.write(dnsMessage(query, all.slice(from, from + perMessage), questions));
    }
  };
}
