import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { readOcspAnswer } from '../../../electron/engine/verify/revocation/ocsp.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { Verifier } from '../../../electron/engine/verify/verifier.ts';
import { checkResultSchema } from '../../../shared/schema/check-result.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { ocspResponse } from '../../support/ocsp.ts';
import { makeCa } from '../../support/pki.ts';
import { servePlain } from '../../support/tls-server.ts';

const root = makeCa();
const intermediate = root.issue({ name: 'Matrix Intermediate', isCa: true, sans: [] });
const leaf = intermediate.issue({ sans: ['localhost', '127.0.0.1', '*.example'] });
const brainpool = makeCa('Brainpool', { key: 'brainpool256' }).issue();
const rsa = root.issue({ key: 'rsa2048' });
const originals = [leaf, intermediate, root, brainpool, rsa].map(({ der }) => der);

/** A change to some bytes: one replaced, some cut off, some put in. */
const change = fc.record({
  at: fc.nat(3000),
  kind: fc.constantFrom('replace', 'cut', 'insert'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(original: Buffer, changes: readonly Change[]): Buffer {
  return changes.reduce((der, { at, kind, bytes }) => {
    const place = at % Math.max(1, der.length);
    const rest = kind === 'insert' ? place : place + bytes.length;
    return Buffer.concat([
      der.subarray(0, place),
      kind === 'cut' ? Buffer.alloc(0) : bytes,
      der.subarray(rest),
    ]);
  }, original);
}

const mutated = fc
  .tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([original, changes]) => mutate(original, changes));
const anyDer = fc.oneof(
  { weight: 8, arbitrary: mutated },
  { weight: 1, arbitrary: fc.constantFrom(...originals) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
);

describe('what a server sends is hostile', () => {
  const judge = new Verifier(new TrustStores([root.pem]));
  const standard = { host: 'localhost', thresholds: defaultThresholds, caFiles: [], now: Date.now() };

  it('judges any chain of random and mutated certificates, or says that it cannot be read (8,000 chains)', async () => {
    let readable = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyDer, { minLength: 1, maxLength: 4 }), async (chain) => {
        const judgement = await judge.verify(
          { chain, protocol: 'TLSv1.3', cipher: null, staple: null, isKeyProven: true },
          standard,
        );
        if (!judgement) return;
        readable += 1;
        expect(checkResultSchema.shape.chain.safeParse(judgement.chain).success).toBe(true);
        expect(judgement.problems.every(({ message, remedy }) => message !== '' && remedy !== '')).toBe(true);
      }),
      { numRuns: 8000 },
    );
    expect(readable).toBeGreaterThan(1000);
  });

  it('believes no mutated OCSP answer to say anything else than the original (500 answers)', async () => {
    const answer = ocspResponse(leaf, intermediate, { status: 'good' });
    const asked = { leaf: new ParsedCertificate(leaf.der), issuer: new ParsedCertificate(intermediate.der) };
    expect(readOcspAnswer(answer, asked, Date.now()).state).toBe('good');
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const { state } = readOcspAnswer(mutate(answer, changes), asked, Date.now());
        expect(state).not.toBe('revoked');
      }),
      { numRuns: 500 },
    );
  });

  it('gets a result from any bytes in any pieces (1,500 servers’ answers)', async () => {
    let answer: { bytes: Uint8Array; pieces: number } = { bytes: new Uint8Array(), pieces: 1 };
    await using server = await servePlain((socket) => {
      const { bytes, pieces } = answer;
      const size = Math.max(1, Math.ceil(bytes.length / pieces));
      for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size));
      socket.end();
    });
    const checker = new Prober();
    const target = { host: '127.0.0.1', port: server.port, servername: null, starttls: null };
    // Half of them begin like a TLS record, so that more than the first byte is looked at.
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .uint8Array({ maxLength: 300 })
        .map((rest) => Uint8Array.from([22, 3, 3, 0, rest.length, 2, 0, 0, ...rest])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 20 }), async (sent, pieces) => {
        answer = { bytes: sent, pieces };
        const { result } = await checker.check({
          target,
          thresholds: defaultThresholds,
          caFiles: [],
          timeoutMs: 5000,
        });
        expect(result.status).toBe('unreachable');
        expect(result.unreachable?.message).toMatch(/\.$|\?$/);
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});
