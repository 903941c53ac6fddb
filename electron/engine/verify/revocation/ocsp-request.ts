import { hash } from 'node:crypto';
import type { CertificateDetails } from '../x509/certificate-details.ts';
import { tags } from '../x509/der.ts';

/** Writes an element; nothing here is longer than a serial number and two digests. */
function write(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length > 127) throw new RangeError('An OCSP request is short.');
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

/** AlgorithmIdentifier of SHA-1, which every responder knows (RFC 5019 §2.1.1). */
const sha1 = Buffer.from('300906052b0e03021a0500', 'hex');

/** Returns an OCSPRequest about one certificate (RFC 6960 §4.1, in the form of RFC 5019 §2.1). */
export function ocspRequest(leaf: CertificateDetails, issuer: CertificateDetails): Buffer {
  const id = write(
    tags.sequence,
    sha1,
    write(tags.octetString, hash('sha1', leaf.issuer.raw, 'buffer')),
    write(tags.octetString, hash('sha1', issuer.key.bits, 'buffer')),
    write(tags.integer, leaf.serialNumber.subarray(0, maxSerialBytes)),
  );
  return write(tags.sequence, write(tags.sequence, write(tags.sequence, write(tags.sequence, id))));
}

/** RFC 5280 §4.1.2.2 allows 20 octets. A longer one is cut: no answer will be about it. */
const maxSerialBytes = 24;
