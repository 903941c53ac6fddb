import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readFacts } from '../../../electron/engine/store/history-rows.ts';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { constraintLines, keyUsageWords } from '../../../renderer/host-detail/certificate-words.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** Has OpenSSL make a self-signed certificate with extensions as openssl.cnf writes them. @returns it, and OpenSSL's text of it */
function made(...extensions: string[]): { pem: string; text: string } {
  const config = folder.file('openssl.cnf');
  const name = '[req]\ndistinguished_name=name\nx509_extensions=ext\nprompt=no\n[name]\nCN=Made by OpenSSL\n';
  writeFileSync(config, `${name}[ext]\n${extensions.join('\n')}\n`);
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    folder.file('key'),
  ];
  const args = ['req', '-x509', ...key, '-config', config, '-days', '30'];
  const { stdout: pem, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  expect(pem, stderr).toContain('BEGIN CERTIFICATE');
  const { stdout: text } = spawnSync('openssl', ['x509', '-noout', '-text'], {
    input: pem,
    encoding: 'utf8',
  });
  return { pem, text };
}

describe('the extensions of a certificate', () => {
  it('of a CA with constraints are those that OpenSSL prints', () => {
    const { pem, text } = made(
      'basicConstraints=critical,CA:TRUE,pathlen:1',
      'keyUsage=critical,keyCertSign,cRLSign',
      'nameConstraints=permitted;DNS:.example.com,permitted;IP:192.0.2.0/255.255.255.0,excluded;email:example.org,excluded;IP:2001:db8:0:0:0:0:0:0/ffff:ffff:0:0:0:0:0:0',
      'authorityInfoAccess=OCSP;URI:http://ocsp.example.com,caIssuers;URI:http://ca.example.com/ca.cer',
      'crlDistributionPoints=URI:http://ca.example.com/1.crl,URI:http://ca.example.com/2.crl',
    );
    const { extensions } = new ParsedCertificate(pem).facts;
    expect(extensions).toEqual({
      keyUsage: ['keyCertSign', 'cRLSign'],
      basicConstraints: { ca: true, pathLength: 1 },
      nameConstraints: {
        permitted: ['.example.com', '192.0.2.0/24'],
        excluded: ['example.org', '2001:db8::/32'],
      },
      ocspUrls: ['http://ocsp.example.com'],
      issuerUrls: ['http://ca.example.com/ca.cer'],
      crlUrls: ['http://ca.example.com/1.crl', 'http://ca.example.com/2.crl'],
    });
    for (const words of [
      'CA:TRUE, pathlen:1',
      'Certificate Sign, CRL Sign',
      'OCSP - URI:http://ocsp.example.com',
    ])
      expect(text).toContain(words);
    if (!extensions) throw new Error('They were read.');
    expect(keyUsageWords(extensions.keyUsage ?? [])).toBe('certificate signing, CRL signing');
    expect(constraintLines(extensions)).toEqual([
      'CA, at most 1 CA below it',
      'Only for .example.com, 192.0.2.0/24',
      'Not for example.org, 2001:db8::/32',
    ]);
  });

  it('of a plain leaf are few', () => {
    const { extensions } = new ParsedCertificate(made('basicConstraints=CA:FALSE').pem).facts;
    expect(extensions).toEqual({
      keyUsage: null,
      basicConstraints: { ca: false, pathLength: null },
      nameConstraints: null,
      ...{ ocspUrls: [], issuerUrls: [], crlUrls: [] },
    });
    expect(extensions && constraintLines(extensions)).toEqual(['Not a CA']);
  });

  it('are bounded, however many a certificate lists, and visible', () => {
    const many = Array.from({ length: 80 }, (_, index) => `URI:http://ca.example.com/${index}.crl`).join(',');
    const { extensions } = new ParsedCertificate(made(`crlDistributionPoints=${many}`).pem).facts;
    expect(extensions?.crlUrls).toHaveLength(50);
    const odd = new ParsedCertificate(made('nameConstraints=permitted;DNS:a\u0007b').pem).facts;
    expect(odd.extensions?.nameConstraints?.permitted).toEqual(['a\\u{7}b']);
  });

  it('of a certificate that an earlier version stored are not known', () => {
    expect(readFacts('{"subject":"CN=a"}')).toMatchObject({ subject: 'CN=a', extensions: null });
  });
});
