import {
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  expectTag,
  readBits,
  readDer,
  readInteger,
  readOid,
  readSequence,
  tags,
} from '../x509/der.ts';
import { type Extension, readExtensions } from '../x509/extensions.ts';
import { readReason, readTime } from './der-values.ts';
import { Unproven } from './revocation.ts';
import { type Algorithm, explicitly, readAlgorithm } from './signature-verifier.ts';

/** Answers of public CAs are 0.3 to 3 kB; one with three certificates of RSA 4096 has 6 kB. */
const maxBytes = 16 * 1024;
const maxCertificates = 3;
const maxAnswers = 10;

const basicResponse = '1.3.6.1.5.5.7.48.1.1';

/** CertID (RFC 6960 §4.1.1): which certificate an answer is about. */
export interface CertId {
  /** Object identifier of the hash. */
  hash: string;
  issuerNameHash: Buffer;
  issuerKeyHash: Buffer;
  serialNumber: Buffer;
}

interface SingleAnswer {
  id: CertId;
  status: 'good' | 'revoked' | 'unknown';
  /** Milliseconds since the epoch, all of them. */
  revokedAt: number | null;
  reason: string | null;
  thisUpdate: number;
  nextUpdate: number | null;
  extensions: readonly Extension[];
}

export interface BasicResponse {
  responder: { kind: 'name'; name: DerElement } | { kind: 'key'; hash: Buffer };
  producedAt: number;
  answers: readonly SingleAnswer[];
  extensions: readonly Extension[];
  /** The bytes that the signature covers. */
  tbs: Buffer;
  algorithm: Algorithm;
  signature: Buffer;
  /** In DER. */
  certificates: readonly Buffer[];
}

/**
 * Reads an OCSPResponse (RFC 6960 §4.2.1). Its size, its answers and its certificates are bounded before anything looks at
 * them, and it is read by its grammar alone: nothing nests deeper than that.
 * @throws Unproven `too-large`, `no-answer` where the responder has none; DerError
 */
export function readOcspResponse(der: Buffer): BasicResponse {
  if (der.length > maxBytes) throw new Unproven('too-large');
  const [status, bytes] = readSequence(readDer(der), 'the response');
  const isSuccessful = status?.tag === 0x0a && status.content.length === 1 && status.content[0] === 0;
  if (!isSuccessful || bytes?.tag !== contextTag(0, true)) throw new Unproven('no-answer');
  const [type, content] = readSequence(readDer(bytes.content), 'the response');
  if (readOid(type, 'the type of response') !== basicResponse) throw new Unproven('unsupported');
  const basic = readDer(expectTag(content, tags.octetString, 'the response').content);
  const [data, algorithm, signature, certificates] = readSequence(basic, 'the response');
  const tbs = expectTag(data, tags.sequence, 'the signed part');
  return {
    ...readData(tbs),
    tbs: tbs.raw,
    algorithm: readAlgorithm(algorithm),
    signature: readBits(signature, 'the signature').bytes,
    certificates: certificates ? readCertificates(certificates) : [],
  };
}

function readCertificates(element: DerElement): Buffer[] {
  const list = readSequence(
    readDer(expectTag(element, contextTag(0, true), 'the certificates').content),
    'the certificates',
  );
  if (list.length > maxCertificates) throw new Unproven('too-large');
  return list.map(({ raw }) => raw);
}

function readData(
  tbs: DerElement,
): Pick<BasicResponse, 'responder' | 'producedAt' | 'answers' | 'extensions'> {
  const fields = childrenOf(tbs);
  if (fields[0]?.tag === contextTag(0, true)) fields.shift(); // the version
  const [responder, producedAt, answers, ...rest] = fields;
  const list = readSequence(answers, 'the answers');
  if (list.length > maxAnswers) throw new Unproven('too-large');
  return {
    responder: readResponder(responder),
    producedAt: readTime(producedAt, 'producedAt'),
    answers: list.map(readAnswer),
    extensions: extensionsOf(rest),
  };
}

function readResponder(element: DerElement | undefined): BasicResponse['responder'] {
  if (element?.tag === contextTag(1, true)) return { kind: 'name', name: readDer(element.content) };
  const key = readDer(expectTag(element, contextTag(2, true), 'the responder').content);
  return { kind: 'key', hash: expectTag(key, tags.octetString, 'the responder').content };
}

function readAnswer(element: DerElement): SingleAnswer {
  const [id, status, thisUpdate, ...rest] = readSequence(element, 'an answer');
  const [hash, name, key, serial] = readSequence(id, 'the certificate’s id');
  const next = explicitly(rest, 0);
  return {
    id: {
      hash: readAlgorithm(hash).oid,
      issuerNameHash: expectTag(name, tags.octetString, 'the issuer’s name').content,
      issuerKeyHash: expectTag(key, tags.octetString, 'the issuer’s key').content,
      serialNumber: readInteger(serial, 'the serial number'),
    },
    ...readStatus(status),
    thisUpdate: readTime(thisUpdate, 'thisUpdate'),
    nextUpdate: next === null ? null : readTime(next, 'nextUpdate'),
    extensions: extensionsOf(rest),
  };
}

function readStatus(element: DerElement | undefined): Pick<SingleAnswer, 'status' | 'revokedAt' | 'reason'> {
  const isNull = element?.content.length === 0;
  if (element?.tag === contextTag(0, false) && isNull)
    return { status: 'good', revokedAt: null, reason: null };
  if (element?.tag === contextTag(2, false) && isNull)
    return { status: 'unknown', revokedAt: null, reason: null };
  const [at, ...rest] = childrenOf(expectTag(element, contextTag(1, true), 'the status'));
  const reason = readReason(explicitly(rest, 0));
  return { status: 'revoked', revokedAt: readTime(at, 'the time of revocation'), reason };
}

/** Both lists of extensions have the tag 1, behind what may stand there. */
function extensionsOf(rest: readonly DerElement[]): Extension[] {
  const element = explicitly(rest, 1);
  if (element === null && rest.some(({ tag }) => tag === contextTag(1, true)))
    throw new DerError('the list of extensions is empty');
  return element === null ? [] : readExtensions(element);
}
