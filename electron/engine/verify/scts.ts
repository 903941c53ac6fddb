import type { Sct } from '../../../shared/schema/transparency.ts';
import { WireError, WireReader } from '../probe/tls-reader/index.ts';

/** Timestamps of this version are read, others are passed over (RFC 6962 §3.2: v1 is 0). */
const version1 = 0;
/** Certificates have two to five; the list's own length allows for about 500. */
const maxScts = 100;

/**
 * Reads a SignedCertificateTimestampList (RFC 6962 §3.3): a list of opaque timestamps, each length before content.
 * @returns those that could be read; none where the list is malformed, as clients take it
 */
export function readSctList(bytes: Buffer, source: Sct['source']): Sct[] {
  try {
    const outer = new WireReader(bytes);
    const list = new WireReader(outer.vector(2));
    outer.end();
    const scts: Sct[] = [];
    while (list.left > 0 && scts.length < maxScts) {
      const sct = readSct(list.vector(2), source);
      if (sct) scts.push(sct);
    }
    return scts;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [];
  }
}

/** RFC 6962 §3.2: version, log id, timestamp in milliseconds, extensions, signature. @throws WireError */
function readSct(bytes: Buffer, source: Sct['source']): Sct | null {
  const reader = new WireReader(bytes);
  if (reader.uint8() !== version1) return null;
  const logId = reader.take(32).toString('base64');
  const ms = Number(reader.take(8).readBigUInt64BE());
  reader.vector(2); // extensions
  reader.uint16(); // hash and signature algorithm
  reader.vector(2); // signature
  reader.end();
  const timestamp = new Date(ms);
  if (Number.isNaN(timestamp.getTime()))
    throw new WireError('A timestamp lies beyond what dates can express.');
  return { logId, timestamp: timestamp.toISOString(), source };
}
