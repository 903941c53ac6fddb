import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AccessDescription,
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ad_ocsp,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  id_pe_authorityInfoAccess,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** Keys by their short names. RSA keys are slow to make, so each kind is made once for a whole run. */
export type KeyKind =
  | 'p256'
  | 'p384'
  | 'p521'
  | 'secp256k1'
  | 'secp192r1'
  | 'brainpool256'
  | 'rsa1024'
  | 'rsa2048'
  | 'rsa3072'
  | 'rsa4096'
  | 'rsa8192'
  | 'ed25519'
  | 'mldsa65'
  | 'dsa2048';

const curves: Partial<Record<KeyKind, string>> = {
  p256: 'prime256v1',
  p384: 'secp384r1',
  p521: 'secp521r1',
  secp256k1: 'secp256k1',
  secp192r1: 'prime192v1',
  brainpool256: 'brainpoolP256r1',
};

export function makeKey(kind: KeyKind): KeyObject {
  const namedCurve = curves[kind];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === 'mldsa65') return generateKeyPairSync('ml-dsa-65').privateKey;
  if (kind === 'dsa2048')
    return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(3)) }).privateKey;
}

const sharedKeys = new Map<KeyKind, KeyObject>();
function sharedKey(kind: KeyKind): KeyObject {
  let key = sharedKeys.get(kind);
  if (!key) {
    key = makeKey(kind);
    sharedKeys.set(kind, key);
  }
  return key;
}

type SignatureHash = 'sha256' | 'sha384' | 'sha1' | 'md5';

export interface CertificateOptions {
  /** Common name; null leaves the subject empty. */
  name?: string | null;
  /** DNS names and IP addresses; left out: the common name; empty: no extension. */
  sans?: string[];
  key?: KeyKind;
  /** A key of one's own in place of the kind's shared one. */
  privateKey?: KeyObject;
  isCa?: boolean;
  /** Days from now; negative is the past. */
  notBeforeDays?: number;
  notAfterDays?: number;
  hash?: SignatureHash;
  /** Extended key usages by object identifier; a leaf's is serverAuth. */
  usages?: string[];
  /** Leaves the key usage out, so that basic constraints alone say whether it may issue. */
  hasKeyUsage?: boolean;
  serial?: Buffer;
  /** Where the issuer answers by OCSP, and where its revocation list lies. */
  ocspUrl?: string;
  crlUrl?: string;
  /** Further extensions in DER, for what has no option; one takes the place of its kind. */
  extensions?: Extension[];
  /** Extensions that are left out, by object identifier. */
  omit?: string[];
  /** CAs that may follow below (RFC 5280 §4.2.1.9). */
  pathLength?: number;
  /** Key usage in place of the usual one. */
  keyUsage?: number;
  /** Whole subject in place of a common name. */
  subject?: Name;
  /** Moment from which days are counted. */
  now?: number;
}

/** A certificate with its key and the means to issue others. */
export interface Issued {
  name: string;
  der: Buffer;
  pem: string;
  key: string;
  privateKey: KeyObject;
  subject: Name;
  keyId: Buffer;
  issue(options?: CertificateOptions): Issued;
  /** Another certificate for the same name and key, by another issuer: a cross-sign. */
  crossSign(issuer: Issued, options?: CertificateOptions): Issued;
}

/** A self-signed CA. */
export function makeCa(name = 'Matrix Root', options: CertificateOptions = {}): Issued {
  return make({ name, isCa: true, sans: [], notAfterDays: 3650, ...options }, null);
}

/** A self-signed leaf. */
export function makeSelfSigned(options: CertificateOptions = {}): Issued {
  return make({ name: 'localhost', ...options }, null);
}

const dayMs = 86_400_000;

const signatureOids: Record<string, string> = {
  'rsa-md5': '1.2.840.113549.1.1.4',
  'rsa-sha1': '1.2.840.113549.1.1.5',
  'rsa-sha256': '1.2.840.113549.1.1.11',
  'rsa-sha384': '1.2.840.113549.1.1.12',
  'ec-sha1': '1.2.840.10045.4.1',
  'ec-sha256': '1.2.840.10045.4.3.2',
  'ec-sha384': '1.2.840.10045.4.3.3',
  'dsa-sha256': '2.16.840.1.101.3.4.3.2',
  'ed25519-': '1.3.101.112',
  'ml-dsa-65-': '2.16.840.1.101.3.4.3.18',
};

interface Signer {
  subject: Name;
  privateKey: KeyObject;
  keyId: Buffer;
}

function make(options: CertificateOptions, issuer: Signer | null): Issued {
  const { name = 'localhost', key: kind = 'p256', isCa = false, hash = 'sha256', now = Date.now() } = options;
  const privateKey = options.privateKey ?? (isCa ? makeKey(kind) : sharedKey(kind));
  const subject = options.subject ?? nameOf(name);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  const self: Signer = { subject, privateKey, keyId };
  const signer = issuer ?? self;
  const algorithm = signatureAlgorithm(signer.privateKey, hash);
  const at = (days: number) => new Time(new Date(Math.floor((now + days * dayMs) / 1000) * 1000));
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: toArrayBuffer(options.serial ?? Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    signature: algorithm,
    issuer: signer.subject,
    validity: new Validity({
      notBefore: at(options.notBeforeDays ?? -1).getTime(),
      notAfter: at(options.notAfterDays ?? 90).getTime(),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(chosenExtensions(options, extensionsOf(options, self, issuer))),
  });
  const tbsDer = Buffer.from(AsnConvert.serialize(tbs));
  const digest = hashesByItself(signer.privateKey) ? null : hash;
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm,
    signatureValue: toArrayBuffer(sign(digest, tbsDer, signer.privateKey)),
  });
  const der = Buffer.from(AsnConvert.serialize(certificate));
  return {
    name: name ?? '',
    der,
    pem: toPem(der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
    subject,
    keyId,
    issue: (child = {}) => make(child, self),
    crossSign: (other, more = {}) => make({ ...options, ...more, privateKey }, other),
  };
}

function toPem(der: Buffer): string {
  const body =
    der
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

/** EdDSA and ML-DSA take the message as it is (RFC 8032, FIPS 204). */
function hashesByItself({ asymmetricKeyType }: KeyObject): boolean {
  return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ml-dsa-65';
}

function signatureAlgorithm(key: KeyObject, hash: SignatureHash): AlgorithmIdentifier {
  const type = key.asymmetricKeyType ?? '';
  const oid = signatureOids[`${type}-${hashesByItself(key) ? '' : hash}`];
  if (oid === undefined) throw new Error(`No signature algorithm for ${type} with ${hash}`);
  return new AlgorithmIdentifier({
    algorithm: oid,
    ...(type === 'rsa' ? { parameters: new Uint8Array([5, 0]).buffer } : {}),
  });
}

/** A name of one common name; null: empty. */
export function nameOf(commonName: string | null): Name {
  if (commonName === null) return new Name([]);
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })])]);
}

function chosenExtensions(
  { extensions = [], omit = [] }: CertificateOptions,
  usual: Extension[],
): Extension[] {
  const replaced = new Set([...omit, ...extensions.map(({ extnID }) => extnID)]);
  return [...usual.filter(({ extnID }) => !replaced.has(extnID)), ...extensions];
}

/** An extension by its value, a schema of asn1-x509's. */
export function extension(id: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function extensionsOf(options: CertificateOptions, self: Signer, issuer: Signer | null): Extension[] {
  const { isCa = false, name = 'localhost' } = options;
  const sans = options.sans ?? (name === null ? [] : [name]);
  const usualUsage = isCa
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;
  const all = [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: isCa, ...pathLengthOf(options) }), true),
    ...(options.hasKeyUsage === false
      ? []
      : [extension(id_ce_keyUsage, new KeyUsage(options.keyUsage ?? usualUsage), true)]),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(toArrayBuffer(self.keyId))),
  ];
  if (issuer) {
    const keyIdentifier = new KeyIdentifier(toArrayBuffer(issuer.keyId));
    all.push(extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier })));
  }
  if (!isCa)
    all.push(extension(id_ce_extKeyUsage, new ExtendedKeyUsage(options.usages ?? [id_kp_serverAuth])));
  if (sans.length > 0)
    // Where no subject names anything, the alternative names are critical (RFC 5280 §4.1.2.6).
    all.push(
      extension(id_ce_subjectAltName, new SubjectAlternativeName(sans.map(generalName)), name === null),
    );
  if (options.ocspUrl !== undefined)
    all.push(extension(id_pe_authorityInfoAccess, ocspAccess(options.ocspUrl)));
  if (options.crlUrl !== undefined)
    all.push(extension(id_ce_cRLDistributionPoints, crlPoint(options.crlUrl)));
  return all;
}

function pathLengthOf({ pathLength }: CertificateOptions): { pathLenConstraint?: number } {
  return pathLength === undefined ? {} : { pathLenConstraint: pathLength };
}

function ocspAccess(uniformResourceIdentifier: string): AuthorityInfoAccessSyntax {
  const accessLocation = new GeneralName({ uniformResourceIdentifier });
  return new AuthorityInfoAccessSyntax([new AccessDescription({ accessMethod: id_ad_ocsp, accessLocation })]);
}

function crlPoint(uniformResourceIdentifier: string): CRLDistributionPoints {
  const fullName = [new GeneralName({ uniformResourceIdentifier })];
  const distributionPoint = new DistributionPointName({ fullName });
  return new CRLDistributionPoints([new DistributionPoint({ distributionPoint })]);
}

function generalName(san: string): GeneralName {
  const isAddress = /^[\d.]+$/.test(san) || san.includes(':');
  return new GeneralName(isAddress ? { iPAddress: san } : { dNSName: san });
}

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
