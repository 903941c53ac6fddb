import {
  childrenOf,
  contextTag,
  type DerElement,
  expectTag,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../../../../verify/x509/der.ts';
import { toDer } from '../ber.ts';
import { type HeldCertificate, maxCertificates } from '../held.ts';
import { contentOf } from './algorithms.ts';

/** Kinds of bags (RFC 7292 §4.2). */
const bagIds = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  nested: '1.2.840.113549.1.12.10.1.6',
} as const;
const x509Certificate = '1.2.840.113549.1.9.22.1';
const friendlyName = '1.2.840.113549.1.9.20';
const localKeyId = '1.2.840.113549.1.9.21';
const maxNesting = 8;

interface Bag {
  /** Null for a key, whose content is not parsed. */
  der: Buffer | null;
  alias: string | null;
  keyId: string | null;
}

/** Reads the certificates and key markers of SafeContents (RFC 7292 §4.2). @throws DerError */
function readBags(contents: DerElement, depth = 0): Bag[] {
  return readSequence(contents, 'the safe contents').flatMap((element) => {
    const [id, value, attributes] = readSequence(element, 'a bag');
    const kind = readOid(id, 'the kind of a bag');
    const named = { alias: aliasOf(attributes), keyId: keyIdOf(attributes) };
    if (kind === bagIds.key || kind === bagIds.shroudedKey) return [{ der: null, ...named }];
    if (kind === bagIds.nested && depth < maxNesting)
      return readBags(contentOf(value, contextTag(0, true), 'a bag'), depth + 1);
    if (kind !== bagIds.certificate) return [];
    const [type, holder] = readSequence(contentOf(value, contextTag(0, true), 'a bag'), 'a certificate');
    if (readOid(type, 'the kind of certificate') !== x509Certificate) return [];
    const octets = contentOf(holder, contextTag(0, true), 'a certificate');
    return [{ der: expectTag(octets, tags.octetString, 'a certificate').content, ...named }];
  });
}

/** Joins the bags of all parts: which certificates have their key there, by the id that both carry. */
export function certificatesOf(bags: readonly Bag[]): HeldCertificate[] {
  const keys = bags.filter(({ der }) => der === null);
  const keyIds = new Set(keys.map(({ keyId }) => keyId));
  const certificates = bags.filter(({ der }) => der !== null);
  return certificates.slice(0, maxCertificates).flatMap(({ der, alias, keyId }) => {
    const hasKey = keyId === null ? keys.length > 0 && certificates.length === 1 : keyIds.has(keyId);
    return der ? [{ der, alias, place: null, hasKey, chain: [] }] : [];
  });
}

function attributeOf(attributes: DerElement | undefined, wanted: string): DerElement | null {
  if (attributes?.tag !== tags.set) return null;
  for (const attribute of childrenOf(attributes)) {
    const [id, values] = readSequence(attribute, 'an attribute');
    if (readOid(id, 'an attribute') === wanted)
      return childrenOf(expectTag(values, tags.set, 'an attribute'))[0] ?? null;
  }
  return null;
}

function aliasOf(attributes: DerElement | undefined): string | null {
  const value = attributeOf(attributes, friendlyName);
  if (value?.tag !== tags.bmpString || value.content.length % 2 !== 0) return null;
  return Buffer.from(value.content).swap16().toString('utf16le');
}

function keyIdOf(attributes: DerElement | undefined): string | null {
  return attributeOf(attributes, localKeyId)?.content.toString('hex') ?? null;
}

/** Reads SafeContents out of the octets of a part. @throws DerError */
export function readSafe(octets: Buffer): Bag[] {
  return readBags(readDer(toDer(octets)));
}
