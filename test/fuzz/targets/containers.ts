import { entriesOf } from '../../../electron/engine/probe/files/entries.ts';
import { FormError } from '../../../electron/engine/probe/files/forms/held.ts';
import { readContainer } from '../../../electron/engine/probe/files/read-container.ts';
import { keystore, pkcs7 } from '../../support/containers.ts';
import { makeCa } from '../../support/pki.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

let originals: Buffer[] | null = null;

/** A file of each form that is read without a passphrase. */
function make(): Buffer[] {
  const ca = makeCa('Fuzz Containers');
  const leaf = ca.issue();
  const base64 = Buffer.from(leaf.pem).toString('base64');
  const texts = [
    leaf.pem + ca.pem,
    JSON.stringify({ kind: 'Secret', metadata: { name: 'web' }, data: { 'tls.crt': base64 } }),
    `apiVersion: v1\nkind: Config\nusers:\n  - name: u\n    user: {client-certificate-data: ${base64}}\n`,
    `[tls]\ncert = """${leaf.pem}"""\n`,
    `CERT="${leaf.pem.replaceAll('\n', '\\n')}"\n`,
    leaf.der.toString('base64'),
  ].map((text) => Buffer.from(text));
  return [
    leaf.der,
    pkcs7([leaf.der, ca.der]),
    keystore([{ alias: 'web', chain: [leaf.der, ca.der] }]),
    ...texts,
  ];
}

export const containers: FuzzTarget = {
  run(random) {
    originals ??= make();
    const kind = random(20);
    const original = oneOf(originals, random);
    const changed = kind === 0 ? noise(400, random) : mutate(original, random);
    try {
      const { held, is } = readContainer(kind === 1 ? original : changed, null);
      if (held.length === 0 && is === null) return 'broken';
      return entriesOf(held).length > 0 ? 'found' : 'nothing';
    } catch (error) {
      if (error instanceof FormError) return 'refused';
      throw error;
    }
  },
  mustMeet: ['found', 'nothing', 'refused'],
};
