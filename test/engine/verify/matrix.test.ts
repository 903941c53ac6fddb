import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { certificateProblems } from '../../../shared/domain/problems/problem-kinds.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { buildMatrix } from '../../support/matrix.ts';
import type { Issued } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const { root, cases } = buildMatrix();
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** What two readers must agree on: everything but the times, and the suite, which the server chooses by what it is offered. */
function verdictOf({ checkedAt: _checkedAt, timings: _timings, cipher: _cipher, ...verdict }: CheckResult) {
  // node:tls shows no SCTs of the TLS extension, so the full reader's list is never complete.
  return { ...verdict, transparency: verdict.transparency?.scts };
}

/** The roots' dates of distrust, as the program's own list has them. */
function distrustOf(roots: readonly Issued[], after: string | undefined): ReadonlyMap<string, string> {
  if (after === undefined) return new Map();
  return new Map(roots.map(({ pem }) => [new X509Certificate(pem).fingerprint256, after]));
}

/** Every name leads to this machine. */
const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];

describe('the matrix of servers and certificates', () => {
  it('has all its cases', () => expect(cases.length).toBeGreaterThanOrEqual(45));

  // A server that does not prove its key has no certificate of its own: proof-of-key.test.ts plays it.
  it('shows every other kind of problem', () =>
    expect(
      new Set([
        ...cases.flatMap(({ codes, notes = [] }) => [...codes, ...notes]),
        'key-not-proven',
        'revocation-unchecked',
        // Of files alone: sources.test.ts.
        'replaced-by-older',
      ]),
    ).toEqual(new Set(certificateProblems)));

  it.each(cases)(
    '$name: $status $codes',
    async ({
      chain,
      tls = {},
      host = 'server.test',
      trust = [root],
      isPublic = false,
      distrustedAfter,
      isSeenByLightReaderOnly = false,
      staple,
      ...wanted
    }) => {
      const [leaf, ...behind] = chain;
      if (!leaf) throw new Error('A case needs a leaf.');
      const roots = trust.map(({ pem }) => pem);
      const caFile = folder.file(`${cases.findIndex(({ name }) => name === wanted.name)}.pem`);
      writeFileSync(caFile, roots.join(''));
      await using server = await serveTls(leaf, behind, tls, staple);
      // A checker of its own for each case, so that no intermediate is known from another.
      const check = (reader: 'light' | 'full') =>
        new Prober({
          resolve,
          ...(isPublic
            ? { trustStores: new TrustStores(roots, [], distrustOf(trust, distrustedAfter)) }
            : {}),
        }).check({
          target: { host, port: server.port, servername: null, starttls: null },
          thresholds: defaultThresholds,
          caFiles: isPublic ? [] : [caFile],
          connection: connectionSchema.parse({ reader }),
          timeoutMs: 10_000,
        });
      const { result } = await check('light');
      expect(server.connections).toBe(wanted.connections ?? 1); // Which means that the full reader was not needed.
      const { result: byFull } = await check('full');
      if (isSeenByLightReaderOnly) expect(byFull.status).toBe('ok');
      else expect(verdictOf(byFull)).toEqual(verdictOf(result));
      expect({
        status: result.status,
        codes: result.problems.filter(({ severity }) => severity !== 'note').map(({ code }) => code),
        unreachable: result.unreachable,
      }).toEqual({
        status: wanted.status,
        codes: wanted.codes,
        unreachable: null,
      });
      expect(result.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(wanted.notes ?? []));
      for (const { message, remedy } of result.problems) {
        expect(message).toMatch(/^\P{Lowercase}.*\.$/su);
        expect(remedy.length).toBeGreaterThan(20);
      }
      expect(JSON.stringify(result)).not.toMatch(/[\u202a-\u202e\u0007]/);
    },
  );
});
