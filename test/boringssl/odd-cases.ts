import type { MatrixCase } from '../support/matrix.ts';
import { type KeyKind, makeCa } from '../support/pki.ts';

type OddCase = Pick<
  MatrixCase,
  'name' | 'chain' | 'tls' | 'host' | 'trust' | 'isPublic' | 'distrustedAfter'
> & {
  staple?: Buffer;
};

/** Certificates that libraries differ on: each kind of key as a leaf's, as an intermediate's and as a root's, and groups of few servers. */
export function oddCases(): OddCase[] {
  const kinds: KeyKind[] = ['p384', 'p521', 'ed25519', 'secp256k1', 'brainpool256'];
  const root = makeCa('Odd Root');
  const tls = {
    maxVersion: 'TLSv1.2',
    ciphers: 'ALL:@SECLEVEL=0',
    ecdhCurve: 'P-256:secp256k1:brainpoolP256r1',
  } as const;
  return kinds.flatMap((key) => {
    const odd = makeCa(`Root of ${key}`, { key });
    const intermediate = root.issue({ name: `Intermediate of ${key}`, isCa: true, sans: [], key });
    const name = 'server.test';
    return [
      { name: `a leaf with a key of ${key}`, chain: [root.issue({ name, key })], trust: [root], tls },
      {
        name: `a leaf under an intermediate of ${key}`,
        chain: [intermediate.issue({ name, key: 'p256' }), intermediate],
        trust: [root],
      },
      { name: `a leaf under a root of ${key}`, chain: [odd.issue({ name, key: 'p256' }), odd], trust: [odd] },
      {
        name: `a leaf under a root of ${key} that is not sent`,
        chain: [odd.issue({ name, key: 'p256' })],
        trust: [odd],
      },
      {
        name: `a leaf under a root of ${key} that is not trusted`,
        chain: [odd.issue({ name, key: 'p256' }), odd],
        trust: [root],
      },
    ];
  });
}
