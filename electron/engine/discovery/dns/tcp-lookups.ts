import { isIP } from 'node:net';
import type { Answer, DecodedPacket } from 'dns-packet';
import { codeOfAnswer, DnsConnection, type DnsQuestion, plainName } from './dns-connection.ts';
import { ConnectionClosed, DnsFault } from './dns-fault.ts';
import { dataWords, typeOf } from './record-data.ts';

/** A record that was looked up, as a zone file has it. */
export interface FoundRecord {
  owner: string;
  type: string;
  data: string[];
}

/**
 * Look-ups over TCP, one after the other, at the first server that takes a connection. A server may close it after any answer (RFC 7766
 * §6.2.3, §6.2.4): then the same question is asked over a new one.
 */
export class TcpLookups implements Disposable {
  readonly #servers: readonly string[];
  #connection: DnsConnection | null = null;
  /** Whether the connection has answered a question. */
  #hasAnswered = false;

  /** @param servers as `dns.getServers()` has them */
  constructor(servers: readonly string[]) {
    this.#servers = servers;
  }

  /**
   * Looks records up. Their owner is the name that was asked for, also where they belong to another name that it is an alias of.
   * @returns none where there are none; null where the server answers with an error
   * @throws DnsFault where it cannot be connected to, or closes a connection that answered nothing
   */
  async ask(question: DnsQuestion): Promise<FoundRecord[] | null> {
    for (;;) {
      this.#connection ??= await openFirst(this.#servers);
      const id = this.#connection.send(question);
      const message = await messageOf(this.#connection);
      if (!(message instanceof ConnectionClosed)) {
        const code = codeOfAnswer(message, { id, question });
        this.#hasAnswered = true;
        return code === 'NOERROR' || code === 'NXDOMAIN' ? recordsOf(message, question) : null;
      }
      if (!this.#hasAnswered) throw message;
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#connection?.[Symbol.dispose]();
    this.#connection = null;
    this.#hasAnswered = false;
  }
}

/** @throws DnsFault */
async function messageOf(connection: DnsConnection): Promise<DecodedPacket | ConnectionClosed> {
  try {
    return (await connection.next()) ?? new ConnectionClosed('closes the connection without an answer');
  } catch (error) {
    if (error instanceof ConnectionClosed) return error;
    throw error;
  }
}

/**
 * Returns the records of an answer that are of the type asked for and belong to the name asked for, or to one that it leads to by the CNAME
 * records of the same answer (RFC 1034 §3.6.2). An alias changes where records are kept and not what they are about: a client asks an HTTPS
 * record for the host that it goes on calling by its own name (RFC 9460 §9).
 */
function recordsOf({ answers = [] }: DecodedPacket, { name, type }: DnsQuestion): FoundRecord[] {
  const aliases = new Map<string, string>();
  for (const answer of answers)
    if (answer.type === 'CNAME') aliases.set(plainName(answer.name), plainName(answer.data));
  const owners = new Set<string>();
  for (
    let at: string | undefined = plainName(name);
    at !== undefined && !owners.has(at);
    at = aliases.get(at)
  )
    owners.add(at);
  const isMeant = (answer: Answer) => answer.type === type && owners.has(plainName(answer.name));
  return answers
    .filter(isMeant)
    .map((answer) => ({ owner: `${name}.`, type: typeOf(answer), data: dataWords(answer) }));
}

/** @throws DnsFault */
async function openFirst(servers: readonly string[]): Promise<DnsConnection> {
  let fault = new DnsFault('is not known: this machine has none');
  for (const server of servers) {
    const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|(\d+(?:\.\d+){3}))(?::(\d+))?$/.exec(server) ?? [];
    const address = bracketed ?? plain ?? server;
    if (isIP(address.split('%', 1)[0] ?? '') === 0) continue;
    try {
      return await DnsConnection.open([{ address, port: Number(port ?? 53) }]);
    } catch (error) {
      if (!(error instanceof DnsFault)) throw error;
      fault = error;
    }
  }
  throw fault;
}
