import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readPresentation } from '../../../electron/engine/probe/tls-reader/read-presentation.ts';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { notAsked } from '../../../electron/engine/verify/revocation/revocation.ts';
import { readSctList } from '../../../electron/engine/verify/scts.ts';
import { readServerFacts } from '../../../electron/engine/verify/server-facts.ts';
import { ocspResponse } from '../../support/ocsp.ts';
import { serveByOpenssl } from '../../support/openssl-server.ts';
import { makeCa } from '../../support/pki.ts';
import { sctExtension, sctList } from '../../support/scts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

/** The SCT list of cryptography.io's certificate of May 2023 (x509-limbo, webpki::cryptographydotio-chain). */
const realList = Buffer.from(
  `00f0007700b73efb24df9c4dba75f239c5ba58f46c5dfc42cf7a9f35c49e1d098125edb499000001886909f7d3000004030048304602
   2100825ad0263f066bbff5ba9999d88b3a02a3d3f694294adcb4b07e0f827ab24312022100c4a4a9e4e91b7a2b3bc4a4820812d5e0ad
   8c7e72b7ab971e1241541b9f07f3d20075007a328c54d8b72db620ea38e0521ee98416703213854d3bd22bc13a57a352eb5200000188
   6909f7eb0000040300463044022068bc0513809f855d3dc2ae48479ce6a3ff74cb93902763275b9829459661b386022021001b150dfd
   ff79c459b13827ea5efdd2128cf092b307037dda6d58c2422686`.replace(/\s/g, ''),
  'hex',
);

describe('a list of SCTs', () => {
  it('is read as OpenSSL prints it, of a real certificate', () => {
    // openssl x509 -text: Log ID B7:3E:FB:24…, May 29 19:44:00.979 2023 GMT; 7A:32:8C:54…, 19:44:01.003.
    expect(readSctList(realList, 'certificate')).toEqual([
      {
        logId: Buffer.from(
          'b73efb24df9c4dba75f239c5ba58f46c5dfc42cf7a9f35c49e1d098125edb499',
          'hex',
        ).toString('base64'),
        timestamp: '2023-05-29T19:44:00.979Z',
        source: 'certificate',
      },
      {
        logId: Buffer.from(
          '7a328c54d8b72db620ea38e0521ee98416703213854d3bd22bc13a57a352eb52',
          'hex',
        ).toString('base64'),
        timestamp: '2023-05-29T19:44:01.003Z',
        source: 'certificate',
      },
    ]);
  });

  it('of another version is passed over, and a malformed list counts as none', () => {
    const list = sctList({ log: 1, ms: 5, version: 1 }, { log: 2, ms: 6 });
    expect(readSctList(list, 'tls')).toMatchObject([{ timestamp: '1970-01-01T00:00:00.006Z' }]);
    for (let length = 0; length < realList.length; length += 1)
      expect(readSctList(realList.subarray(0, length), 'tls')).toEqual([]);
    expect(readSctList(Buffer.concat([realList, Buffer.alloc(1)]), 'tls')).toEqual([]);
    expect(readSctList(sctList({ log: 1, ms: Number.MAX_SAFE_INTEGER }), 'tls')).toEqual([]);
  });

  it('is bounded', () => {
    const list = sctList(...Array.from({ length: 900 }, (_, log) => ({ log: log & 255, ms: log })));
    expect(readSctList(list, 'tls')).toHaveLength(100);
  });
});

describe('SCTs of all three places', () => {
  const ca = makeCa('CT Root');
  const inTls = sctList({ log: 7, ms: 1_700_000_000_007 });
  const inStaple = sctList({ log: 8, ms: 1_700_000_000_008 });
  const leaf = ca.issue({ sans: ['localhost'], extensions: [sctExtension(sctList({ log: 9, ms: 9 }))] });
  const parsed = new ParsedCertificate(leaf.der);
  const read = (port: number) =>
    readPresentation(connect({ port, host: '127.0.0.1' }), { servername: null }, AbortSignal.timeout(10_000));

  it.each([
    ['1.2', '-tls1_2', 0x01d0],
    ['1.3', '-tls1_3', 0x1080],
  ])('OpenSSL sends the TLS extension in TLS %s, and it is read', async (_version, flag, context) => {
    using folder = temporaryFolder();
    const header = Buffer.alloc(8);
    header.writeUInt32BE(context);
    header.writeUInt16BE(18, 4); // signed_certificate_timestamp, RFC 6962 §3.3.1
    header.writeUInt16BE(inTls.length, 6);
    const body = Buffer.concat([header, inTls]).toString('base64');
    const name = 'SERVERINFOV2 FOR SCT';
    writeFileSync(
      folder.file('info.pem'),
      `-----BEGIN ${name}-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END ${name}-----\n`,
    );
    await using server = await serveByOpenssl(leaf, [ca], [flag, '-serverinfo', folder.file('info.pem')]);
    const presented = await read(server.port);
    expect(presented.sctList).toEqual(inTls);
    expect(readServerFacts(parsed, presented, notAsked('off')).transparency).toMatchObject({
      scts: [{ source: 'certificate' }, { source: 'tls', timestamp: '2023-11-14T22:13:20.007Z' }],
      isComplete: true,
    });
  });

  it('a stapled OCSP response brings its own', async () => {
    const staple = ocspResponse(leaf, ca, { status: 'good', sctList: inStaple });
    await using server = await serveTls(leaf, [ca], {}, staple);
    const presented = await read(server.port);
    expect(presented.sctList).toBeNull();
    expect(readServerFacts(parsed, presented, notAsked('off'))).toMatchObject({
      transparency: {
        scts: [{ source: 'certificate' }, { source: 'ocsp', timestamp: '2023-11-14T22:13:20.008Z' }],
        isComplete: true,
      },
      stapling: { isStapled: true, isDemanded: false },
    });
  });

  it('a file shows those of the certificate alone, and says that it is not all', () => {
    const file = { protocol: null, staple: null };
    expect(readServerFacts(parsed, file, notAsked('off'))).toMatchObject({
      transparency: { scts: [{ source: 'certificate' }], isComplete: false },
      stapling: null,
    });
  });

  it('a staple of any bytes is read without harm', () => {
    const staple = ocspResponse(leaf, ca, { status: 'good', sctList: inStaple });
    for (let at = 0; at < staple.length; at += 1) {
      const changed = Buffer.from(staple);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const cut = staple.subarray(0, at);
      for (const bytes of [changed, cut])
        expect(() =>
          readServerFacts(parsed, { protocol: 'TLSv1.3', staple: bytes, sctList: null }, notAsked('off')),
        ).not.toThrow();
    }
  });
});
