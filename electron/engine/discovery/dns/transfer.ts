import type { Answer } from 'dns-packet';
import { codeOfAnswer, DnsConnection, isSameName, type ServerAddress } from './dns-connection.ts';
import { DnsFault } from './dns-fault.ts';

/** Records of a zone that are taken. */
const maxRecords = 200_000;

/** What name servers say who refuse a transfer, with what helps. */
const refusals: Readonly<Record<string, string>> = {
  REFUSED: 'refuses the transfer: let this machine transfer the zone (allow-transfer, provide-xfr, acl)',
  NOTAUTH: 'is not authoritative for the zone: name a server that is',
  NXDOMAIN: 'does not have the zone',
};

/**
 * Transfers a zone (AXFR, RFC 5936): over TCP (§4.1), as one answer of many messages that begins and ends with the SOA record of the zone (§2.2). What
 * ends before that is no zone, and nothing of it counts.
 * @param servers the addresses of the name server, of which the first that connects is asked
 * @param onRecord called with each record between the two
 * @throws DnsFault
 */
export async function transferZone(
  servers: readonly ServerAddress[],
  domain: string,
  onRecord: (record: Answer) => void,
): Promise<void> {
  using connection = await DnsConnection.open(servers);
  const question = { name: domain, type: 'AXFR' } as const;
  const asked = { id: connection.send(question), question };
  const zone = new ZoneAnswer(domain, onRecord);
  for (let message = await connection.next(); message !== null; message = await connection.next()) {
    const code = codeOfAnswer(message, asked);
    if (code !== 'NOERROR') throw new DnsFault(refusals[code] ?? `answers with the error ${code}`);
    if (zone.take(message.answers ?? [])) return;
  }
  throw new DnsFault(
    zone.hasBegun
      ? 'ends the zone before it is complete'
      : 'closes the connection without an answer: it may not allow this machine to transfer the zone',
  );
}

/** The records of a zone as they come, between its two SOA records. */
class ZoneAnswer {
  readonly #domain: string;
  readonly #onRecord: (record: Answer) => void;
  #records = 0;

  constructor(domain: string, onRecord: (record: Answer) => void) {
    this.#domain = domain;
    this.#onRecord = onRecord;
  }

  get hasBegun(): boolean {
    return this.#records > 0;
  }

  /** Takes the records of a message. @returns whether the zone is complete @throws DnsFault */
  take(records: readonly Answer[]): boolean {
    for (const record of records) {
      const isSoa = record.type === 'SOA' && isSameName(record.name, this.#domain);
      if (isSoa && this.hasBegun) return true;
      if (!isSoa && !this.hasBegun) throw new DnsFault('begins the zone without its SOA record');
      if (!isSoa) this.#onRecord(record);
      this.#records += 1;
      if (this.#records > maxRecords)
        throw new DnsFault(`sends a zone of more than ${maxRecords.toLocaleString('en')} records`);
    }
    return false;
  }
}
