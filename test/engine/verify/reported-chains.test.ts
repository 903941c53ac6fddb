import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { Verifier } from '../../../electron/engine/verify/verifier.ts';
import { alternativeNames, nameConstraints, oddExtension } from '../../support/odd-extensions.ts';
import { type CertificateOptions, type Issued, makeCa, makeKey, nameOf } from '../../support/pki.ts';

/**
 * What people reported of other programs' certificate checks, each case by its number in our list of reports, with cases of the
 * same kind beside it: another place in the chain, another extension, another kind of key. Cases that need a server or a CA's
 * service are in matrix.test.ts, server-facts.test.ts, revocation/ and probe/alerts.test.ts.
 */
interface Shown {
  leaf: Issued;
  sent?: readonly Issued[];
  anchors: readonly Issued[];
  host?: string;
  protocol?: string;
  cipher?: string;
}

const thresholds = { warning: { days: 20 }, critical: { days: 5 } };
const ca = (issuer: Issued, name: string, options: CertificateOptions = {}) =>
  issuer.issue({ name, isCa: true, sans: [], notAfterDays: 2000, ...options });
const serverOf = (issuer: Issued, options: CertificateOptions = {}) =>
  issuer.issue({ name: 'server.test', ...options });

/** Problems that count, by a verifier that has seen nothing unless one is given. */
async function problems(
  { leaf, sent = [], anchors, host = 'server.test', protocol, cipher }: Shown,
  verifier = new Verifier(
    new TrustStores(
      [],
      anchors.map(({ pem }) => pem),
    ),
  ),
) {
  const judged = await verifier.verify(
    {
      chain: [leaf, ...sent].map(({ der }) => der),
      protocol: protocol ?? null,
      cipher: cipher ?? null,
      staple: null,
      isKeyProven: true,
    },
    { host, thresholds, caFiles: [], now: Date.now() },
  );
  return (judged?.problems ?? []).filter(({ severity }) => severity !== 'note');
}
const codes = async (...args: Parameters<typeof problems>) =>
  (await problems(...args)).map(({ code }) => code);

const root = makeCa('Corp Root');

describe('02: an address as a DNS name', () => {
  it.each([
    ['IPv4', '127.0.0.1', ['DNS:127.0.0.1']],
    ['IPv6', '::1', ['DNS:::1']],
    ['IPv6 in another spelling', '::1', ['DNS:0:0:0:0:0:0:0:1']],
    ['beside a real name', '127.0.0.1', ['DNS:server.test', 'DNS:127.0.0.1']],
  ])('%s covers nothing, and the sentence says why', async (_, host, names) => {
    const leaf = serverOf(root, { extensions: [alternativeNames(names)] });
    const found = await problems({ leaf, anchors: [root], host });
    expect(found.map(({ code }) => code)).toEqual(['hostname-mismatch']);
    expect(found[0]?.message).toContain('as a DNS name');
  });

  it.each([
    ['a URI', ['URI:https://127.0.0.1/']],
    ['another address', ['DNS:127.0.0.2']],
    ['the common name', ['DNS:server.test']],
  ])('nor does %s', async (_, names) => {
    const leaf = serverOf(root, { name: '127.0.0.1', extensions: [alternativeNames(names)] });
    const found = await problems({ leaf, anchors: [root], host: '127.0.0.1' });
    expect(found.map(({ code }) => code)).toEqual(['hostname-mismatch']);
    expect(found[0]?.message).not.toContain('as a DNS name');
  });
});

describe('03: a key usage that does not fit servers', () => {
  const { digitalSignature, keyEncipherment, keyAgreement, dataEncipherment, nonRepudiation } = KeyUsageFlags;
  it.each<[string, number, CertificateOptions['key'], string, string, string[]]>([
    [
      'none of the three bits',
      dataEncipherment,
      'rsa2048',
      'TLSv1.3',
      'TLS_AES_128_GCM_SHA256',
      ['key-usage'],
    ],
    ['non-repudiation alone', nonRepudiation, 'p256', 'TLSv1.3', 'TLS_AES_128_GCM_SHA256', ['key-usage']],
    ['key agreement alone, EC', keyAgreement, 'p384', 'TLSv1.3', 'TLS_AES_128_GCM_SHA256', ['key-usage']],
    [
      'encipherment alone, DHE',
      keyEncipherment,
      'rsa2048',
      'TLSv1.2',
      'DHE-RSA-AES128-GCM-SHA256',
      ['key-usage'],
    ],
    ['encipherment alone, RSA', keyEncipherment, 'rsa2048', 'TLSv1.2', 'AES128-GCM-SHA256', []],
    ['a signature, EC', digitalSignature, 'p521', 'TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', []],
  ])('%s', async (_, keyUsage, key, protocol, cipher, expected) => {
    const leaf = serverOf(root, { keyUsage, key: key ?? 'p256' });
    expect(await codes({ leaf, anchors: [root], protocol, cipher })).toEqual(expected);
  });
});

describe('04 and 05: what a CA limits counts wherever it stands', () => {
  const elsewhere = { extensions: [nameConstraints({ permitted: ['DNS:other.test'] })] };
  const forbidden = { extensions: [nameConstraints({ excluded: ['DNS:test'] })] };
  it.each<[string, CertificateOptions, CertificateOptions, CertificateOptions, string]>([
    ['names of the issuer', {}, {}, elsewhere, 'name-constraints'],
    ['names two CAs up', {}, elsewhere, {}, 'name-constraints'],
    ['names of the root', forbidden, {}, {}, 'name-constraints'],
    ['a length of the CA above the issuer', {}, { pathLength: 0 }, {}, 'path-length'],
    ['a length of the root', { pathLength: 1 }, {}, {}, 'path-length'],
    ['a length of zero of the root', { pathLength: 0 }, {}, {}, 'path-length'],
  ])('%s', async (_, top, upper, lower, code) => {
    const anchor = makeCa('Limiting Root', top);
    const [first, second] = [ca(anchor, 'Upper', upper)].flatMap((one) => [one, ca(one, 'Lower', lower)]);
    if (!first || !second) throw new Error('A CA is missing.');
    const found = await problems({ leaf: serverOf(second), sent: [second, first], anchors: [anchor] });
    expect(found.map((one) => one.code)).toEqual([code]);
    // The remedy is that of its cause: naming the root as a CA file would mend nothing.
    expect(found[0]?.remedy).not.toContain('CA files');
  });
});

describe('06: an issuer that is no CA is told as that, and not as an unknown issuer', () => {
  it.each<[string, CertificateOptions, string[]]>([
    ['CA:FALSE', { isCa: false, keyUsage: KeyUsageFlags.keyCertSign }, ['not-a-ca']],
    ['no basic constraints', { omit: ['2.5.29.19'] }, ['not-a-ca']],
    ['no keyCertSign', { keyUsage: KeyUsageFlags.digitalSignature }, ['issuer-key-usage']],
    [
      'clients alone',
      { extensions: [oddExtension('2.5.29.37', '300a06082b06010505070302')] },
      ['issuer-not-for-servers'],
    ],
    [
      'an unknown critical extension',
      { extensions: [oddExtension('1.2.3.4', '0500', true)] },
      ['critical-extension'],
    ],
  ])('%s, at either place of the chain and at its top', async (_, options, expected) => {
    const bad = ca(root, 'Corp Issuing', options);
    expect(await codes({ leaf: serverOf(bad), sent: [bad], anchors: [root] })).toEqual(expected);
    const below = ca(bad, 'Corp Below');
    const found = await problems({ leaf: serverOf(below), sent: [below, bad], anchors: [root] });
    expect(found.map(({ code }) => code)).toEqual(expected);
    expect(found[0]?.message).toContain('Corp Issuing');
    expect(found[0]?.remedy).not.toContain('CA files');
    const top = makeCa('Corp Top', { ...options, isCa: options.isCa ?? true });
    expect(await codes({ leaf: serverOf(top), anchors: [top] })).toEqual(expected);
  });
});

describe('15: a root that has expired, and its key cross-signed (DST Root CA X3, AddTrust)', () => {
  const oldRoot = makeCa('Old Root', { notBeforeDays: -4000, notAfterDays: -3 });
  const newRoot = makeCa('New Root');
  const cross = (days: number) => newRoot.crossSign(oldRoot, { notBeforeDays: -3000, notAfterDays: days });
  const issuing = ca(newRoot, 'Issuing');
  const leaf = serverOf(issuing);
  it.each<[string, readonly Issued[], readonly Issued[], string[]]>([
    ['the old root expired, both known', [issuing, cross(900)], [oldRoot, newRoot], []],
    ['the cross-sign expired', [issuing, cross(-3)], [oldRoot, newRoot], []],
    ['in the wrong order', [cross(-3), issuing], [newRoot, oldRoot], []],
    ['the expired root sent along', [issuing, cross(900), oldRoot], [newRoot], []],
    [
      'an old client, which knows the expired root alone',
      [issuing, cross(900)],
      [oldRoot],
      ['intermediate-expiring'],
    ],
  ])('%s', async (_, sent, anchors, expected) =>
    expect(await codes({ leaf, sent, anchors })).toEqual(expected),
  );
  it('that is the only one known has the remedy of a root: renew it here, and not the certificate', async () => {
    const [problem] = await problems({ leaf, sent: [issuing, cross(900)], anchors: [oldRoot] });
    expect(problem?.remedy).toMatch(/renewed root/);
  });
});

describe('18: the issuer’s name in other letters, blanks and types of string', () => {
  it.each(['CORP ROOT', 'corp  root', ' Corp Root '])('%j', async (name) => {
    const respelled = makeCa(name, { privateKey: root.privateKey });
    expect(await codes({ leaf: serverOf(respelled), anchors: [root] })).toEqual([]);
    const between = ca(respelled, 'Between');
    expect(await codes({ leaf: serverOf(between), sent: [between], anchors: [root] })).toEqual([]);
  });
  it('but not another name', async () => {
    const other = makeCa('Corp  Rootx', { privateKey: root.privateKey });
    expect(await codes({ leaf: serverOf(other), anchors: [root] })).toEqual(['incomplete-chain']);
  });
});

describe('24: names', () => {
  it.each([
    ['an e-mail address', ['email:admin@server.test']],
    ['a URI', ['URI:https://server.test/']],
    ['a directory name', ['dirName:server.test']],
  ])(
    '%s alone is no name of a host, and the sentence does not say that there are no names',
    async (_, names) => {
      const leaf = serverOf(root, { extensions: [alternativeNames(names)] });
      const [problem] = await problems({ leaf, anchors: [root] });
      expect(problem).toMatchObject({ code: 'hostname-mismatch' });
      expect(problem?.message).toContain('no DNS name or IP address among its subject alternative names');
    },
  );
  it.each(['server.test.', '*.test.', '*.test', '*', 'server.*', 's*.test', '.server.test', 'server..test'])(
    '%s does not cover server.test',
    async (name) => {
      const leaf = serverOf(root, { extensions: [alternativeNames([`DNS:${name}`])] });
      expect(await codes({ leaf, anchors: [root] })).toEqual(['hostname-mismatch']);
    },
  );
});

describe('30: a verdict depends on no history', () => {
  const issuing = ca(root, 'Issuing');
  const [whole, lone] = [serverOf(issuing), serverOf(issuing, { key: 'p384' })];
  const incomplete = { leaf: lone, anchors: [root] };
  const verifier = () => new Verifier(new TrustStores([], [root.pem]));

  it('an incomplete chain is as critical before and after another host sent its intermediate', async () => {
    const seasoned = verifier();
    const before = await problems(incomplete, seasoned);
    expect(await codes({ leaf: whole, sent: [issuing], anchors: [root] }, seasoned)).toEqual([]);
    expect(await problems(incomplete, seasoned)).toEqual(before);
    expect(await problems(incomplete, verifier())).toEqual(before);
    expect(before).toMatchObject([{ code: 'incomplete-chain', severity: 'critical' }]);
  });

  it('the same leaf is judged by what came with it, also after it came whole', async () => {
    const seasoned = verifier();
    for (const sent of [[issuing], [], [issuing], [issuing, root]])
      expect(await codes({ leaf: whole, sent, anchors: [root] }, seasoned)).toEqual(
        sent.length > 0 ? [] : ['incomplete-chain'],
      );
  });
});

describe('36: any good path is enough, and the one that lasts longest counts', () => {
  const near = { notAfterDays: 4 };
  it('for a root that was renewed under its key, in either order and beside a stranger of its name', async () => {
    const key = makeKey('p256');
    const [old, renewed] = [
      makeCa('Ours', { privateKey: key, ...near }),
      makeCa('Ours', { privateKey: key }),
    ];
    const stranger = makeCa('Ours');
    const leaf = serverOf(renewed);
    for (const anchors of [
      [old, renewed, stranger],
      [stranger, renewed, old],
    ])
      expect(await codes({ leaf, anchors })).toEqual([]);
    expect(await codes({ leaf, anchors: [old] })).toEqual(['intermediate-expiring']);
  });

  it('for an intermediate in three versions, of which one is near its end and one is limited', async () => {
    const first = ca(root, 'Ours', near);
    const more = (options: CertificateOptions) =>
      ca(root, 'Ours', { privateKey: first.privateKey, ...options });
    const limited = more({ extensions: [nameConstraints({ permitted: ['dirName:Nobody'] })] });
    const good = more({ notAfterDays: 300 });
    for (const sent of [
      [first, limited, good],
      [good, limited, first],
      [limited, good, first],
    ])
      expect(await codes({ leaf: serverOf(first), sent, anchors: [root] })).toEqual([]);
  });

  it('for a cross-signed intermediate of another key type, where the shorter path is near its end', async () => {
    const other = makeCa('Other Root', { key: 'p384', ...near });
    const issuing = ca(root, 'Crossed', { key: 'rsa2048' });
    const crossed = issuing.crossSign(other, { subject: nameOf('Crossed') });
    for (const sent of [
      [crossed, issuing],
      [issuing, crossed],
    ])
      expect(await codes({ leaf: serverOf(issuing), sent, anchors: [other, root] })).toEqual([]);
  });
});
