import { readPem } from '../../../electron/engine/probe/files/pem.ts';
import { makeCa } from '../../support/pki.ts';
import { mutate, noise, oneOf, type Random } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

const root = makeCa('Fuzz Root');
const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/** Pieces that a scan could go over again and again: half markers, wrong labels, lines of nothing. */
const pieces: readonly ((random: Random) => string)[] = [
  () => root.pem,
  () => begin,
  () => end,
  () => '-----BEGIN X509 CERTIFICATE-----\n',
  () => '-----END TRUSTED CERTIFICATE-----\n',
  (random) => '-----BEGIN '.repeat(random(200)),
  (random) => '-'.repeat(random(500)),
  (random) => '\r\n'.repeat(random(500)),
  (random) => noise(300, random).toString('latin1'),
];

export const pem: FuzzTarget = {
  run(random) {
    const text = Array.from({ length: 1 + random(8) }, () => oneOf(pieces, random)(random)).join('');
    const bytes = random(2) === 0 ? mutate(Buffer.from(text, 'latin1'), random) : Buffer.from(text, 'latin1');
    const found = readPem(bytes.toString('latin1'));
    if (found.reduce((sum, { length }) => sum + length, 0) > bytes.length)
      throw new Error('More comes out than went in.');
    return found.length > 0 ? 'found' : 'nothing';
  },
  mustMeet: ['found', 'nothing'],
};
