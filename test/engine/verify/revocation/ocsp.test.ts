import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { readOcspAnswer } from '../../../../electron/engine/verify/revocation/ocsp.ts';
import { circularStaple, crowdedStaple } from '../../../support/hostile/certificates.ts';
import { type OcspOptions, ocspResponse } from '../../../support/ocsp.ts';
import { type CertificateOptions, type Issued, makeCa } from '../../../support/pki.ts';

/** id-kp-OCSPSigning (RFC 6960 §4.2.2.2). */
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const root = makeCa('Answer Root');
const other = makeCa('Other Root');
const ca = root.issue({ name: 'Answer CA', isCa: true, sans: [] });
const leaf = ca.issue();
const responder = (issuer: Issued, options: CertificateOptions = {}) =>
  issuer.issue({ name: 'Responder', sans: [], usages: [ocspSigning], ...options });

const read = (response: Buffer, now = Date.now(), of = leaf, by = ca) =>
  readOcspAnswer(
    response,
    { leaf: new ParsedCertificate(of.der), issuer: new ParsedCertificate(by.der) },
    now,
  );
const answer = (options: Partial<OcspOptions> = {}) =>
  ocspResponse(leaf, ca, { status: 'revoked', ...options });

describe('an OCSP answer', () => {
  it.each<[string, Partial<OcspOptions>]>([
    ['of the issuer that encloses it', {}],
    ['of the issuer that encloses nothing (RFC 6960 §4.2.1)', { certificates: [] }],
    ['of the issuer, named by its key', { certificates: [], isByKey: true }],
    ['of a responder that the issuer authorized', { signer: responder(ca) }],
    ['of a responder named by its key', { signer: responder(ca), isByKey: true }],
    ['of a responder, between other certificates', { ...enclosing(responder(ca), [leaf.der, root.der]) }],
    [
      'of a responder with the usage of nonRepudiation (RFC 5280 §4.2.1.12)',
      { signer: responder(ca, { keyUsage: KeyUsageFlags.nonRepudiation }) },
    ],
    ['after nine others', { others: Array.from({ length: 9 }, () => ca.issue()) }],
  ])('%s proves a revocation', (_what, options) => {
    expect(read(answer(options))).toMatchObject({ state: 'revoked', why: null, source: 'staple' });
    expect(read(answer({ ...options, status: 'good' })).state).toBe('good');
    expect(read(answer({ ...options, status: 'unknown' })).state).toBe('unknown');
  });

  it.each<[string, Partial<OcspOptions>]>([
    ['that is out of date', { nextUpdateDays: -0.5 }],
    ['without an end, a year old', { thisUpdateDays: -365, nextUpdateDays: null }],
    ['of a responder that has expired since', { signer: responder(ca, { notAfterDays: -0.5 }) }],
  ])('%s proves a revocation, which is for good, and nothing else', (_what, options) => {
    expect(read(answer(options))).toMatchObject({ state: 'revoked', why: null });
    expect(read(answer({ ...options, status: 'good' })).state).toBe('unverifiable');
    expect(read(answer({ ...options, status: 'unknown' })).state).toBe('unverifiable');
  });

  it('that says several things of one certificate says the worst that is known', () => {
    expect(read(answer({ before: ['good', 'unknown'] })).state).toBe('revoked');
    expect(read(answer({ before: ['revoked'], status: 'good' })).state).toBe('revoked');
    expect(read(answer({ before: ['unknown'], status: 'good' })).state).toBe('good');
  });

  it('says when it is from, when the next one comes, and when the certificate was revoked', () => {
    const { at, until, revokedAt } = read(answer());
    const days = (iso: string | null) => Math.round((Date.parse(iso ?? '') - Date.now()) / 86_400_000);
    expect([at, until, revokedAt].map(days)).toEqual([-1, 6, -3]);
  });

  const signedBy = (signer: Issued, certificates = [signer.der]) => ({ signer, certificates });
  it.each<[string, Partial<OcspOptions>, string]>([
    ['with a wrong signature', { isForged: true }, 'bad-signature'],
    ['of a responder without the purpose', signedBy(ca.issue({ name: 'R', sans: [] })), 'wrong-signer'],
    ['of another CA’s responder', signedBy(responder(other)), 'wrong-signer'],
    ['of another CA', signedBy(other), 'wrong-signer'],
    ['of the CA above', signedBy(root), 'wrong-signer'],
    [
      'of a responder that a responder issued',
      signedBy(responder(ca.issue({ name: 'Between', isCa: true, sans: [] }))),
      'wrong-signer',
    ],
    [
      'of a responder that was not yet valid',
      signedBy(responder(ca, { notBeforeDays: -0.5 })),
      'wrong-signer',
    ],
    [
      'of a responder that had expired before',
      signedBy(responder(ca, { notBeforeDays: -9, notAfterDays: -2 })),
      'wrong-signer',
    ],
    [
      'of a responder that may not sign',
      signedBy(responder(ca, { keyUsage: KeyUsageFlags.keyEncipherment })),
      'wrong-signer',
    ],
    ['of a responder that is not enclosed', signedBy(responder(ca), []), 'wrong-signer'],
    ['that is out of date', { status: 'good', nextUpdateDays: -0.5 }, 'stale'],
    ['of a time still to come', { thisUpdateDays: 1 }, 'not-yet-valid'],
    ['with four certificates', { certificates: [ca, root, leaf, other].map(({ der }) => der) }, 'too-large'],
    ['with eleven answers', { others: Array.from({ length: 10 }, () => ca.issue()) }, 'too-large'],
  ])('%s proves nothing', (_what, options, why) => {
    expect(read(answer(options))).toMatchObject({ state: 'unverifiable', why, revokedAt: null });
  });

  it('is about one certificate of one issuer', () => {
    expect(read(answer(), Date.now(), ca.issue()).why).toBe('other-certificate');
    const twin = makeCa('Answer CA');
    expect(read(answer(), Date.now(), leaf, twin).why).toBe('other-certificate');
  });

  it('proves nothing wherever it is cut off or not DER', () => {
    const whole = answer();
    for (let length = 0; length < whole.length; length += 1)
      expect(read(whole.subarray(0, length)).state).toBe('unverifiable');
    expect(read(Buffer.concat([whole, Buffer.alloc(1)])).why).toBe('unreadable');
    expect(read(Buffer.from('30030a0106', 'hex')).why).toBe('no-answer'); // unauthorized (§4.2.1)
  });
});

function enclosing(signer: Issued, before: readonly Buffer[]) {
  return { signer, certificates: [...before, signer.der] };
}

describe('a hostile answer', () => {
  it('with two CAs that sign each other ends (finding 2)', () => {
    expect(read(circularStaple(leaf, ca))).toMatchObject({ state: 'unverifiable', why: 'wrong-signer' });
  });

  it('with 200 certificates is not looked at (finding 3)', () => {
    const response = crowdedStaple(leaf, ca);
    expect(response.length).toBeGreaterThan(60_000);
    expect(read(response)).toMatchObject({ state: 'unverifiable', why: 'too-large' });
  });
});
