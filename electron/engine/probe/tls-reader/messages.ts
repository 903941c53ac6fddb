import { hash } from 'node:crypto';
import { WireError, WireReader } from './wire.ts';

/** Handshake types: RFC 8446 §4, RFC 5246 §7.4, RFC 6066 §8, RFC 8879 §4. */
export const handshakeType = {
  helloRequest: 0,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  certificateStatus: 22,
  compressedCertificate: 25,
} as const;

const extensionType = {
  statusRequest: 5,
  signedCertificateTimestamp: 18,
  supportedVersions: 43,
  cookie: 44,
  keyShare: 51,
} as const;

/** More certificates than this are not read: no client would follow such a chain. */
const maxCertificates = 50;

/** The random by which a ServerHello says that it is a HelloRetryRequest: RFC 8446 §4.1.3. */
const retryRandom = hash('sha256', 'HelloRetryRequest', 'buffer');

export interface ServerHello {
  /** The version that was agreed on, as on the wire. */
  version: number;
  random: Buffer;
  suite: number;
  isRetryRequest: boolean;
  /** TLS 1.3: the group of the key share, and the share itself, which a HelloRetryRequest has not. */
  group: number | null;
  share: Buffer | null;
  cookie: Buffer | null;
  /** Up to TLS 1.2: the list of SCTs (RFC 6962 §3.3.1). */
  sctList: Buffer | null;
}

function readExtensions(bytes: Buffer): Map<number, WireReader> {
  const extensions = new Map<number, WireReader>();
  const reader = new WireReader(bytes);
  while (reader.left > 0) {
    const type = reader.uint16();
    if (extensions.has(type)) throw new WireError('An extension comes twice.');
    extensions.set(type, new WireReader(reader.vector(2)));
  }
  return extensions;
}

function restOf(extension: WireReader | undefined): Buffer | null {
  return extension ? extension.take(extension.left) : null;
}

/** RFC 8446 §4.1.3, RFC 5246 §7.4.1.3. */
export function readServerHello(body: Buffer): ServerHello {
  const reader = new WireReader(body);
  const legacyVersion = reader.uint16();
  const random = reader.take(32);
  reader.vector(1); // the session's id
  const suite = reader.uint16();
  if (reader.uint8() !== 0) throw new WireError('The server chose a compression that was not offered.');
  const extensions = readExtensions(reader.left > 0 ? reader.vector(2) : Buffer.alloc(0));
  reader.end();
  const isRetryRequest = random.equals(retryRandom);
  const share = extensions.get(extensionType.keyShare);
  const group = share?.uint16() ?? null;
  return {
    version: extensions.get(extensionType.supportedVersions)?.uint16() ?? legacyVersion,
    random,
    suite,
    isRetryRequest,
    group,
    share: share && !isRetryRequest ? share.vector(2) : null,
    cookie: extensions.get(extensionType.cookie)?.vector(2) ?? null,
    sctList: restOf(extensions.get(extensionType.signedCertificateTimestamp)),
  };
}

/** Certificates in DER as sent: RFC 5246 §7.4.2. */
export function readCertificate12(body: Buffer): Buffer[] {
  const reader = new WireReader(body);
  const list = new WireReader(reader.vector(3));
  reader.end();
  const chain: Buffer[] = [];
  while (list.left > 0) chain.push(list.vector(3));
  return chain.slice(0, maxCertificates);
}

/** Certificates in DER as sent, with the OCSP answer and the SCTs that come with the leaf: RFC 8446 §4.4.2. */
export function readCertificate13(body: Buffer): {
  chain: Buffer[];
  staple: Buffer | null;
  sctList: Buffer | null;
} {
  const reader = new WireReader(body);
  reader.vector(1); // the request's context: empty in a handshake
  const list = new WireReader(reader.vector(3));
  reader.end();
  const chain: Buffer[] = [];
  let staple: Buffer | null = null;
  let sctList: Buffer | null = null;
  while (list.left > 0) {
    chain.push(list.vector(3));
    const extensions = readExtensions(list.vector(2));
    if (chain.length > 1) continue;
    const status = extensions.get(extensionType.statusRequest);
    if (status) staple = readStatus(status);
    sctList = restOf(extensions.get(extensionType.signedCertificateTimestamp));
  }
  return { chain: chain.slice(0, maxCertificates), staple, sctList };
}

/** An OCSP answer: RFC 6066 §8. */
export function readCertificateStatus(body: Buffer): Buffer | null {
  return readStatus(new WireReader(body));
}

const ocspStatus = 1;

function readStatus(reader: WireReader): Buffer | null {
  if (reader.uint8() !== ocspStatus) return null;
  const response = reader.vector(3);
  reader.end();
  return response.length === 0 ? null : response;
}

export interface SignedParameters {
  /** What is signed, behind both randoms. */
  parameters: Buffer;
  scheme: number | null;
  signature: Buffer;
}

const namedCurve = 3;

/** RFC 8422 §5.4, RFC 5246 §7.4.3. @param namesScheme from TLS 1.2 on the server says how it signed */
export function readServerKeyExchange(
  body: Buffer,
  exchange: 'ecdhe' | 'dhe',
  namesScheme: boolean,
): SignedParameters {
  const reader = new WireReader(body);
  if (exchange === 'ecdhe') {
    if (reader.uint8() !== namedCurve) throw new WireError('The server’s curve is not one with a name.');
    reader.uint16();
    reader.vector(1); // its point
  } else {
    for (let number = 0; number < 3; number += 1) reader.vector(2); // p, g and its public value
  }
  const parameters = body.subarray(0, reader.position);
  const scheme = namesScheme ? reader.uint16() : null;
  const signature = reader.vector(2);
  reader.end();
  return { parameters, scheme, signature };
}

/** RFC 8446 §4.4.3. */
export function readCertificateVerify(body: Buffer): { scheme: number; signature: Buffer } {
  const reader = new WireReader(body);
  const scheme = reader.uint16();
  const signature = reader.vector(2);
  reader.end();
  return { scheme, signature };
}

const verifyPrefix = Buffer.concat([
  Buffer.alloc(64, 0x20),
  Buffer.from('TLS 1.3, server CertificateVerify\0', 'ascii'),
]);

/** What a CertificateVerify signs: RFC 8446 §4.4.3. */
export function signedByVerify(transcript: Buffer): Buffer {
  return Buffer.concat([verifyPrefix, transcript]);
}
