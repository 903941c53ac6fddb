import type { ParsedCertificate } from './certificate.ts';
import { isSignedByOddKey, isSignedWithMd5 } from './odd-signature.ts';
import { isVerifiableKey } from './verifiable-key.ts';

/** Keys that are remembered for one certificate: more than any CA ever had under one name. */
const maxKeys = 64;

/** Whether a certificate was signed by a key, by that key's SubjectPublicKeyInfo: a monitor meets the same pairs at every check. */
const known = new WeakMap<ParsedCertificate, Map<string, boolean>>();
let verifications = 0;

/** Signatures verified since the process began; one that is known is not verified again. */
export function signatureVerifications(): number {
  return verifications;
}

/** Whether the signer's key made the certificate's signature. Does not check names, or what the signer may do. */
export function isSignedBy(certificate: ParsedCertificate, signer: ParsedCertificate): boolean {
  const { details } = signer;
  if (!details || !certificate.details) return false;
  const key = details.spki.toString('latin1');
  const answers = known.get(certificate) ?? new Map<string, boolean>();
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = verify(certificate, signer);
    if (answers.size >= maxKeys) answers.clear();
    answers.set(key, answer);
    known.set(certificate, answers);
  }
  return answer;
}

function verify(certificate: ParsedCertificate, signer: ParsedCertificate): boolean {
  const { publicKey } = signer;
  const { details } = certificate;
  if (publicKey !== null && !isVerifiableKey(publicKey)) return false;
  verifications += 1;
  if (publicKey === null)
    return !!details && !!signer.details && isSignedByOddKey(details, signer.details.key);
  try {
    if (certificate.x509.verify(publicKey)) return true;
  } catch {
    // The library refuses the signature’s algorithm in certificates; whether it proves anything is seen below.
  }
  return !!details && isSignedWithMd5(details, publicKey);
}
