import { hash, type KeyObject, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { Certificate, CertificateFacts } from '../../../shared/schema/certificate.ts';
import { printable } from '../printable.ts';
import { extensionFacts } from './extension-facts.ts';
import { readOddKey } from './odd-signature.ts';
import { isSignedBy } from './signature-check.ts';
import { signatureName } from './signature-name.ts';
import { type CertificateDetails, readCertificate } from './x509/certificate-details.ts';
import { DerError } from './x509/der.ts';

/** What a certificate's dates can express (RFC 5280 §4.1.2.5): GeneralizedTime has four digits for the year. */
const firstDate = Date.parse('0000-01-01T00:00:00Z');
const lastDate = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * One certificate. What is costly to read is read when first asked for: of 300 trusted roots a check looks
 * closely at one. node:crypto reads dates, key and signature; everything that paths are judged by comes from `details`.
 *
 * Never calls `toLegacyObject`: on Node 24 it ends the process for keys on curves other than NIST's.
 */
export class ParsedCertificate {
  readonly x509: X509Certificate;
  readonly fingerprint256: string;
  readonly notBefore: number;
  readonly notAfter: number;
  #details: CertificateDetails | DerError | undefined;
  #facts: CertificateFacts | undefined;
  #publicKey: KeyObject | null | undefined;

  /** @throws what node:crypto throws where the DER or PEM holds no certificate, RangeError where it has no dates */
  constructor(source: Buffer | string) {
    this.x509 = new X509Certificate(source);
    this.fingerprint256 = this.x509.fingerprint256;
    this.notBefore = this.x509.validFromDate.getTime();
    this.notAfter = this.x509.validToDate.getTime();
    // Also false for a date that could not be read.
    // For a time that OpenSSL cannot read (ASN1_TIME_print says so), Node gives a date from memory that was never set.
    const isRead = [this.x509.validFrom, this.x509.validTo].every((text) => !text.startsWith('Bad time'));
    const hasDates =
      isRead && [this.notBefore, this.notAfter].every((time) => time >= firstDate && time <= lastDate);
    if (!hasDates) throw new RangeError('The certificate’s dates cannot be read.');
  }

  get der(): Buffer {
    return this.x509.raw;
  }

  /** Everything that it says, with types kept; null where its DER is broken. */
  get details(): CertificateDetails | null {
    const read = this.#read();
    return read instanceof DerError ? null : read;
  }

  /** Why clients cannot read it, each as the end of a sentence; empty where they can. */
  get readingFaults(): readonly string[] {
    const read = this.#read();
    return read instanceof DerError ? [read.message] : read.faults;
  }

  /** Names in the form by which they are compared (RFC 5280 §7.1): an empty name is ''. */
  get subjectKey(): string {
    return this.details?.subject.key ?? '';
  }

  get issuerKey(): string {
    return this.details?.issuer.key ?? '';
  }

  /** Null where the runtime's library cannot read the key. */
  get publicKey(): KeyObject | null {
    if (this.#publicKey === undefined) {
      try {
        this.#publicKey = this.x509.publicKey;
      } catch {
        // BoringSSL refuses keys on curves that it does not implement; the certificate is read all the same.
        this.#publicKey = null;
      }
    }
    return this.#publicKey;
  }

  get isSelfIssued(): boolean {
    return this.subjectKey === this.issuerKey;
  }

  get isSelfSigned(): boolean {
    return this.facts.selfSigned;
  }

  get facts(): CertificateFacts {
    this.#facts ??= this.#readFacts();
    return this.#facts;
  }

  #read(): CertificateDetails | DerError {
    if (this.#details === undefined) {
      try {
        this.#details = readCertificate(this.der);
      } catch (error) {
        if (!(error instanceof DerError)) throw error;
        this.#details = error; // node:crypto is more lenient than clients; what it gives is still shown.
      }
    }
    return this.#details;
  }

  #readFacts(): CertificateFacts {
    const { x509 } = this;
    return {
      subject: readName(x509.subject),
      issuer: readName(x509.issuer),
      sans: readSans(x509.subjectAltName),
      serialNumber: x509.serialNumber.toUpperCase(),
      fingerprint256: this.fingerprint256,
      validFrom: new Date(this.notBefore).toISOString(),
      validTo: new Date(this.notAfter).toISOString(),
      key: readKey(this.publicKey, this.details),
      signatureAlgorithm: this.#signatureName(),
      extendedKeyUsage: x509.keyUsage?.map((oid) => usageNames[oid] ?? oid) ?? null,
      extensions: this.details && extensionFacts(this.details),
      selfSigned: this.isSelfIssued && isSignedBy(this, this),
    };
  }

  #signatureName(): string {
    const { details } = this;
    return signatureName(
      details ? AsnConvert.parse(details.signatureAlgorithm.raw, AlgorithmIdentifier) : undefined,
    );
  }
}

/** Purposes of an extended key usage that have a name (RFC 5280 §4.2.1.12). */
const usageNames: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

/** node:crypto prints a name as one `KEY=value` a line; an empty name is undefined. */
function readName(name: string | undefined): string {
  return (name ?? '')
    .split('\n')
    .map((part) => printable(part))
    .join(', ');
}

/**
 * DNS names and addresses out of node:crypto's list, `DNS:a.example, IP Address:192.0.2.7`. A value that could be
 * mistaken for more than one stands there as a JSON string.
 */
function readSans(list: string | undefined): string[] {
  const entries = (list ?? '').matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...entries].flatMap(([, kind, value = '']) => {
    if (kind !== 'DNS' && kind !== 'IP Address') return [];
    // SAFETY: what begins with a quote is a JSON string, as Node writes it.
    return [printable(value.startsWith('"') ? (JSON.parse(value) as string) : value)];
  });
}

function readKey(key: KeyObject | null, details: CertificateDetails | null): Certificate['key'] {
  const type = key?.asymmetricKeyType;
  if (!key || type === undefined) {
    const odd = details && readOddKey(details.key);
    const fingerprint256 = keyFingerprint(key) ?? (odd && details && hash('sha256', details.spki, 'base64'));
    return { ...(odd ?? { type: 'unknown', bits: null, curve: null }), fingerprint256 };
  }
  const curve = key.asymmetricKeyDetails?.namedCurve ?? null;
  // Every named curve of the field carries its size in its name: prime256v1, secp384r1, brainpoolP512r1.
  const curveBits = curve === null ? undefined : /\d{3}/.exec(curve)?.[0];
  // SAFETY: an index by any text; undefined for others.
  const edwardsBits = { ed25519: 256, ed448: 456 }[type as string];
  const bits =
    key.asymmetricKeyDetails?.modulusLength ?? (curveBits === undefined ? edwardsBits : Number(curveBits));
  return { type, bits: bits ?? null, curve, fingerprint256: keyFingerprint(key) };
}

/** SHA-256 of the SubjectPublicKeyInfo, by which pins name a key too (RFC 7469 §2.4). */
function keyFingerprint(key: KeyObject | null): string | null {
  try {
    return key && hash('sha256', key.export({ type: 'spki', format: 'der' }), 'base64');
  } catch {
    return null; // A key that the library cannot write out again has no name here.
  }
}

/** Returns why a certificate cannot be read, as the end of a sentence: its dates, the first fault of its DER, or no more than that. */
export function whyUnreadable(der: Buffer | undefined): string {
  try {
    if (der) new ParsedCertificate(der);
  } catch (error) {
    if (error instanceof RangeError) return 'its dates are not in the form that certificates use';
  }
  try {
    return (der && readCertificate(der).faults[0]) ?? 'it is broken';
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return error.message;
  }
}

/** Certificates by their bytes' digest: a monitor meets the same ones at every check. */
export class CertificateCache {
  readonly #limit: number;
  readonly #byDigest = new Map<string, ParsedCertificate>();

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  /** The certificate, read once while it stays among the most recent. @throws as ParsedCertificate does */
  read(der: Buffer): ParsedCertificate {
    const key = hash('sha256', der, 'base64');
    const known = this.#byDigest.get(key);
    if (known) {
      this.#byDigest.delete(key);
      this.#byDigest.set(key, known);
      return known;
    }
    const certificate = new ParsedCertificate(der);
    this.#byDigest.set(key, certificate);
    if (this.#byDigest.size > this.#limit) {
      const [oldest] = this.#byDigest.keys();
      if (oldest !== undefined) this.#byDigest.delete(oldest);
    }
    return certificate;
  }
}
