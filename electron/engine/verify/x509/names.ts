import { childrenOf, type DerElement, DerError, expectTag, readOid, tags } from './der.ts';

/** A distinguished name, in the form by which names are compared. */
export interface DistinguishedName {
  /** The DER of the whole Name, by which Firefox compares. */
  raw: Buffer;
  /** One key for each RDN, by which a name is known to lie within another. */
  rdns: readonly string[];
  /** Equal for names that match by RFC 5280 §7.1; empty for an empty name. */
  key: string;
  /** Text of every common name, as written. */
  commonNames: readonly string[];
  /** Text of every emailAddress, which e-mail constraints hold for too (RFC 5280 §4.2.1.10). */
  emailAddresses: readonly string[];
}

const commonName = '2.5.4.3';
const emailAddress = '1.2.840.113549.1.9.1';

/** Reads a Name (RFC 5280 §4.1.2.4). @throws DerError */
export function readName(element: DerElement | undefined, what: string): DistinguishedName {
  const name = expectTag(element, tags.sequence, what);
  const commonNames: string[] = [];
  const emailAddresses: string[] = [];
  const rdns = childrenOf(name).map((rdn) => {
    const attributes = childrenOf(expectTag(rdn, tags.set, what)).map((attribute) => {
      const [type, value, ...more] = childrenOf(expectTag(attribute, tags.sequence, what));
      const oid = readOid(type, what);
      if (!value || more.length > 0) throw new DerError(`${what} has an attribute without one value`);
      if (oid === commonName) commonNames.push(textOf(value) ?? '');
      if (oid === emailAddress) emailAddresses.push(textOf(value) ?? '');
      return `${oid}=${comparable(value)}`;
    });
    if (attributes.length === 0) throw new DerError(`${what} has an empty part`);
    return JSON.stringify(attributes.sort());
  });
  return { raw: name.raw, rdns, key: rdns.join('/'), commonNames, emailAddresses };
}

/** Whether a name lies within the subtree of another: begins with all of its RDNs (RFC 5280 §4.2.1.10). */
export function isWithin(name: DistinguishedName, subtree: DistinguishedName): boolean {
  return subtree.rdns.every((rdn, index) => name.rdns[index] === rdn);
}

/** Text of a string type; null for a type that is compared by its bytes. */
function textOf({ tag, content }: DerElement): string | null {
  switch (tag) {
    case tags.utf8String:
    case tags.printableString:
    case tags.ia5String:
      return content.toString('utf8');
    case tags.bmpString:
      return content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : null;
    case tags.universalString:
      return universalText(content);
    default:
      return null;
  }
}

function universalText(content: Buffer): string | null {
  const points = Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32BE(index * 4));
  const isValid = content.length % 4 === 0 && points.every((point) => point <= 0x10ffff);
  return isValid ? String.fromCodePoint(...points) : null;
}

/**
 * Text as RFC 5280 §7.1 compares it, whatever its string type: without regard to case, blanks at its ends, or how many
 * blanks stand together. Case and blanks beyond ASCII differ, as they do for BoringSSL (pki/verify_name_match.cc,
 * NormalizeDirectoryString) and OpenSSL (crypto/x509/x_name.c, asn1_string_canon).
 */
function comparable(value: DerElement): string {
  const text = textOf(value);
  if (text === null) return `#${value.raw.toString('hex')}`;
  return text
    .replace(/[\t\n\v\f\r ]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
