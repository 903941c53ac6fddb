import {
  bitsOf,
  checkBounds,
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  expectTag,
  optionalParts,
  readBits,
  readCount,
  readDer,
  readInteger,
  readOid,
  readSequence,
  tags,
} from './der.ts';
import { type Extension, type ExtensionValues, readExtensions, readExtensionValues } from './extensions.ts';
import { type DistinguishedName, readName } from './names.ts';

interface AlgorithmIdentifier {
  oid: string;
  parameters: DerElement | null;
  raw: Buffer;
}

/** Numbers of the key that decide whether clients take it. */
interface KeyParameters {
  algorithm: AlgorithmIdentifier;
  /** Of an RSA key. */
  rsa: { modulusBits: number; exponentBits: number } | null;
  /** Of a key on a curve: its object identifier, or that its parameters are spelled out. */
  curve: { kind: 'named'; oid: string } | { kind: 'explicit' } | null;
  /** The bits of the key itself, as SubjectPublicKeyInfo holds them. */
  bits: Buffer;
}

/** All that RFC 5280 §4.1 puts in a certificate, with its types kept. */
export interface CertificateDetails extends ExtensionValues {
  version: number;
  serialNumber: Buffer;
  issuer: DistinguishedName;
  subject: DistinguishedName;
  /** The algorithm beside the signature, and the one that the signature covers: they must be equal. */
  signatureAlgorithm: AlgorithmIdentifier;
  signedSignatureAlgorithm: AlgorithmIdentifier;
  /** The bytes that the signature covers. */
  tbs: Buffer;
  signature: Buffer;
  key: KeyParameters;
  /** The whole SubjectPublicKeyInfo. */
  spki: Buffer;
  extensions: readonly Extension[];
  /** Whether a date before 2050 is a GeneralizedTime, which RFC 5280 §4.1.2.5 does not allow and clients read. */
  hasUnusualDates: boolean;
  /** Why clients refuse to read it, though its parts can be read; each as the end of a sentence. */
  faults: readonly string[];
}

const oids = { rsa: '1.2.840.113549.1.1.1', rsaPss: '1.2.840.113549.1.1.10', ec: '1.2.840.10045.2.1' };

/**
 * Reads a certificate (RFC 5280 §4.1), strictly DER as BoringSSL (pki/parse_certificate.cc) and Firefox (mozpkix
 * pkixcert.cpp) read it.
 * @throws DerError where it cannot be read at all
 */
export function readCertificate(der: Buffer): CertificateDetails {
  checkBounds(der);
  const [tbs, algorithm, signature, ...more] = readSequence(readDer(der), 'the certificate');
  if (!tbs || more.length > 0) throw new DerError('the certificate does not have three parts');
  const fields = readSequence(tbs, 'the signed part');
  const faults: string[] = [];
  const [version, rest] = readVersion(fields, faults);
  const [serial, signed, issuer, validity, subject, spki, ...optional] = rest;
  const hasUnusualDates = readDates(validity, faults);
  const extensions = readTail(optional, version, faults);
  const { values, faults: extensionFaults } = readExtensionValues(extensions);
  faults.push(...extensionFaults);
  return {
    version,
    serialNumber: expectTag(serial, tags.integer, 'the serial number').content,
    issuer: readName(issuer, 'the issuer'),
    subject: readName(subject, 'the subject'),
    signatureAlgorithm: readAlgorithm(algorithm, 'the signature algorithm'),
    signedSignatureAlgorithm: readAlgorithm(signed, 'the signature algorithm'),
    tbs: tbs.raw,
    signature: readBits(signature, 'the signature').bytes,
    key: readKey(spki, faults),
    spki: expectTag(spki, tags.sequence, 'the public key').raw,
    extensions,
    hasUnusualDates,
    faults,
    ...values,
  };
}

function readVersion(fields: DerElement[], faults: string[]): [number, DerElement[]] {
  const [first, ...rest] = fields;
  if (first?.tag !== contextTag(0, true)) return [1, fields];
  const version = readCount(readDer(first.content), 'the version') + 1;
  if (version === 1) faults.push('it spells out version 1, which DER leaves out');
  if (version > 3) faults.push(`it is of version ${version}`);
  return [version, rest];
}

/** Reads what follows the key: unique identifiers and extensions. */
function readTail(optional: DerElement[], version: number, faults: string[]): Extension[] {
  const known = [contextTag(1, false), contextTag(2, false), contextTag(3, true)];
  const [issuerId, subjectId, extensions] = optionalParts(optional, known, 'the signed part');
  for (const identifier of [issuerId, subjectId])
    if (identifier) bitsOf(identifier.content, 'a unique identifier');
  if (!extensions) return [];
  if (version < 3) faults.push(`it has extensions, which version ${version} does not allow`);
  return readExtensions(readDer(extensions.content));
}

function readAlgorithm(element: DerElement | undefined, what: string): AlgorithmIdentifier {
  const sequence = expectTag(element, tags.sequence, what);
  const [oid, parameters, ...more] = childrenOf(sequence);
  if (more.length > 0) throw new DerError(`${what} holds something else`);
  return { oid: readOid(oid, what), parameters: parameters ?? null, raw: sequence.raw };
}

function readKey(element: DerElement | undefined, faults: string[]): KeyParameters {
  const [identifier, key, ...more] = readSequence(element, 'the public key');
  if (more.length > 0) throw new DerError('the public key holds something else');
  const algorithm = readAlgorithm(identifier, 'the algorithm of the key');
  const { bytes: bits, unused } = readBits(key, 'the public key');
  if (unused !== 0) faults.push('its public key is cut off within an octet');
  const isRsa = algorithm.oid === oids.rsa || algorithm.oid === oids.rsaPss;
  return {
    algorithm,
    rsa: isRsa ? readRsaKey(bits, faults) : null,
    curve: algorithm.oid === oids.ec ? readCurve(algorithm, faults) : null,
    bits,
  };
}

function readRsaKey(bits: Buffer, faults: string[]): KeyParameters['rsa'] {
  try {
    const [modulus, exponent] = readSequence(readDer(bits), 'the RSA key');
    return {
      modulusBits: bitLength(readInteger(modulus, 'the modulus')),
      exponentBits: bitLength(readInteger(exponent, 'the exponent')),
    };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    faults.push(error.message);
    return null;
  }
}

function readCurve({ parameters }: AlgorithmIdentifier, faults: string[]): KeyParameters['curve'] {
  if (parameters?.tag === tags.oid) return { kind: 'named', oid: readOid(parameters, 'the curve') };
  if (parameters?.tag === tags.sequence) return { kind: 'explicit' };
  faults.push('its key does not say on which curve it is');
  return null;
}

/** Dates have one form each (RFC 5280 §4.1.2.5): to the second, in UTC. What they say is node:crypto's to read. */
function readDates(element: DerElement | undefined, faults: string[]): boolean {
  const dates = readSequence(element, 'the validity');
  const forms: Record<number, RegExp> = { [tags.utcTime]: /^\d{12}Z$/, [tags.generalizedTime]: /^\d{14}Z$/ };
  const hasForm = dates.every(({ tag, content }) => forms[tag]?.test(content.toString('latin1')));
  if (dates.length !== 2 || !hasForm) faults.push('its dates are not in the form that certificates use');
  return dates.some(
    ({ tag, content }) => tag === tags.generalizedTime && content.toString('latin1') < '2050',
  );
}

/** Number of bits of a positive integer's octets. */
function bitLength(octets: Buffer): number {
  const start = octets.findIndex((octet) => octet !== 0);
  if (start < 0) return 0;
  return (octets.length - start) * 8 - Math.clz32((octets[start] ?? 0) << 24);
}
