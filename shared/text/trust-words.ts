import type { CheckResult } from '../schema/check-result.ts';
import type { Revocation } from '../schema/revocation.ts';
import { dateInWords } from './words.ts';

/** Why a revocation answer proves nothing, or was not asked for, as the end of a sentence. */
const whyWords: Readonly<Record<NonNullable<Revocation['why']>, string>> = {
  off: 'checking with the CA is off',
  'no-address': 'the certificate names no address to ask',
  'not-trusted': 'the chain is not trusted',
  'no-answer': 'no address answered',
  timeout: 'no answer in time',
  'too-large': 'the answer is too large',
  unreadable: 'the answer cannot be read',
  unsupported: 'the answer uses an unsupported algorithm or address',
  'bad-signature': 'the answer’s signature does not match',
  'wrong-signer': 'the answer is not signed by the CA',
  'other-certificate': 'the answer is about another certificate',
  'other-scope': 'the list does not cover the certificate',
  'not-yet-valid': 'the answer is not valid yet',
  stale: 'the answer has expired',
};

const sourceWords: Readonly<Record<NonNullable<Revocation['source']>, string>> = {
  staple: 'stapled OCSP response',
  ocsp: 'OCSP',
  crl: 'revocation list',
};

/** Returns what is known of a leaf's revocation: `Good (OCSP)`, `Not checked: checking with the CA is off`. */
export function revocationWords({ state, why, source, revokedAt }: Revocation): string {
  const reason = why === null ? '' : `: ${whyWords[why]}`;
  const from = source === null ? '' : ` (${sourceWords[source]})`;
  switch (state) {
    case 'good':
      return `Good${from}`;
    case 'revoked':
      return `Revoked${revokedAt === null ? '' : ` on ${dateInWords(revokedAt)}`}${from}`;
    case 'unknown':
      return `Unknown to the CA${from}`;
    case 'not-asked':
      return `Not checked${reason}`;
    case 'unverifiable':
      return `Could not be verified${from}${reason}`;
  }
}

/** Returns the stores that trust the root: `Mozilla, system, CA file /etc/ca.pem`. */
export function storeWords({ stores }: NonNullable<CheckResult['trust']>): string {
  const names = { mozilla: 'Mozilla', system: 'system', file: 'CA file' } as const;
  return stores
    .map(({ store, file }) => (file === null ? names[store] : `${names[store]} ${file}`))
    .join(', ');
}

/** Returns how many SCTs were seen where: `2 in the certificate, 1 in TLS`. */
export function sctWords({ scts, isComplete }: NonNullable<CheckResult['transparency']>): string {
  const places = [
    ['certificate', 'in the certificate'],
    ['tls', 'in TLS'],
    ['ocsp', 'in the OCSP response'],
  ] as const;
  const counts = places.flatMap(([place, words]) => {
    const number = scts.filter(({ source }) => source === place).length;
    return number === 0 ? [] : `${number} ${words}`;
  });
  if (counts.length > 0) return counts.join(', ');
  return isComplete ? 'None' : 'None in the certificate; other places were not seen';
}
