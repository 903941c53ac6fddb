import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { readOcspAnswer } from '../../../../electron/engine/verify/revocation/ocsp.ts';
import { ocspRequest } from '../../../../electron/engine/verify/revocation/ocsp-request.ts';
import { RevocationListReader } from '../../../../electron/engine/verify/revocation/revocation-list.ts';
import { TrustStores } from '../../../../electron/engine/verify/trust.ts';
import { connectionSchema } from '../../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { serveByOpenssl } from '../../../support/openssl-server.ts';
import { type Issued, type KeyKind, makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

/** A CA of OpenSSL's: its index knows one leaf as revoked and one as valid. */
function makeAuthority(key: KeyKind) {
  const ca = makeCa('OpenSSL CA', { key });
  const [revoked, good, unknown] = [ca.issue(), ca.issue(), ca.issue()];
  const responder = ca.issue({ name: 'Responder', sans: [], usages: ['1.3.6.1.5.5.7.3.9'] });
  const serial = ({ der }: Issued) => new ParsedCertificate(der).x509.serialNumber;
  const [then, later] = ['250101000000Z', '350101000000Z'];
  const lines = [
    ['R', later, `${then},keyCompromise`, serial(revoked), 'unknown', '/CN=localhost'],
    ['V', later, '', serial(good), 'unknown', '/CN=localhost'],
  ];
  const at = (name: string) => folder.file(`${key}-${name}`);
  writeFileSync(at('index'), `${lines.map((fields) => fields.join('\t')).join('\n')}\n`);
  writeFileSync(at('index.attr'), 'unique_subject = no\n');
  writeFileSync(at('ca.pem'), ca.pem);
  writeFileSync(at('ca.key'), ca.key);
  writeFileSync(at('responder.pem'), responder.pem);
  writeFileSync(at('responder.key'), responder.key);
  const config = `[ca]\ndefault_ca = own\n[own]\ndatabase = ${at('index')}\ndefault_md = sha256\ndefault_crl_days = 7\n`;
  writeFileSync(at('config'), config);
  return { ca, revoked, good, unknown, at };
}

const keys = ['p256', 'rsa2048'] as const;
const authorities = new Map(keys.map((key) => [key, makeAuthority(key)]));
const authority = (key: KeyKind) => {
  const found = authorities.get(key as 'p256');
  if (!found) throw new Error('There is no such authority.');
  return found;
};

/** OpenSSL's answer to our own question, by the issuer or by its responder. */
function answer(
  key: KeyKind,
  leaf: Issued,
  signer: 'ca' | 'responder',
  ...options: readonly string[]
): Buffer {
  const { ca, at } = authority(key);
  const [asked, by] = [new ParsedCertificate(leaf.der).details, new ParsedCertificate(ca.der).details];
  if (!asked || !by) throw new Error('The certificates cannot be read.');
  writeFileSync(at('request'), ocspRequest(asked, by));
  const files = [
    '-index',
    at('index'),
    '-CA',
    at('ca.pem'),
    '-reqin',
    at('request'),
    '-respout',
    at('answer'),
  ];
  const signing = ['-rsigner', at(`${signer}.pem`), '-rkey', at(`${signer}.key`), '-ndays', '7'];
  openssl('ocsp', ...files, ...signing, ...options);
  return readFileSync(at('answer'));
}

describe.each(keys)('openssl with a key of %s', (key) => {
  const { ca, revoked, good, unknown, at } = authority(key);
  const asked = (leaf: Issued) => ({
    leaf: new ParsedCertificate(leaf.der),
    issuer: new ParsedCertificate(ca.der),
  });

  it.each<[string, 'ca' | 'responder', string[]]>([
    ['the issuer', 'ca', []],
    ['the issuer, without certificates', 'ca', ['-resp_no_certs']],
    ['the issuer, by its key', 'ca', ['-resp_key_id', '-resp_no_certs']],
    ['its responder', 'responder', []],
    ['its responder, by its key', 'responder', ['-resp_key_id']],
  ])('ocsp, signed by %s, understands our question and is understood', (_who, signer, options) => {
    expect(
      readOcspAnswer(answer(key, revoked, signer, ...options), asked(revoked), Date.now()),
    ).toMatchObject({
      state: 'revoked',
      revokedAt: '2025-01-01T00:00:00.000Z',
      reason: 'keyCompromise',
    });
    const states = [good, unknown].map(
      (leaf) => readOcspAnswer(answer(key, leaf, signer, ...options), asked(leaf), Date.now()).state,
    );
    expect(states).toEqual(['good', 'unknown']);
  });

  it('ca -gencrl writes a list that is searched, in PEM and DER', () => {
    openssl(
      'ca',
      '-gencrl',
      '-config',
      at('config'),
      '-keyfile',
      at('ca.key'),
      '-cert',
      at('ca.pem'),
      '-out',
      at('crl.pem'),
    );
    openssl('crl', '-in', at('crl.pem'), '-outform', 'DER', '-out', at('crl.der'));
    for (const file of ['crl.pem', 'crl.der']) {
      const states = [revoked, good].map((leaf) => {
        const reader = new RevocationListReader(asked(leaf), [], Date.now());
        reader.feed(readFileSync(at(file)));
        return reader.end();
      });
      expect(states).toMatchObject([
        { state: 'revoked', revokedAt: '2025-01-01T00:00:00.000Z', reason: 'keyCompromise' },
        { state: 'good' },
      ]);
    }
  });

  it.each(['light', 'full'] as const)(
    's_server staples an answer that the %s reader reads',
    async (reader) => {
      writeFileSync(at('staple'), answer(key, revoked, 'ca', '-resp_no_certs'));
      await using server = await serveByOpenssl(revoked, [ca], ['-status_file', at('staple')]);
      const { result } = await new Prober({ trustStores: new TrustStores([ca.pem]) }).check({
        target: { host: 'localhost', port: server.port, servername: null, starttls: null },
        thresholds: defaultThresholds,
        caFiles: [],
        connection: connectionSchema.parse({ family: 'ipv4', reader }),
        timeoutMs: 10_000,
      });
      expect(result.problems.map(({ code }) => code)).toContain('revoked');
      expect(result.revocation).toMatchObject({ state: 'revoked', source: 'staple' });
    },
  );
});
