import { hash } from 'node:crypto';
import type { Revocation, RevocationSource } from '../../../../shared/schema/revocation.ts';
import { ParsedCertificate } from '../certificate.ts';
import { DerError } from '../x509/der.ts';
import { readName } from '../x509/names.ts';
import { isoOrNull } from './der-values.ts';
import { type BasicResponse, type CertId, readOcspResponse } from './ocsp-response.ts';
import { expectBegun, expectCurrent, Unproven, unverifiable } from './revocation.ts';
import { type Algorithm, hashNames, SignatureVerifier } from './signature-verifier.ts';

/** A certificate and the one that issued it, both in DER. */
export interface Asked {
  leaf: ParsedCertificate;
  issuer: ParsedCertificate;
}

/** Which of several answers about one certificate counts, as in Firefox (mozpkix pkixocsp.cpp, SingleResponse). */
const precedence = { revoked: 0, good: 1, unknown: 2 } as const;

const ocspSigning = '1.3.6.1.5.5.7.3.9';

/**
 * Returns what an OCSP response (RFC 6960) proves of a certificate: by the signature of the issuer itself, which need not
 * enclose a certificate (§4.2.1), or of a responder that the issuer authorized by a delegation certificate (§4.2.2.2).
 * At most four signatures are verified.
 * @param now milliseconds since the epoch
 */
export function readOcspAnswer(
  response: Buffer,
  { leaf, issuer }: Asked,
  now: number,
  source: RevocationSource = 'staple',
): Revocation {
  try {
    const basic = readOcspResponse(response);
    const about = basic.answers.filter(({ id }) => isAbout(id, leaf, issuer));
    const [answer] = about.toSorted((one, other) => precedence[one.status] - precedence[other.status]);
    if (!answer) throw new Unproven('other-certificate');
    if ([...basic.extensions, ...answer.extensions].some(({ isCritical }) => isCritical))
      throw new Unproven('unsupported');
    const isRevoked = answer.status === 'revoked';
    expectSignature(basic, issuer, isRevoked ? [basic.producedAt] : [basic.producedAt, now]);
    // What was revoked stays so, and Firefox rejects it by an answer of any age.
    if (isRevoked) expectBegun(answer.thisUpdate, now);
    else expectCurrent(answer.thisUpdate, answer.nextUpdate, now);
    return {
      state: answer.status,
      why: null,
      source,
      at: isoOrNull(answer.thisUpdate),
      until: isoOrNull(answer.nextUpdate),
      revokedAt: isoOrNull(answer.revokedAt),
      reason: answer.reason,
    };
  } catch (error) {
    if (error instanceof Unproven) return unverifiable(error.why, source);
    if (error instanceof DerError) return unverifiable('unreadable', source);
    throw error;
  }
}

/** RFC 6960 §4.1.1: hashes of the issuer's name as the certificate has it, and of the bits of the issuer's key. */
function isAbout(id: CertId, leaf: ParsedCertificate, issuer: ParsedCertificate): boolean {
  const name = hashNames[id.hash];
  const [own, by] = [leaf.details, issuer.details];
  if (name === undefined || !own || !by) return false;
  const digest = (bytes: Buffer) => hash(name, bytes, 'buffer');
  return (
    id.serialNumber.equals(own.serialNumber) &&
    id.issuerNameHash.equals(digest(own.issuer.raw)) &&
    id.issuerKeyHash.equals(digest(by.key.bits))
  );
}

/**
 * Expects a signature by the issuer, or by a responder that it authorized.
 * @param times when a responder's certificate must be valid, in milliseconds since the epoch
 * @throws Unproven `bad-signature` where the response names one of them and another key signed; else `wrong-signer`
 */
function expectSignature(basic: BasicResponse, issuer: ParsedCertificate, times: readonly number[]): void {
  const delegates = basic.certificates
    .map(readCertificate)
    .filter((one) => one !== null)
    .filter((one) => isResponder(basic, one) && isAuthorized(one, issuer, times));
  const signers = isResponder(basic, issuer) ? [issuer, ...delegates] : delegates;
  if (signers.length === 0) throw new Unproven('wrong-signer');
  const isSigned = signers.some((one) => isOcspSignature(basic.tbs, basic.signature, basic.algorithm, one));
  if (!isSigned) throw new Unproven('bad-signature');
}

/** Whether the responder's id names the certificate: by its subject, or by the SHA-1 of its key's bits. */
function isResponder({ responder }: BasicResponse, { details }: ParsedCertificate): boolean {
  if (!details) return false;
  return responder.kind === 'name'
    ? readName(responder.name, 'the responder').key === details.subject.key
    : responder.hash.equals(hash('sha1', details.key.bits, 'buffer'));
}

/**
 * RFC 6960 §4.2.2.2: issued by the CA itself for signing answers, and valid. OpenSSL and Firefox want it to be so when they verify: the
 * key of one that has expired may be in other hands, and write any time into an answer.
 */
function isAuthorized(
  delegate: ParsedCertificate,
  issuer: ParsedCertificate,
  times: readonly number[],
): boolean {
  const { details, notBefore, notAfter } = delegate;
  if (!details?.extendedKeyUsage?.includes(ocspSigning) || details.faults.length > 0) return false;
  if (times.some((at) => at < notBefore || at > notAfter)) return false;
  // RFC 5280 §4.2.1.12: either goes with the purpose. Some responders have the second alone.
  const mayAnswer = ['digitalSignature', 'nonRepudiation'] as const;
  if (details.keyUsage && !mayAnswer.some((usage) => details.keyUsage?.has(usage))) return false;
  if (details.issuer.key !== issuer.details?.subject.key) return false;
  const { oid, parameters } = details.signatureAlgorithm;
  return isOcspSignature(details.tbs, details.signature, { oid, parameters }, issuer);
}

function isOcspSignature(
  data: Buffer,
  signature: Buffer,
  algorithm: Algorithm,
  { publicKey }: ParsedCertificate,
): boolean {
  const verifier = publicKey && SignatureVerifier.for(algorithm, publicKey);
  if (!verifier) return false;
  verifier.update(data);
  return verifier.isValid(signature);
}

function readCertificate(der: Buffer): ParsedCertificate | null {
  try {
    return new ParsedCertificate(der);
  } catch {
    return null; // A certificate that cannot be read gives no authority.
  }
}
