import { FormError } from '../../../electron/engine/probe/files/forms/held.ts';
import { readContainer } from '../../../electron/engine/probe/files/read-container.ts';
import { bks, keystore } from '../../support/containers.ts';
import { makeCa } from '../../support/pki.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

let originals: Buffer[] | null = null;

/** A serialized Java object as JCEKS has it for a secret key, up to its first field. */
const secret = Buffer.from('aced00057372001f6a617661782e63727970746f2e5365616c65644f626a656374', 'hex');

/** A keystore of each form and version, with every kind of entry. */
function make(): Buffer[] {
  const ca = makeCa('Fuzz Keystores');
  const leaf = ca.issue();
  const [key, trusted] = [
    { alias: 'web', chain: [leaf.der, ca.der] },
    { alias: 'root', chain: [ca.der] },
  ];
  return [
    keystore([key, trusted]),
    keystore([key, { alias: 'one', chain: [leaf.der], isKey: true }, trusted], 0xfeedfeed),
    keystore([key, { alias: 'secret', chain: [], secret }, trusted], 0xcececece),
    keystore([]),
    bks([key, trusted]),
    bks([trusted, key], 1),
    bks([]),
  ];
}

/** Reads keystores of Java and Bouncy Castle. The lengths in them are what the mutations break first. */
export const keystores: FuzzTarget = {
  run(random) {
    originals ??= make();
    const kind = random(20);
    const original = oneOf(originals, random);
    // Behind the first octets, by which a keystore is known, so that its reader is reached.
    const changed =
      kind < 3 ? Buffer.concat([original.subarray(0, 12), noise(300, random)]) : mutate(original, random);
    try {
      const { held } = readContainer(kind === 19 ? original : changed, null);
      return held.length > 0 ? 'found' : 'nothing';
    } catch (error) {
      if (error instanceof FormError) return 'refused';
      throw error;
    }
  },
  mustMeet: ['found', 'nothing', 'refused'],
};
