import { sign } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, type Extension, Extensions } from '@peculiar/asn1-x509';
import type { Issued } from './pki.ts';

const dayMs = 86_400_000;
/** AlgorithmIdentifier of ecdsa-with-SHA256 (RFC 5758 §3.2). */
const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex');

/** Writes an element of DER. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const size = contents.reduce((sum, content) => sum + content.length, 0);
  const octets = size.toString(16).padStart(size > 0xff_ff ? 8 : 4, '0');
  const length = size < 0x80 ? [size] : [0x80 | (octets.length / 2), ...Buffer.from(octets, 'hex')];
  return Buffer.concat([Buffer.from([tag, ...shortest(length)]), ...contents]);
}

function shortest([first = 0, ...octets]: readonly number[]): number[] {
  const start = octets.findIndex((octet) => octet !== 0);
  return first < 0x80 ? [first] : [0x80 | (octets.length - start), ...octets.slice(start)];
}

function generalizedTime(ms: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}

export interface ListOptions {
  /** Entries before those that are revoked. */
  fillers?: number;
  nextUpdateDays?: number | null;
  thisUpdateDays?: number;
  /** Who signs; the issuer unless given. */
  signer?: Issued;
  extensions?: readonly Extension[];
  /** CRLReason of every entry. */
  reason?: number;
}

/** A revocation list (RFC 5280 §5.1) in DER, signed by an EC key, of any length. */
export function revocationList(
  issuer: Issued,
  revoked: readonly Issued[],
  {
    fillers = 0,
    nextUpdateDays = 6,
    thisUpdateDays = -1,
    signer = issuer,
    extensions = [],
    reason,
  }: ListOptions = {},
): Buffer {
  const at = (days: number) => generalizedTime(Date.now() + days * dayMs);
  const revokedAt = at(-3);
  const code = reason === undefined ? [] : [entryReason(reason)];
  const entry = (serial: Buffer) => der(0x30, der(0x02, serial), revokedAt, ...code);
  const serials = Array.from({ length: fillers }, (_, index) => {
    const serial = Buffer.alloc(16, 0x11);
    serial.writeUInt32BE(index, 12);
    return serial;
  });
  const own = revoked.map((one) =>
    Buffer.from(AsnConvert.parse(one.der, Certificate).tbsCertificate.serialNumber),
  );
  const entries = [...serials, ...own].map(entry);
  const all =
    extensions.length === 0 ? [] : [Buffer.from(AsnConvert.serialize(new Extensions([...extensions])))];
  const tbs = der(
    0x30,
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    Buffer.from(AsnConvert.serialize(issuer.subject)),
    at(thisUpdateDays),
    ...(nextUpdateDays === null ? [] : [at(nextUpdateDays)]),
    ...(entries.length === 0 ? [] : [der(0x30, Buffer.concat(entries))]),
    ...all.map((one) => der(0xa0, one)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, signer.privateKey));
  return der(0x30, tbs, ecdsaWithSha256, signature);
}

/** CRLReason as an entry's extension (RFC 5280 §5.3.1). */
function entryReason(code: number): Buffer {
  return der(
    0x30,
    der(0x30, der(0x06, Buffer.from('551d15', 'hex')), der(0x04, der(0x0a, Buffer.from([code])))),
  );
}

export function listPem(list: Buffer): string {
  const lines = list.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}
