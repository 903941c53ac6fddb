import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { readOcspAnswer } from '../../../electron/engine/verify/revocation/ocsp.ts';
import { ocspResponse } from '../../support/ocsp.ts';
import { makeCa } from '../../support/pki.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

const ca = makeCa('Fuzz Responder');
const leaf = ca.issue();
const delegate = ca.issue({ name: 'Responder', sans: [], usages: ['1.3.6.1.5.5.7.3.9'] });
const asked = { leaf: new ParsedCertificate(leaf.der), issuer: new ParsedCertificate(ca.der) };
/** All of them good: none that was broken may say that the certificate was revoked. */
const originals = [
  ocspResponse(leaf, ca, { status: 'good', certificates: [] }),
  ocspResponse(leaf, ca, { status: 'good', isByKey: true }),
  ocspResponse(leaf, ca, { status: 'good', signer: delegate }),
];

export const ocsp: FuzzTarget = {
  run(random) {
    const original = oneOf(originals, random);
    const kind = random(20);
    const changed = kind === 0 ? noise(400, random) : mutate(original, random);
    const bytes = kind === 1 ? original : changed;
    const { state, why } = readOcspAnswer(bytes, asked, Date.now());
    if (state === 'revoked' || state === 'unknown') throw new Error(`A broken answer says ${state}.`);
    return why ?? state;
  },
  mustMeet: ['good', 'unreadable', 'wrong-signer', 'other-certificate'],
};
