import {
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  expectTag,
  readDer,
  readInteger,
  readOid,
  readSequence,
  tags,
} from './x509/der.ts';

/** What a stapled OCSP response says of a leaf, read and not verified: dates in milliseconds since the epoch. */
export interface StapleFacts {
  /** When Firefox takes it for over, clocks aside; null where it says nothing of the leaf. */
  endsAt: number | null;
  /** The SCT list in it (RFC 6962 §3.3); null where there is none. */
  sctList: Buffer | null;
}

const nothing: StapleFacts = { endsAt: null, sctList: null };
const basicResponse = '1.3.6.1.5.5.7.48.1.1';
const sctExtension = '1.3.6.1.4.1.11129.2.4.5';
const dayMs = 24 * 3_600_000;
const maxLifetimeDays = 10;
/** The bound of revocation/ocsp-response.ts too: responses are a few kilobytes, and the handshake allows for 16 MB. */
const maxStapleBytes = 16 * 1024;

/**
 * Reads the dates and the SCT list of an OCSP response (RFC 6960 §4.2.1) about the certificate of a serial number. What
 * it proves is another's to say (revocation/ocsp.ts).
 * @returns nothing where it cannot be read
 */
export function readStapleFacts(response: Buffer, serialNumber: Buffer): StapleFacts {
  if (response.length > maxStapleBytes) return nothing;
  try {
    const single = responsesOf(response).find(([certId]) => {
      const serial = childrenOf(expectTag(certId, tags.sequence, 'the certificate’s id'))[3];
      return readInteger(serial, 'the serial number').equals(serialNumber);
    });
    return single ? readSingle(single) : nothing;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return nothing;
  }
}

/** The parts of every SingleResponse. @throws DerError */
function responsesOf(response: Buffer): DerElement[][] {
  const [, bytes] = readSequence(readDer(response), 'the response');
  if (bytes?.tag !== contextTag(0, true)) return [];
  const [type, inner] = readSequence(readDer(bytes.content), 'the response’s bytes');
  if (readOid(type, 'the response’s type') !== basicResponse) return [];
  const [data] = readSequence(
    readDer(expectTag(inner, tags.octetString, 'the basic response').content),
    'the basic response',
  );
  // A version and the responder's id come first, the list is the one plain sequence.
  const list = readSequence(data, 'the response’s data').find(({ tag }) => tag === tags.sequence);
  return readSequence(list, 'the list of responses').map((one) => readSequence(one, 'a response'));
}

/** SingleResponse: certID, certStatus, thisUpdate, [0] nextUpdate, [1] singleExtensions. @throws DerError */
function readSingle(parts: readonly DerElement[]): StapleFacts {
  const optional = parts.slice(3);
  const next = optional.find(({ tag }) => tag === contextTag(0, true));
  const extensions = optional.find(({ tag }) => tag === contextTag(1, true));
  return {
    endsAt: endOf(readTime(parts[2]), next ? readTime(readDer(next.content)) : null),
    sctList: extensions ? readSctExtension(readDer(extensions.content)) : null,
  };
}

/**
 * Firefox takes a leaf's answer for ten days at most, and one that names no end for one (mozpkix pkixocsp.cpp;
 * NSSCertDBTrustDomain.cpp, maxOCSPLifetimeInDays).
 */
function endOf(thisUpdate: number, nextUpdate: number | null): number {
  return nextUpdate === null
    ? thisUpdate + dayMs
    : Math.min(nextUpdate, thisUpdate + maxLifetimeDays * dayMs);
}

function readSctExtension(list: DerElement): Buffer | null {
  for (const extension of readSequence(list, 'the extensions')) {
    const parts = readSequence(extension, 'an extension');
    if (readOid(parts[0], 'an extension') !== sctExtension) continue;
    const value = expectTag(parts.at(-1), tags.octetString, 'an extension').content;
    return expectTag(readDer(value), tags.octetString, 'the SCT list').content;
  }
  return null;
}

/** GeneralizedTime to the second in UTC, as RFC 6960 §4.2.2.1 has it. @throws DerError */
function readTime(element: DerElement | undefined): number {
  const { content } = expectTag(element, tags.generalizedTime, 'a date');
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(content.toString('latin1'));
  if (!parts) throw new DerError('a date is not in its form');
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
