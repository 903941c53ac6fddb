import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  Extension,
  GeneralName,
  id_ce_cRLDistributionPoints,
} from '@peculiar/asn1-x509';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { ocspResponse } from '../../../support/ocsp.ts';
import { type Issued, makeCa } from '../../../support/pki.ts';
import { listPem, revocationList } from '../../../support/revocation-list.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { listen, servePlain, serveTls } from '../../../support/tls-server.ts';

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

/** CRLDistributionPoints of several addresses (RFC 5280 §4.2.1.13). */
function crlPoints(...urls: readonly string[]): Extension {
  const points = urls.map(
    (uniformResourceIdentifier) =>
      new DistributionPoint({
        distributionPoint: new DistributionPointName({
          fullName: [new GeneralName({ uniformResourceIdentifier })],
        }),
      }),
  );
  const extnValue = new OctetString(AsnConvert.serialize(new CRLDistributionPoints(points)));
  return new Extension({ extnID: id_ce_cRLDistributionPoints, critical: false, extnValue });
}

async function codes(...args: Parameters<typeof resultOf>): Promise<string[]> {
  return (await resultOf(...args)).problems.map(({ code }) => code);
}

async function resultOf(leaf: Issued, fetchRevocation: boolean, checker = new Prober(), timeoutMs = 5000) {
  await using server = await serveTls(leaf);
  const { result } = await checker.check({
    target: { host: 'localhost', port: server.port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [folder.file('root.pem')],
    fetchRevocation,
    timeoutMs,
  });
  return result;
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

  const crl = (port: number, path = '') => `http://127.0.0.1:${port}/${path}`;

  it.each(['DER', 'PEM'] as const)(
    'finds a revoked one at the second address, behind a redirect, in %s',
    async (form) => {
      let list: Buffer | null = null;
      await using dead = await serveAnswer(() => null);
      await using moved = await listen(
        createServer(({ url }, response) =>
          url === '/list'
            ? response.end(list && form === 'PEM' ? listPem(list) : list)
            : response.writeHead(302, { location: '/list' }).end(),
        ),
      );
      const leaf = root.issue({ extensions: [crlPoints(crl(dead.port), crl(moved.port))] });
      list = revocationList(root, [leaf]);
      expect(await codes(leaf, true)).toEqual(['revoked']);
      expect(dead.asked).toHaveLength(1);
    },
  );

  it('gives a silent address its share of the time, and the next one the rest', async () => {
    await using silent = await servePlain((socket) => void socket.resume());
    let list: Buffer | null = null;
    await using lists = await serveAnswer(() => list);
    const leaf = root.issue({ ocspUrl: crl(silent.port), crlUrl: crl(lists.port, 'ca.crl') });
    list = revocationList(root, [leaf]);
    expect(await codes(leaf, true, new Prober(), 1_500)).toEqual(['revoked']);
  });

  it('whose answers never come could not be verified, which is neither good nor a failed check', async () => {
    await using silent = await servePlain((socket) => void socket.resume());
    const leaf = root.issue({ ocspUrl: crl(silent.port) });
    const result = await resultOf(leaf, true, new Prober(), 800);
    expect(result).toMatchObject({ status: 'ok', revocation: { state: 'unverifiable', why: 'timeout' } });
  });

  it.each<[string, object, object]>([
    ['that nothing was asked', { fetch: false }, { state: 'not-asked', why: 'off' }],
    ['that there is no address', { fetch: true }, { state: 'not-asked', why: 'no-address' }],
  ])('tells %s', async (_what, { fetch }: { fetch?: boolean }, wanted) => {
    expect((await resultOf(root.issue(), fetch === true)).revocation).toMatchObject(wanted);
  });

  it('follows no redirect without end, and none to another scheme', async () => {
    let asked = 0;
    await using circle = await listen(
      createServer((_request, response) => {
        asked += 1;
        response.writeHead(301, { location: '/again' }).end();
      }),
    );
    await using file = await listen(
      createServer((_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end()),
    );
    const leaf = root.issue({ extensions: [crlPoints(crl(circle.port), crl(file.port))] });
    expect((await resultOf(leaf, true)).revocation).toMatchObject({
      state: 'unverifiable',
      why: 'no-answer',
    });
    expect(asked).toBe(6);
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
