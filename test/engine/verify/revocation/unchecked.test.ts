import { expect, it } from 'vitest';
import { unverifiable } from '../../../../electron/engine/verify/revocation/revocation.ts';
import { TrustStores } from '../../../../electron/engine/verify/trust.ts';
import { Verifier } from '../../../../electron/engine/verify/verifier.ts';
import type { Revocation } from '../../../../shared/schema/revocation.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { makeCa } from '../../../support/pki.ts';

const hour = 3_600_000;

it('warns once no answer could be verified for a day, and not before, nor where nobody asks', async () => {
  const root = makeCa();
  const leaf = root.issue({ sans: ['localhost'] });
  const verifier = new Verifier(new TrustStores([], [root.pem]));
  const start = Date.now();
  const codesAt = async (hours: number, answer: Revocation | null) => {
    const presented = {
      chain: [leaf.der],
      protocol: 'TLSv1.3',
      cipher: null,
      staple: null,
      isKeyProven: true,
    };
    const judgement = await verifier.verify(presented, {
      host: 'localhost',
      thresholds: defaultThresholds,
      caFiles: [],
      now: start + hours * hour,
      ...(answer ? { askRevocation: async () => answer } : {}),
    });
    return judgement?.problems.map(({ code, severity }) => `${code} ${severity}`);
  };
  const failed = unverifiable('no-answer', 'ocsp');
  expect(await codesAt(0, failed)).toEqual([]);
  expect(await codesAt(23, failed)).toEqual([]);
  expect(await codesAt(24, failed)).toEqual(['revocation-unchecked warning']);
  expect(await codesAt(25, null)).toEqual([]);
  expect(await codesAt(26, { ...failed, state: 'good', why: null })).toEqual([]);
  expect(await codesAt(27, failed)).toEqual([]);
});
