import { AuthorityKeyIdentifier, type Extension, GeneralName, KeyUsageFlags } from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { keyExchangeFault } from '../../../../electron/engine/verify/path/key-exchange.ts';
import { validatePath } from '../../../../electron/engine/verify/path/path-validation.ts';
import { alternativeNames, nameConstraints, oddExtension } from '../../../support/odd-extensions.ts';
import { type CertificateOptions, extension, type Issued, makeCa, nameOf } from '../../../support/pki.ts';

const ca = (issuer: Issued, name: string, options: CertificateOptions = {}) =>
  issuer.issue({ name, isCa: true, sans: [], ...options });
const leafOf = (issuer: Issued, options: CertificateOptions = {}) =>
  issuer.issue({ name: 'server.test', ...options });

/** Codes of a trusted path from its root to its leaf, each with the place in the path where it is. */
function faultsOf(path: readonly Issued[], severity = 'critical'): string[] {
  const fromLeaf = path.map(({ der }) => new ParsedCertificate(der)).reverse();
  return validatePath(fromLeaf, true, 'server')
    .filter((fault) => fault.severity === severity)
    .map(({ at, code }) => `${at} ${code}`);
}

/** The chain root, one CA, one leaf, each with options of its own. */
function chain(root: CertificateOptions, middle: CertificateOptions, leaf: CertificateOptions): Issued[] {
  const top = makeCa('Root', root);
  const issuing = ca(top, 'Issuing', middle);
  return [top, issuing, leafOf(issuing, leaf)];
}
const same = <Option>(option: Option): [Option, Option, Option] => [option, option, option];
const eku = (hex: string) => oddExtension('2.5.29.37', hex);
const clientAuth = eku('300a06082b06010505070302');
const anyUsage = eku('300606 04551d2500'.replaceAll(' ', ''));

/** What clients still apply of extensions that few servers have; each was held to `openssl verify` 3.0.19 or to mozpkix's source. */
const netscape = (bits: string) =>
  oddExtension('2.16.840.1.113730.1.1', `03${(bits.length / 2).toString(16).padStart(2, '0')}${bits}`);
const proxy = oddExtension('1.3.6.1.5.5.7.1.14', '300c300a06082b06010505071501');
const blocks = oddExtension('1.3.6.1.5.5.7.1.7', '300e300c040200013006030400c00002');
const inheritedBlocks = oddExtension('1.3.6.1.5.5.7.1.7', '300830060402000 10500'.replace(' ', ''));
const feature = (hex: string) => oddExtension('1.3.6.1.5.5.7.1.24', hex);
/** Names the issuer of a certificate’s issuer and, in hexadecimal, its serial number. */
function authorityOf(name: string, serial: string): Extension {
  const authority = new AuthorityKeyIdentifier({
    authorityCertIssuer: [new GeneralName({ directoryName: nameOf(name) })],
    authorityCertSerialNumber: new Uint8Array(Buffer.from(serial, 'hex')).buffer,
  });
  return extension('2.5.29.35', authority);
}

describe('a good path', () => {
  it('has no fault and no note', () => {
    const path = chain({}, {}, {});
    expect([faultsOf(path), faultsOf(path, 'warning'), faultsOf(path, 'note')]).toEqual([[], [], []]);
  });

  it('may have self-issued CAs beyond the path length (RFC 5280 §6.1.4 l)', () => {
    const root = makeCa('Root');
    const first = ca(root, 'Rolling', { pathLength: 0 });
    const rolled = first.issue({ name: 'Rolling', isCa: true, sans: [] });
    expect(faultsOf([root, first, rolled, leafOf(rolled)])).toEqual([]);
  });

  it('may have a self-issued CA whose name is not permitted (RFC 5280 §6.1.3 b)', () => {
    const root = makeCa('Root', { extensions: [nameConstraints({ permitted: ['dirName:server.test'] })] });
    const rolled = ca(root, 'Root');
    expect(faultsOf([root, rolled, leafOf(rolled)])).toEqual([]);
    const other = ca(root, 'Other');
    expect(faultsOf([root, other, leafOf(other)])).toEqual(['2 name-constraints']);
  });
});

describe('what a CA does wrong is reported for that CA', () => {
  it.each<[string, CertificateOptions, CertificateOptions, string[]]>([
    ['a path length of its root', { pathLength: 0 }, {}, ['2 path-length']],
    ['a root without keyCertSign', { keyUsage: KeyUsageFlags.cRLSign }, {}, ['2 issuer-key-usage']],
    ['a root for clients', { extensions: [clientAuth] }, {}, ['2 issuer-not-for-servers']],
    ['a root without basic constraints', { omit: ['2.5.29.19'] }, {}, ['2 not-a-ca']],
    [
      'a root with an unknown critical extension',
      { extensions: [oddExtension('1.2.3', '0500', true)] },
      {},
      ['2 critical-extension'],
    ],
    [
      'a root that names another key as its own',
      { extensions: [oddExtension('2.5.29.35', '30068004deadbeef')] },
      {},
      ['2 authority-key-mismatch'],
    ],
    ['a root with a weak key', { key: 'rsa1024' }, {}, ['2 weak-key']],
    ['a root on a curve of old', { key: 'secp192r1' }, {}, ['2 weak-key']],
    ['a root with an Ed25519 key', { key: 'ed25519' }, {}, ['2 unsupported-key']],
    ['a root with a DSA key', { key: 'dsa2048' }, {}, ['1 weak-signature', '2 weak-key']],
    ['an intermediate without basic constraints', {}, { omit: ['2.5.29.19'] }, ['1 not-a-ca']],
    ['an intermediate for anything', {}, { extensions: [anyUsage] }, ['1 issuer-not-for-servers']],
    [
      'an intermediate for anything but servers',
      {},
      { extensions: [clientAuth] },
      ['1 issuer-not-for-servers'],
    ],
    [
      'an intermediate with a critical AIA',
      {},
      { extensions: [oddExtension('1.3.6.1.5.5.7.1.1', '300e300c06082b060105050730018600', true)] },
      ['1 critical-extension'],
    ],
    [
      'an intermediate whose key usage allows nothing',
      {},
      { extensions: [oddExtension('2.5.29.15', '03020700', true)] },
      ['1 malformed-certificate'],
    ],
    [
      'policies that are required and not there',
      {},
      { extensions: [oddExtension('2.5.29.36', '3003800100', true)] },
      ['0 invalid-policy'],
    ],
    ['an intermediate that is a proxy certificate', {}, { extensions: [proxy] }, ['1 refused-extension']],
    ['a root that is a proxy certificate', { extensions: [proxy] }, {}, ['2 refused-extension']],
    [
      'TLS features of an intermediate that the leaf does not name',
      {},
      { extensions: [feature('3003020105')] },
      ['1 refused-extension'],
    ],
    [
      'TLS features of a root that the intermediate does not name',
      { extensions: [feature('3003020105')] },
      {},
      ['2 refused-extension'],
    ],
    ['a signature of SHA-1 on an intermediate', { key: 'rsa2048' }, { hash: 'sha1' }, ['1 weak-signature']],
  ])('%s', (_, root, middle, faults) => expect(faultsOf(chain(root, middle, {}))).toEqual(faults));

  it.each<[string, CertificateOptions]>([
    ['SHA-1 on the root itself', { key: 'rsa2048', hash: 'sha1' }],
    ['MD5 on the root itself', { key: 'rsa2048', hash: 'md5' }],
  ])('but %s counts for nothing', (_, root) => expect(faultsOf(chain(root, {}, {}))).toEqual([]));
});

describe('an extension that a client applies is fine', () => {
  const stapling = feature('3003020105');
  it.each<[string, CertificateOptions, CertificateOptions, CertificateOptions]>([
    ['TLS features that all links name', ...same({ extensions: [stapling] })],
    ['must-staple on the leaf alone', {}, {}, { extensions: [stapling] }],
    ['IP address blocks that all links have', ...same({ extensions: [blocks] })],
    ['inherited IP address blocks', {}, {}, { extensions: [inheritedBlocks] }],
    ['IP address blocks of a CA alone', {}, { extensions: [blocks] }, {}],
    ['a Netscape type for servers', {}, {}, { extensions: [netscape('0640')] }],
    ['a Netscape type for clients on a CA', {}, { extensions: [netscape('0780')] }, {}],
  ])('%s', (_, root, middle, leaf) => expect(faultsOf(chain(root, middle, leaf))).toEqual([]));
});

const manyNames = Array.from({ length: 12_000 }, (_, index) => `name-${index}.example`);

describe('what a leaf does wrong', () => {
  it.each<[string, CertificateOptions, string[]]>([
    ['a signature of SHA-1', { hash: 'sha1' }, ['0 weak-signature']],
    [
      'a signature of SHA-1 beside 12,000 names (finding 5)',
      { hash: 'sha1', sans: ['localhost', ...manyNames] },
      ['0 weak-signature'],
    ],
    ['an extended key usage of any', { extensions: [anyUsage] }, ['0 wrong-usage']],
    [
      'OCSP signing beside servers',
      { usages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.9'] },
      ['0 wrong-usage'],
    ],
    [
      'a precertificate (RFC 6962 §3.1, finding 25)',
      { extensions: [oddExtension('1.3.6.1.4.1.11129.2.4.3', '0500', true)] },
      ['0 critical-extension'],
    ],
    [
      'a critical key identifier',
      { extensions: [oddExtension('2.5.29.14', '0401aa', true)] },
      ['0 critical-extension'],
    ],
    [
      'an address of five octets',
      { extensions: [oddExtension('2.5.29.17', '300787050102030405')] },
      ['0 malformed-certificate'],
    ],
    [
      'names without a subject, not critical',
      { name: null, extensions: [alternativeNames(['DNS:server.test'])] },
      ['0 malformed-certificate'],
    ],
    [
      'policies with a critical qualifier of its own',
      {
        extensions: [
          oddExtension('2.5.29.32', '300f300d06022a0330073005060329 0102'.replaceAll(' ', ''), true),
        ],
      },
      ['0 critical-extension'],
    ],
    [
      'another serial number of its issuer (finding 32)',
      { extensions: [authorityOf('Root', '07')] },
      ['0 authority-key-mismatch'],
    ],
    [
      'a serial number of its issuer without a name',
      { extensions: [oddExtension('2.5.29.35', '3003820107')] },
      ['0 malformed-certificate'],
    ],
    ['a Netscape type for clients alone', { extensions: [netscape('0780')] }, ['0 wrong-usage']],
    ['a Netscape type for nothing', { extensions: [netscape('00')] }, ['0 wrong-usage']],
    [
      'the constraints of a CA, and the key usage of a server',
      {
        keyUsage: KeyUsageFlags.digitalSignature,
        extensions: [oddExtension('2.5.29.19', '30030101ff', true)],
      },
      ['0 ca-as-server'],
    ],
    ['the mark of a proxy certificate', { extensions: [proxy] }, ['0 refused-extension']],
    ['IP address blocks that its CAs do not have', { extensions: [blocks] }, ['0 refused-extension']],
    ['a TLS feature beside stapling', { extensions: [feature('3006020105020111')] }, ['0 refused-extension']],
    ['an empty list of TLS features', { extensions: [feature('3000')] }, ['0 refused-extension']],
  ])('%s', (_, leaf, faults) => expect(faultsOf(chain({}, {}, leaf))).toEqual(faults));

  it.each<[string, CertificateOptions, string[]]>([
    ['a serial number of zero', { serial: Buffer.of(0) }, ['0 unusual-field']],
    [
      'the right to sign certificates, though it is no CA',
      { keyUsage: KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature },
      ['0 unusual-field'],
    ],
    ['a path length, though it is no CA', { pathLength: 0 }, ['0 unusual-field']],
    [
      'a common name that differs by case from its name',
      { name: 'Server.test', sans: ['server.test'] },
      ['0 common-name'],
    ],
    ['no authority key identifier', { omit: ['2.5.29.35'] }, ['0 missing-identifier']],
    ['no extended key usage', { omit: ['2.5.29.37'] }, ['0 unusual-field']],
    ['any use beside servers', { usages: ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'] }, ['0 unusual-field']],
    [
      'a key usage that is not critical',
      { extensions: [oddExtension('2.5.29.15', '03020780')] },
      ['0 unusual-field'],
    ],
    [
      'the right to sign revocation lists, though it is no CA',
      { keyUsage: KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature },
      ['0 unusual-field'],
    ],
  ])('and clients do not mind is a note: %s', (_, leaf, notes) => {
    const path = chain({}, {}, leaf);
    expect([faultsOf(path), faultsOf(path, 'note')]).toEqual([[], notes]);
  });
});

describe('an issuer that is named by its own issuer and serial number (finding 32)', () => {
  const path = (name: string) =>
    chain({}, { serial: Buffer.of(0x41) }, { extensions: [authorityOf(name, '41')] });
  it('is a note where it is the right one (Baseline Requirements §7.1.2.11.1)', () => {
    expect(faultsOf(path('Root'))).toEqual([]);
    expect(faultsOf(path('Root'), 'note')).toEqual(['0 missing-identifier', '0 unusual-field']);
  });
  it('is critical where it is another', () =>
    expect(faultsOf(path('Other'))).toEqual(['0 authority-key-mismatch']));
});

describe('what a CA does and clients do not mind is a note', () => {
  it.each<[string, CertificateOptions]>([
    ['a key usage that is not critical', { extensions: [oddExtension('2.5.29.15', '03020106')] }],
    [
      'a critical extended key usage',
      { extensions: [oddExtension('2.5.29.37', '300a06082b06010505070301', true)] },
    ],
  ])('%s', (_, middle) => {
    const path = chain({}, middle, {});
    expect([faultsOf(path), faultsOf(path, 'note')]).toEqual([[], ['1 unusual-field']]);
  });
});

describe('certificate policies (RFC 5280 §6.1)', () => {
  const policies = (...hex: string[]) => {
    const each = hex.map((oid) => `30${(oid.length / 2).toString(16).padStart(2, '0')}${oid}`).join('');
    return oddExtension('2.5.29.32', `30${(each.length / 2).toString(16).padStart(2, '0')}${each}`);
  };
  const [one, two, any] = ['06022a03', '06022a04', '0604551d2000'] as const;
  const required = oddExtension('2.5.29.36', '3003800100', true);
  const noAny = oddExtension('2.5.29.54', '020100', true);
  const mapping = oddExtension('2.5.29.33', `300a3008${one}${two}`);
  const criticalMapping = oddExtension('2.5.29.33', `300a3008${one}${two}`, true);
  const path = (middle: CertificateOptions['extensions'], leaf: CertificateOptions['extensions']) =>
    faultsOf(chain({}, { extensions: middle ?? [] }, { extensions: leaf ?? [] }));

  it.each([
    ['one that both have', [policies(one), required], [policies(one)], []],
    ['any of the CA', [policies(any), required], [policies(two)], []],
    ['one that is mapped to the leaf’s', [policies(one), required, mapping], [policies(two)], []],
    ['none, where none is required', [policies(one)], [policies(two)], []],
    [
      'critical mappings of a CA',
      [policies(one), criticalMapping],
      [policies(two)],
      ['1 critical-extension'],
    ],
    [
      'critical mappings of a leaf',
      [policies(one)],
      [policies(one), criticalMapping],
      ['0 critical-extension'],
    ],
    ['another than the CA’s', [policies(one), required], [policies(two)], ['0 invalid-policy']],
    [
      'any of the leaf where the CA inhibits it',
      [policies(one), required, noAny],
      [policies(any)],
      ['0 invalid-policy'],
    ],
    ['one that is mapped away', [policies(one), required, mapping], [policies(one)], ['0 invalid-policy']],
  ])('%s', (_, middle, leaf, faults) => expect(path(middle, leaf)).toEqual(faults));
});

describe('the key usage of a leaf against the key exchange (finding 03)', () => {
  const leaf = (keyUsage: number) =>
    new ParsedCertificate(leafOf(makeCa(), { key: 'rsa2048', keyUsage }).der);
  const { digitalSignature, keyEncipherment } = KeyUsageFlags;
  it.each([
    ['TLSv1.2', 'TLS_RSA_WITH_AES_128_GCM_SHA256', keyEncipherment, true],
    ['TLSv1.2', 'AES128-GCM-SHA256', keyEncipherment, true],
    ['TLSv1.2', 'AES128-GCM-SHA256', digitalSignature, false],
    ['TLSv1.2', 'ECDHE-RSA-AES128-GCM-SHA256', digitalSignature, true],
    ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', keyEncipherment, false],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', digitalSignature, true],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', keyEncipherment, false],
  ])('%s %s with %i: %s', (protocol, cipher, usage, isFine) =>
    expect(keyExchangeFault(leaf(usage), protocol, cipher) === null).toBe(isFine),
  );
});
