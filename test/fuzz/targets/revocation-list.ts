import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { RevocationListReader } from '../../../electron/engine/verify/revocation/revocation-list.ts';
import { makeCa } from '../../support/pki.ts';
import { listPem, revocationList as makeList } from '../../support/revocation-list.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

const ca = makeCa('Fuzz Lists');
const [leaf, other] = [ca.issue(), ca.issue()];
const asked = { leaf: new ParsedCertificate(leaf.der), issuer: new ParsedCertificate(ca.der) };
const list = makeList(ca, [other], { fillers: 30, reason: 1 });
const originals = [list, Buffer.from(listPem(list)), makeList(ca, [])];

export const revocationList: FuzzTarget = {
  run(random) {
    const kind = random(20);
    const original = oneOf(originals, random);
    const changed = kind === 0 ? noise(400, random) : mutate(original, random);
    const bytes = kind === 1 ? original : changed;
    const reader = new RevocationListReader(asked, [], Date.now());
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(random(2) === 0 ? 5 : bytes.length);
      reader.feed(bytes.subarray(at, at + size));
      at += size;
    }
    const { state, why } = reader.end();
    if (state === 'revoked' || state === 'unknown') throw new Error(`A broken list says ${state}.`);
    return why ?? state;
  },
  mustMeet: ['good', 'unreadable', 'wrong-signer'],
};
