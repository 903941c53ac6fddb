import {
  childrenOf,
  contextTag,
  expectTag,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../../../verify/x509/der.ts';
import { toDer } from './ber.ts';
import { bare, type HeldCertificate, maxCertificates } from './held.ts';

export const signedData = '1.2.840.113549.1.7.2';

/**
 * Reads the certificates of a PKCS#7 or CMS file (RFC 5652 §5.1): what Windows exports as .p7b and CAs send as a chain.
 * @throws DerError where it is none
 */
export function readPkcs7(bytes: Buffer): HeldCertificate[] {
  const [type, content] = readSequence(readDer(toDer(bytes)), 'the message');
  if (readOid(type, 'the type of message') !== signedData) return [];
  const [data] = childrenOf(expectTag(content, contextTag(0, true), 'the content'));
  const certificates = readSequence(data, 'the signed data').find(({ tag }) => tag === contextTag(0, true));
  if (!certificates) return [];
  return childrenOf(certificates)
    .filter(({ tag }) => tag === tags.sequence) // Others are attribute certificates and the like.
    .slice(0, maxCertificates)
    .map(({ raw }) => bare(raw));
}

/** Reads a PKIPath (RFC 6066 §10.1, ITU-T X.509): a sequence of certificates, the CA's first. @throws DerError */
export function readPkiPath(bytes: Buffer): HeldCertificate[] {
  return readSequence(readDer(bytes), 'the path')
    .slice(0, maxCertificates)
    .map(({ raw }) => bare(raw))
    .reverse();
}
