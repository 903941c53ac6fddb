import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { ocspResponse } from '../../../support/ocsp.ts';
import { type Issued, makeCa } from '../../../support/pki.ts';
import { revocationList } from '../../../support/revocation-list.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { listen, serveTls } from '../../../support/tls-server.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const root = makeCa();
writeFileSync(folder.file('root.pem'), root.pem);

/** A CA's service over HTTP that gives one answer, and counts how often it is asked. */
async function serveAnswer(answer: () => Buffer | null) {
  const asked: { method: string; type: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? '', type: request.headers['content-type'] });
    const body = answer();
    response.writeHead(body ? 200 : 500).end(body ?? undefined);
  });
  return Object.assign(await listen(server), { asked });
}

async function codes(leaf: Issued, fetchRevocation: boolean, checker = new Prober()): Promise<string[]> {
  await using server = await serveTls(leaf);
  const { result } = await checker.check({
    target: { host: 'localhost', port: server.port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [folder.file('root.pem')],
    fetchRevocation,
    timeoutMs: 5000,
  });
  return result.problems.map(({ code }) => code);
}

describe('asking the CA for revocation', () => {
  it('is off unless it is turned on', async () => {
    await using ca = await serveAnswer(() => null);
    expect(await codes(root.issue({ ocspUrl: `http://127.0.0.1:${ca.port}/` }), false)).toEqual([]);
    expect(ca.asked).toEqual([]);
  });

  it.each(['revoked', 'good'] as const)(
    'by OCSP learns that a certificate is %s, and does not ask again at once',
    async (status) => {
      let answer: Buffer | null = null;
      await using ca = await serveAnswer(() => answer);
      const leaf = root.issue({ ocspUrl: `http://127.0.0.1:${ca.port}/` });
      answer = ocspResponse(leaf, root, { status });
      const checker = new Prober();
      const expected = status === 'revoked' ? ['revoked'] : [];
      expect(await codes(leaf, true, checker)).toEqual(expected);
      expect(await codes(leaf, true, checker)).toEqual(expected);
      expect(ca.asked).toEqual([{ method: 'POST', type: 'application/ocsp-request' }]);
    },
  );

  it('falls back to the list where the responder fails', async () => {
    let list: Buffer | null = null;
    await using responder = await serveAnswer(() => null);
    await using lists = await serveAnswer(() => list);
    const urls = {
      ocspUrl: `http://127.0.0.1:${responder.port}/`,
      crlUrl: `http://127.0.0.1:${lists.port}/ca.crl`,
    };
    const [revoked, good] = [root.issue(urls), root.issue(urls)];
    list = revocationList(root, [revoked]);
    expect(await codes(revoked, true)).toEqual(['revoked']);
    expect(await codes(good, true)).toEqual([]);
    expect(responder.asked).toHaveLength(2);
  });

  it.each([
    ['of another CA', (leaf: Issued) => revocationList(makeCa('Matrix Root'), [leaf])],
    ['that is out of date', (leaf: Issued) => revocationList(root, [leaf], { nextUpdateDays: -0.5 })],
    ['of garbage', () => Buffer.from('no list')],
  ])('believes no list %s', async (_what, make) => {
    let list: Buffer | null = null;
    await using lists = await serveAnswer(() => list);
    const leaf = root.issue({ crlUrl: `http://127.0.0.1:${lists.port}/ca.crl` });
    list = make(leaf);
    expect(await codes(leaf, true)).toEqual([]);
    expect(lists.asked).toHaveLength(1);
  });
});
