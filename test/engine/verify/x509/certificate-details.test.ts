import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Extension } from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { readCertificate } from '../../../../electron/engine/verify/x509/certificate-details.ts';
import { DerError } from '../../../../electron/engine/verify/x509/der.ts';
import { makeCa } from '../../../support/pki.ts';

const root = makeCa('Reader Root');
const extension = (extnID: string, hex: string, critical = false) =>
  new Extension({ extnID, critical, extnValue: new OctetString(Buffer.from(hex, 'hex')) });

describe('the reader of certificates', () => {
  it('keeps the kind of every subject alternative name', () => {
    const { der } = root.issue({ sans: ['a.example', '192.0.2.7', '2001:db8::1'] });
    expect(readCertificate(der).sans).toEqual([
      { kind: 'dns', value: 'a.example' },
      { kind: 'ip', value: Buffer.from([192, 0, 2, 7]) },
      { kind: 'ip', value: Buffer.from('20010db8000000000000000000000001', 'hex') },
    ]);
  });

  it('reads key usage, basic constraints, identifiers and addresses', () => {
    const leaf = readCertificate(
      root.issue({ ocspUrl: 'http://ocsp.example/', crlUrl: 'http://crl.example/1' }).der,
    );
    expect(leaf).toMatchObject({
      version: 3,
      basicConstraints: { isCa: false, pathLength: null },
      keyUsage: new Set(['digitalSignature', 'keyEncipherment']),
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      authorityKeyId: { keyId: root.keyId, issuer: null, serialNumber: null },
      authorityInfoAccess: { ocsp: ['http://ocsp.example/'], caIssuers: [] },
      crlPoints: ['http://crl.example/1'],
      faults: [],
    });
    expect(leaf.extensions.map(({ isCritical }) => isCritical)).toContain(true);
    expect(leaf.issuer.key).toBe(readCertificate(root.der).subject.key);
  });

  it('reads must-staple (RFC 7633), SCTs as bytes, and an unknown critical extension', () => {
    const { der } = root.issue({
      extensions: [
        extension('1.3.6.1.5.5.7.1.24', '3003020105'),
        extension('1.3.6.1.4.1.11129.2.4.2', '04020000'),
        extension('1.2.3.4', '0500', true),
      ],
    });
    const { tlsFeatures, sctList, extensions } = readCertificate(der);
    expect([tlsFeatures, sctList]).toEqual([[5], Buffer.from('0000', 'hex')]);
    expect(extensions.at(-1)).toMatchObject({ oid: '1.2.3.4', isCritical: true });
  });

  it.each([
    ['name constraints without a subtree', [extension('2.5.29.30', '3000')], /nameConstraints/],
    ['an extension that comes twice', [extension('1.2.3', '0500'), extension('1.2.3', '0500')], /twice/],
    [
      'a distribution point of reasons alone',
      [extension('2.5.29.31', '3006300481020640')],
      /neither a place/,
    ],
    ['a distribution point of something else', [extension('2.5.29.31', '300430028300')], /something else/],
    [
      'an authority key identifier of something else',
      [extension('2.5.29.35', '3003830101')],
      /something else/,
    ],
    ['one whose parts change places', [extension('2.5.29.35', '3006820107800101')], /something else/],
    ['an authority by its name alone', [extension('2.5.29.35', '3006a104a4023000')], /without a serial/],
    ['policy constraints of something else', [extension('2.5.29.36', '3003820100')], /something else/],
    ['the name of an EDI party that is none', [extension('2.5.29.17', '3002a500')], /EDI party is missing/],
    ['another name without a value', [extension('2.5.29.17', '3006a00406022a03')], /not one value/],
    ['a Netscape type that is no bit string', [extension('2.16.840.1.113730.1.1', '0500')], /Netscape/],
    ['a length in more octets than it needs', [extension('2.5.29.31', '308100')], /shortest form/],
  ])('says why clients refuse %s', (_, extensions, why) => {
    const { der } = root.issue({ extensions });
    expect(new ParsedCertificate(der).readingFaults.join()).toMatch(why);
  });

  it('refuses a certificate larger than a megabyte before it reads it', () => {
    const large = Buffer.concat([Buffer.from('3083200000', 'hex'), Buffer.alloc(0x200000)]);
    expect(() => readCertificate(large)).toThrow(DerError);
  });

  it('refuses elements that are nested deep', () => {
    let nested = Buffer.from('0500', 'hex');
    for (let depth = 0; depth < 60; depth += 1)
      nested = Buffer.concat([Buffer.from([0x30, nested.length]), nested]);
    expect(() => readCertificate(nested)).toThrow(/nested too deep/);
  });

  it('ends with a certificate or a DerError, whatever octet is changed', () => {
    const { der } = root.issue({ sans: ['a.example', '192.0.2.7'] });
    for (let index = 0; index < der.length; index += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const mutated = Buffer.from(der);
        mutated[index] = (mutated[index] ?? 0) ^ flip;
        try {
          readCertificate(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }
    }
  });

  it('reads what the library wrote, name by name', () => {
    const { der, subject } = root.issue({ name: 'Ωmega' });
    expect(readCertificate(der).subject.raw).toEqual(Buffer.from(AsnConvert.serialize(subject)));
  });
});
