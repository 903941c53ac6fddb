import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import {
  AccessDescription,
  AuthorityInfoAccessSyntax,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  type Extension,
  GeneralName,
  id_ad_ocsp,
} from '@peculiar/asn1-x509';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';
import { type OcspOptions, ocspResponse } from '../support/ocsp.ts';
import { extension, type Issued, makeCa } from '../support/pki.ts';
import { listPem, revocationList } from '../support/revocation-list.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, serveTls } from '../support/tls-server.ts';

/** Certificates that are known to be revoked, and every way in which a CA says so: none of them may be taken for good. */
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const ca = makeCa('Revoking CA');
writeFileSync(folder.file('ca.pem'), ca.pem);
const responder = ca.issue({ name: 'Responder', sans: [], usages: ['1.3.6.1.5.5.7.3.9'] });

async function codesOf(leaf: Issued, asks: boolean, staple?: Buffer): Promise<string[]> {
  await using server = await serveTls(leaf, [], {}, staple);
  const { result } = await new Prober().check({
    target: { host: 'localhost', port: server.port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [folder.file('ca.pem')],
    fetchRevocation: asks,
    timeoutMs: 50_000,
  });
  return result.problems.filter(({ severity }) => severity !== 'note').map(({ code }) => code);
}

const answers: [string, Partial<OcspOptions>][] = [
  ['of the issuer, with its certificate', {}],
  ['of the issuer, without certificates (RFC 6960 §4.2.1)', { certificates: [] }],
  ['of the issuer, by its key and without certificates', { certificates: [], isByKey: true }],
  ['of a responder that the issuer authorized', { signer: responder }],
  ['of a responder by its key', { signer: responder, isByKey: true }],
  [
    'of a responder, behind the issuer’s own certificate',
    { signer: responder, certificates: [ca.der, responder.der] },
  ],
];

const uri = (uniformResourceIdentifier: string) => new GeneralName({ uniformResourceIdentifier });
/** OCSP responders of a certificate (RFC 5280 §4.2.2.1). */
const responders = (urls: readonly string[]): Extension =>
  extension(
    '1.3.6.1.5.5.7.1.1',
    new AuthorityInfoAccessSyntax(
      urls.map((url) => new AccessDescription({ accessMethod: id_ad_ocsp, accessLocation: uri(url) })),
    ),
  );
/** Its lists: a point for each group, which may have several addresses (RFC 5280 §4.2.1.13). */
const points = (groups: readonly (readonly string[])[]): Extension =>
  extension(
    '2.5.29.31',
    new CRLDistributionPoints(
      groups.map(
        (urls) =>
          new DistributionPoint({
            distributionPoint: new DistributionPointName({ fullName: urls.map(uri) }),
          }),
      ),
    ),
  );

/** A CA's service that answers at `/answer`; elsewhere it redirects there, by the status that the path names, or fails. */
async function serveCa(answer: () => Buffer) {
  const onRequest: RequestListener = (request, response) => {
    request.resume();
    const [, kind = '', status = ''] = (request.url ?? '').split('/');
    if (kind === 'answer') response.end(answer());
    else if (kind === 'relative') response.writeHead(Number(status), { location: '../answer' }).end();
    else if (kind === 'absolute')
      response.writeHead(Number(status), { location: `http://${request.headers.host}/answer` }).end();
    else response.writeHead(404).end();
  };
  return await listen(createServer(onRequest));
}

describe('a revoked certificate is found', () => {
  it.each(answers)('by a stapled answer %s', async (_, options) => {
    const leaf = ca.issue();
    expect(await codesOf(leaf, false, ocspResponse(leaf, ca, { status: 'revoked', ...options }))).toEqual([
      'revoked',
    ]);
  });

  it.each(answers)('by asking for an answer %s', async (_, options) => {
    let answer: Buffer = Buffer.alloc(0);
    await using service = await serveCa(() => answer);
    const leaf = ca.issue({ ocspUrl: `http://127.0.0.1:${service.port}/answer` });
    answer = ocspResponse(leaf, ca, { status: 'revoked', ...options });
    expect(await codesOf(leaf, true)).toEqual(['revoked']);
  });

  const places: [string, (base: string) => string[][]][] = [
    ['at its address', (base) => [[`${base}/answer`]]],
    ...[301, 302, 303, 307, 308].map((status): [string, (base: string) => string[][]] => [
      `behind a redirect by ${status}`,
      (base) => [[`${base}/absolute/${status}`]],
    ]),
    ['behind a redirect to a relative address', (base) => [[`${base}/relative/302`]]],
    ['at the second address, where the first fails', (base) => [[`${base}/gone`, `${base}/answer`]]],
    ['at the second place, where the first fails', (base) => [[`${base}/gone`], [`${base}/answer`]]],
    ['at the second address, behind a redirect', (base) => [[`${base}/gone`, `${base}/absolute/302`]]],
    ['behind a directory’s address', (base) => [['ldap:///cn=CA', `${base}/answer`]]],
  ];

  it.each(places)('by an OCSP responder %s', async (_, place) => {
    let answer: Buffer = Buffer.alloc(0);
    await using service = await serveCa(() => answer);
    const urls = place(`http://127.0.0.1:${service.port}`).flat();
    const leaf = ca.issue({ extensions: [responders(urls)] });
    answer = ocspResponse(leaf, ca, { status: 'revoked' });
    expect(await codesOf(leaf, true)).toEqual(['revoked']);
  });

  /** Lists by their form and length, each made once: every leaf about which one is asked has the same serial number. */
  const serial = Buffer.from('5ead', 'hex');
  const named = ca.issue({ serial });
  const lists = new Map<string, Buffer>();
  const listOf = (form: string, length: number) => {
    const key = `${form} ${length}`;
    const list = lists.get(key) ?? revocationList(ca, [named], { fillers: length - 1 });
    const whole = form === 'PEM' && !lists.has(key) ? Buffer.from(listPem(list)) : list;
    lists.set(key, whole);
    return whole;
  };
  // A long list is read the same wherever it comes from: three places are enough.
  const far = /^(at its address|behind a redirect by 302|at the second address, where the first fails)$/;
  const cases = [10, 500_000].flatMap((length) =>
    ['DER', 'PEM'].flatMap((form) =>
      places
        .filter(([where]) => length === 10 || far.test(where))
        .map(([where, place]) => ({ length, form, where, place })),
    ),
  );
  it.each(cases)(
    'by a list of $length entries in $form $where',
    async ({ length, form, place }) => {
      const list = listOf(form, length); // Before the check begins: to make half a million entries takes time, too.
      await using service = await serveCa(() => list);
      const leaf = ca.issue({ serial, extensions: [points(place(`http://127.0.0.1:${service.port}`))] });
      expect(await codesOf(leaf, true)).toEqual(['revoked']);
    },
    60_000,
  );
});
