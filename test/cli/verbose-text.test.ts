import { describe, expect, it } from 'vitest';
import { renderVerbose } from '../../electron/cli/formats/verbose-text.ts';
import { revocationWords, sctWords, storeWords } from '../../shared/text/trust-words.ts';
import { checkResult } from '../support/check-result.ts';

const now = Date.parse('2026-07-01T00:00:00Z');
const revocation = { why: null, source: null, at: null, until: null, revokedAt: null, reason: null };

describe('check -v', () => {
  it('prints names, key, fingerprints, each link with its end, stores, revocation and SCTs', () => {
    const result = checkResult({ problems: [], now });
    const { certificate } = result;
    const extensions = {
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      basicConstraints: { ca: false, pathLength: null },
      nameConstraints: null,
      ocspUrls: ['http://ocsp.example.com'],
      issuerUrls: [],
      crlUrls: ['http://ca.example.com/1.crl'],
    };
    const text = renderVerbose({
      ...result,
      certificate: certificate && { ...certificate, extensions },
      trust: {
        root: 'CN=Root',
        stores: [
          { store: 'system', file: null },
          { store: 'file', file: '/etc/ca.pem' },
        ],
        path: [
          { subject: 'CN=host', fingerprint256: 'AB:CD', validTo: '2026-08-30T00:00:00.000Z', isSent: true },
          { subject: 'CN=Root', fingerprint256: 'EF:01', validTo: '2036-01-01T00:00:00.000Z', isSent: false },
        ],
      },
      revocation: { ...revocation, state: 'unverifiable', why: 'stale', source: 'staple' },
      transparency: {
        scts: [{ logId: 'bG9n', timestamp: '2026-06-01T00:00:00.000Z', source: 'tls' }],
        isComplete: true,
      },
    });
    for (const words of [
      'Names       host',
      'Key         EC prime256v1',
      'Key usage   digitalSignature, keyEncipherment',
      'CA          no',
      'OCSP        http://ocsp.example.com',
      'CRL         http://ca.example.com/1.crl',
      'Serial      01',
      'SHA-256     AB:AB',
      'Chain       host, until 2026-08-30',
      'Root, until 2036-01-01, SHA-256 EF01…, not sent',
      'Trusted by  system, CA file /etc/ca.pem',
      'Revocation  Could not be verified (stapled OCSP response): the answer has expired',
      'SCTs        1 in TLS',
      '2026-06-01T00:00:00.000Z, log bG9n (tls)',
    ])
      expect(text).toContain(words);
  });

  it('tells what is not known from what is good', () => {
    expect(revocationWords({ ...revocation, state: 'good', source: 'ocsp' })).toBe('Good (OCSP)');
    expect(revocationWords({ ...revocation, state: 'not-asked', why: 'off' })).toBe(
      'Not checked: checking with the CA is off',
    );
    expect(sctWords({ scts: [], isComplete: true })).toBe('None');
    expect(sctWords({ scts: [], isComplete: false })).toContain('other places were not seen');
    expect(storeWords({ root: '', path: [], stores: [{ store: 'mozilla', file: null }] })).toBe('Mozilla');
  });
});
