import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { FormError } from '../../../electron/engine/probe/files/forms/held.ts';
import { readPkcs12 } from '../../../electron/engine/probe/files/forms/pkcs12/pkcs12.ts';
import { DerError } from '../../../electron/engine/verify/x509/der.ts';
import { pkcs12Asking, withPbmac1 } from '../../support/pkcs12.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

/** A file by openssl, of one iteration, so that thousands can be opened. */
function byOpenssl(...more: readonly string[]): Buffer {
  using folder = temporaryFolder();
  const leaf = makeCa('Fuzz Files').issue();
  writeFileSync(folder.file('in.pem'), leaf.pem + leaf.key);
  const options = ['-iter', '1', '-passout', 'pass:', '-in', folder.file('in.pem')];
  execFileSync('openssl', ['pkcs12', '-export', ...more, ...options, '-out', folder.file('out.p12')]);
  return readFileSync(folder.file('out.p12'));
}

let originals: Buffer[] | null = null;

/** Iteration counts that a broken byte makes are kept from being computed here: the thread of its own and the deadline hold those. */
const maxIterations = 2_048;

export const pkcs12: FuzzTarget = {
  run(random) {
    originals ??= [
      byOpenssl(),
      byOpenssl('-legacy'),
      withPbmac1(byOpenssl('-nomac'), ''),
      pkcs12Asking(1, 1),
    ];
    const kind = random(20);
    const changed = kind === 0 ? noise(400, random) : mutate(oneOf(originals, random), random);
    const bytes = kind === 1 ? oneOf(originals, random) : changed;
    try {
      return readPkcs12(bytes, '', maxIterations).length > 0 ? 'found' : 'nothing';
    } catch (error) {
      if (error instanceof FormError || error instanceof DerError) return 'refused';
      throw error;
    }
  },
  mustMeet: ['found', 'refused'],
};
