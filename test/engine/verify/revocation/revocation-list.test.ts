import { randomBytes } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  DistributionPointName,
  Extension,
  GeneralName,
  IssuingDistributionPoint,
  id_ce_issuingDistributionPoint,
} from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { RevocationListReader } from '../../../../electron/engine/verify/revocation/revocation-list.ts';
import { type Issued, makeCa } from '../../../support/pki.ts';
import { type ListOptions, listPem, revocationList } from '../../../support/revocation-list.ts';

const ca = makeCa('List CA');
const address = 'http://lists.example/ca.crl';
const leaf = ca.issue({ crlUrl: address });
const good = ca.issue({ crlUrl: address });

interface Feeding {
  by?: Issued;
  /** Bytes in a piece. */
  size?: number;
}

/** What a list says of a certificate, fed in pieces; with the most bytes that waited between two pieces. */
function search(list: Buffer, of: Issued = leaf, { by = ca, size = 16_384 }: Feeding = {}) {
  const asked = { leaf: new ParsedCertificate(of.der), issuer: new ParsedCertificate(by.der) };
  const reader = new RevocationListReader(asked, [address], Date.now());
  let pieces = 0;
  for (let at = 0; at < list.length && reader.result === null; at += size) {
    reader.feed(list.subarray(at, at + size));
    pieces += 1;
  }
  return { ...reader.end(), pieces };
}

const scope = (options: Partial<IssuingDistributionPoint>, critical = true) =>
  new Extension({
    extnID: id_ce_issuingDistributionPoint,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(new IssuingDistributionPoint(options))),
  });
const pointAt = (uniformResourceIdentifier: string) =>
  new DistributionPointName({ fullName: [new GeneralName({ uniformResourceIdentifier })] });
const raw = (extnID: string, critical: boolean, der: string) =>
  new Extension({ extnID, critical, extnValue: new OctetString(new Uint8Array(Buffer.from(der, 'hex'))) });

describe('a revocation list', () => {
  it.each([
    ['DER', 10],
    ['PEM', 10],
    ['DER', 6_000],
    ['DER', 500_000],
    ['PEM', 500_000],
  ] as const)('in %s with %i entries is searched to its end (finding 5)', (form, fillers) => {
    const list = revocationList(ca, [leaf], { fillers, reason: 1 });
    const bytes = form === 'PEM' ? Buffer.from(listPem(list)) : list;
    expect(list.length).toBeLessThan(32 * 1024 * 1024);
    expect(search(bytes)).toMatchObject({ state: 'revoked', source: 'crl', reason: 'keyCompromise' });
    expect(search(bytes, good)).toMatchObject({ state: 'good', why: null, revokedAt: null });
  });

  it.each([1, 3, 7, 64])('is read in pieces of %i bytes, in DER and PEM', (size) => {
    const list = revocationList(ca, [leaf], { fillers: 20 });
    for (const bytes of [
      list,
      Buffer.from(listPem(list).replaceAll('\n', '\r\n')),
      Buffer.from(`Words\n${listPem(list)}`),
    ])
      expect(search(bytes, leaf, { size }).state).toBe('revoked');
  });

  it.each<[string, ListOptions]>([
    ['without entries', {}],
    ['for the certificate’s own address', { extensions: [scope({ distributionPoint: pointAt(address) })] }],
    ['of leaves alone', { extensions: [scope({ onlyContainsUserCerts: true })] }],
    ['with extensions that are not critical', { extensions: [raw('2.5.29.20', false, '020101')] }],
  ])('%s is good for who is not on it', (_what, options) => {
    expect(search(revocationList(ca, [], options), good)).toMatchObject({ state: 'good' });
  });

  const lying = makeCa('List CA');
  const mayNot = makeCa('May Not', { hasKeyUsage: true, extensions: [] });
  it.each<[string, Buffer, string, Issued?]>([
    ['signed by another key', revocationList(ca, [leaf], { signer: lying }), 'bad-signature'],
    ['of another CA', revocationList(makeCa('Somebody'), [leaf]), 'wrong-signer'],
    ['that is out of date', revocationList(ca, [leaf], { nextUpdateDays: -0.5 }), 'stale'],
    ['of a time still to come', revocationList(ca, [leaf], { thisUpdateDays: 1 }), 'not-yet-valid'],
    [
      'without an end, two days old',
      revocationList(ca, [leaf], { thisUpdateDays: -2, nextUpdateDays: null }),
      'stale',
    ],
    ['of several CAs', withScope({ indirectCRL: true }), 'unsupported'],
    ['of CAs alone', withScope({ onlyContainsCACerts: true }), 'other-scope'],
    ['of attribute certificates alone', withScope({ onlyContainsAttributeCerts: true }), 'other-scope'],
    [
      'of another part of the CA’s certificates',
      withScope({ distributionPoint: pointAt('http://lists.example/other.crl') }),
      'other-scope',
    ],
    ['of changes alone', withExtension(raw('2.5.29.27', true, '020101')), 'unsupported'],
    [
      'with a critical extension that is not known',
      withExtension(raw('1.2.3.4', true, '0500')),
      'unsupported',
    ],
    ['that is cut off', revocationList(ca, [leaf]).subarray(0, -1), 'unreadable'],
    ['that is no list', Buffer.from('<html>Not found</html>'), 'unreadable'],
    ['of zeros', Buffer.alloc(100_000), 'unreadable'],
    ['that is a certificate', leaf.der, 'unreadable'],
    [
      'of more than 32 MiB',
      Buffer.concat([
        Buffer.from('3084040000003084030000003003020101', 'hex'),
        Buffer.alloc(33 * 2 ** 20, 48),
      ]),
      'unreadable',
    ],
  ])('%s proves nothing', (_what, list, why) => {
    expect(search(list)).toMatchObject({ state: 'unverifiable', why, revokedAt: null });
    expect(search(list, good).state).toBe('unverifiable');
  });

  it('of a CA that may not sign lists proves nothing (RFC 5280 §6.3.3 (f))', () => {
    const other = mayNot.issue({ name: 'No Lists', isCa: false, sans: [] });
    const child = other.issue();
    expect(search(revocationList(other, [child]), child, { by: other }).why).toBe('wrong-signer');
  });

  it('of some reasons alone proves a revocation, and never that there is none', () => {
    const list = withExtension(raw(id_ce_issuingDistributionPoint, true, '300483020106'));
    expect(search(list).state).toBe('revoked');
    expect(search(list, good)).toMatchObject({ state: 'unverifiable', why: 'other-scope' });
  });

  it('takes back an entry by another (RFC 5280 §6.3.3 (k))', () => {
    expect(search(revocationList(ca, [leaf], { reason: 8 })).state).toBe('good');
    expect(search(revocationList(ca, [leaf], { reason: 6 }))).toMatchObject({
      state: 'revoked',
      reason: 'certificateHold',
    });
  });

  it('is looked at no further once it cannot be one', () => {
    expect(search(Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(2 ** 20)])).pieces).toBe(1);
    expect(search(randomBytes(2 ** 20)).pieces).toBeLessThan(10);
  });

  it('goes on beyond 32 MiB in no way', () => {
    const list = revocationList(ca, [leaf], { fillers: 950_000 });
    expect(list.length).toBeGreaterThan(32 * 1024 * 1024);
    expect(search(list)).toMatchObject({ state: 'unverifiable', why: 'too-large' });
  });
});

function withExtension(extension: Extension): Buffer {
  return revocationList(ca, [leaf], { extensions: [extension] });
}
function withScope(options: Partial<IssuingDistributionPoint>): Buffer {
  return withExtension(scope(options));
}
