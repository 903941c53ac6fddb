import { childrenOf, type DerElement, DerError, oidOf, readDer, tags } from '../../../verify/x509/der.ts';
import { saidLength, toDer } from './ber.ts';
import { signedData } from './pkcs7.ts';

/** What bytes in DER are, by the shape of their outermost elements. Nothing deeper is parsed, so that no key is read. */
export type DerKind =
  | 'certificate'
  | 'pkcs7'
  | 'pkcs12'
  | 'pki-path'
  | 'bcfks'
  | 'request'
  | 'crl'
  | 'private-key'
  | 'encrypted-key'
  | 'public-key'
  | 'parameters'
  | 'other';

/** What a thing that is no certificate is called, as the end of `/etc/x is …`. */
export const kindWords: Readonly<
  Record<Exclude<DerKind, 'certificate' | 'pkcs7' | 'pkcs12' | 'pki-path'>, string>
> = {
  bcfks: 'a BCFKS keystore, which is encrypted as a whole. Convert it by keytool -importkeystore',
  request: 'a certificate request, not a certificate',
  crl: 'a revocation list, not a certificate',
  'private-key': 'a private key, not a certificate',
  'encrypted-key': 'an encrypted private key, not a certificate',
  'public-key': 'a public key, not a certificate',
  parameters: 'key parameters, not a certificate',
  other: 'a file in DER that holds no certificate',
};

/** Labels of PEM blocks (RFC 7468, and OpenSSL's crypto/pem.h) that are no certificates, as the end of `/etc/x is …`. */
const labelWords: ReadonlyMap<string, string> = new Map([
  ['PRIVATE KEY', kindWords['private-key']],
  ['RSA PRIVATE KEY', kindWords['private-key']],
  ['EC PRIVATE KEY', kindWords['private-key']],
  ['DSA PRIVATE KEY', kindWords['private-key']],
  ['ENCRYPTED PRIVATE KEY', kindWords['encrypted-key']],
  ['OPENSSH PRIVATE KEY', 'an SSH private key, not a certificate'],
  ['PGP PRIVATE KEY BLOCK', 'a PGP key, not a certificate'],
  ['PGP PUBLIC KEY BLOCK', 'a PGP key, not a certificate'],
  ['PGP MESSAGE', 'a PGP message, not a certificate'],
  ['CERTIFICATE REQUEST', kindWords.request],
  ['NEW CERTIFICATE REQUEST', kindWords.request],
  ['X509 CRL', kindWords.crl],
  ['PUBLIC KEY', kindWords['public-key']],
  ['RSA PUBLIC KEY', kindWords['public-key']],
  ['SSH2 PUBLIC KEY', 'an SSH public key, not a certificate'],
  ['DH PARAMETERS', kindWords.parameters],
  ['EC PARAMETERS', kindWords.parameters],
  ['ATTRIBUTE CERTIFICATE', 'an attribute certificate, which names no key'],
]);

/** Returns what a PEM block is by its label; null where it may hold certificates. */
export function labelIs(label: string): string | null {
  if (label.includes('CERTIFICATE') && !label.includes('REQUEST') && !label.startsWith('ATTRIBUTE'))
    return null;
  if (label === 'PKCS7' || label === 'CMS' || label === 'PKCS #7 SIGNED DATA') return null;
  return labelWords.get(label) ?? `a PEM file of the kind “${label.slice(0, 40)}”, not a certificate`;
}

/** Returns what DER or BER is; null where it is neither. */
export function derKind(bytes: Buffer): DerKind | null {
  if (bytes[0] !== tags.sequence) return null;
  const parts = partsOf(bytes.subarray(0, saidLength(bytes) ?? bytes.length)) ?? partsOf(bytes, toDer);
  return parts === null || parts.length === 0 ? null : kindOf(parts);
}

/** The elements of the outermost sequence, of which in DER nothing deeper is read; null where it is broken. */
function partsOf(bytes: Buffer, rewrite = (ber: Buffer) => ber): DerElement[] | null {
  try {
    return childrenOf(readDer(rewrite(bytes)));
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The elements within one; none where it is broken. */
const within = (element: DerElement) => partsOf(element.raw) ?? [];

function kindOf(parts: readonly DerElement[]): DerKind {
  const [first, second] = parts;
  if (first?.tag === tags.oid) return oid(first) === signedData ? 'pkcs7' : 'other';
  if (first?.tag === tags.integer) return kindOfNumbered(parts);
  if (first?.tag !== tags.sequence) return 'other';
  if (hasShape(parts, [tags.sequence, tags.bitString])) return 'public-key';
  if (hasShape(parts, [tags.sequence, tags.octetString]))
    return isEncryption(first) ? 'encrypted-key' : 'bcfks';
  if (hasShape(parts, [tags.sequence, tags.sequence, tags.bitString])) return kindOfSigned(first);
  if (parts.every((part) => isSigned(part))) return 'pki-path';
  const isKeystore = second?.tag === tags.sequence && isBcfks(first);
  return isKeystore ? 'bcfks' : 'other';
}

/** Whether elements have these tags, one for one. */
function hasShape(parts: readonly DerElement[], shape: readonly number[]): boolean {
  return parts.length === shape.length && parts.every(({ tag }, index) => tag === shape[index]);
}

/** A version, or the first number of a key or of parameters, comes first. */
function kindOfNumbered([first, second, third]: readonly DerElement[]): DerKind {
  const version = first?.content[0] ?? 0;
  if (version === 3 && second?.tag === tags.sequence && isContentInfo(second)) return 'pkcs12';
  if (second?.tag === tags.sequence && third?.tag === tags.octetString) return 'private-key';
  if (second?.tag === tags.octetString && version === 1) return 'private-key';
  if (second?.tag === tags.integer && third?.tag === tags.integer && version === 0) return 'private-key';
  return second?.tag === tags.integer ? 'parameters' : 'other';
}

/** A signed thing: a certificate, a request (RFC 2986) or a revocation list, by what is signed. */
function kindOfSigned(signed: DerElement): DerKind {
  const parts = within(signed);
  if (parts.length === 0 || parts[0]?.tag === 0xa0) return 'certificate';
  const isTime = (part: DerElement | undefined) =>
    part?.tag === tags.utcTime || part?.tag === tags.generalizedTime;
  const afterVersion = parts.slice(1);
  const list = parts[0]?.tag === tags.integer ? afterVersion : parts;
  if (isTime(list[2])) return 'crl';
  const [name, key] = afterVersion;
  const isRequest =
    parts[0]?.tag === tags.integer &&
    parts[0].content.equals(Buffer.from([0])) &&
    name?.tag === tags.sequence &&
    key?.tag === tags.sequence &&
    within(key)[1]?.tag === tags.bitString;
  return isRequest ? 'request' : 'certificate';
}

function isSigned(part: DerElement): boolean {
  if (part.tag !== tags.sequence) return false;
  const [first, second, third] = within(part);
  return first?.tag === tags.sequence && second?.tag === tags.sequence && third?.tag === tags.bitString;
}

function isContentInfo(part: DerElement): boolean {
  const [type, content] = within(part);
  return type?.tag === tags.oid && content?.tag === 0xa0;
}

/** PKCS#5 and PKCS#12 encryption, by the beginnings of their identifiers. */
function isEncryption(algorithm: DerElement): boolean {
  const [name] = within(algorithm);
  const text = name?.tag === tags.oid ? oid(name) : '';
  return text.startsWith('1.2.840.113549.1.5.') || text.startsWith('1.2.840.113549.1.12.1.');
}

function isBcfks(store: DerElement): boolean {
  const [algorithm, encrypted] = within(store);
  return algorithm?.tag === tags.sequence && encrypted?.tag === tags.octetString && isEncryption(algorithm);
}

/** Returns an identifier in dotted form; empty where it is broken: what it names is then nothing that is known. */
function oid(element: DerElement): string {
  try {
    return oidOf(element.content, 'an identifier');
  } catch (error) {
    if (error instanceof DerError) return '';
    throw error;
  }
}
