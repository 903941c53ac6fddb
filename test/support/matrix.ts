import type { TlsOptions } from 'node:tls';
import { id_kp_serverAuth, KeyUsageFlags } from '@peculiar/asn1-x509';
import type { ProblemCode, Status } from '../../shared/schema/check-result.ts';
import { ocspResponse } from './ocsp.ts';
import { nameConstraints, oddExtension } from './odd-extensions.ts';
import { type CertificateOptions, type Issued, makeCa, makeKey, makeSelfSigned } from './pki.ts';
import { sctExtension } from './scts.ts';

/** A server with the verdict that its certificate must get. */
export interface MatrixCase {
  name: string;
  /** The leaf, and what is sent behind it. */
  chain: Issued[];
  tls?: TlsOptions;
  /** The name that is asked for; every name leads to this machine. */
  host?: string;
  /** CAs trusted by CA file; the matrix root unless given. */
  trust?: Issued[];
  /** Whether those count as public CAs, which are held to the Baseline Requirements. */
  isPublic?: boolean;
  /** The date (ISO 8601) after which Mozilla trusts no new certificate of those roots. */
  distrustedAfter?: string;
  /** How many connections the light reader makes; one unless given. */
  connections?: number;
  /** Whether what is wrong shows to the light reader alone: node:tls hides the TLS extension with SCTs. */
  isSeenByLightReaderOnly?: true;
  status: Status;
  /** What is wrong; notes are not among them. */
  codes: ProblemCode[];
  /** Notes that must be there too. */
  notes?: ProblemCode[];
}

/** id-kp-OCSPSigning (RFC 6960 §4.2.2.2). */
const ocspSigning = '1.3.6.1.5.5.7.3.9';

const anything: TlsOptions = { ciphers: 'ALL:!aNULL:!eNULL:@SECLEVEL=0', minVersion: 'TLSv1' };
const only = (version: NonNullable<TlsOptions['minVersion']>): TlsOptions => ({
  ...anything,
  minVersion: version,
  maxVersion: version,
});
const stapling = (response: Buffer): { staple: Buffer } => ({ staple: response });

const ca = (name: string, issuer: Issued, options: CertificateOptions = {}) =>
  issuer.issue({ name, isCa: true, sans: [], notAfterDays: 2000, ...options });

/** badssl.com's families of certificates and protocols, and what chains and names can be besides. */
export function buildMatrix(): { root: Issued; cases: (MatrixCase & { staple?: Buffer })[] } {
  const root = makeCa('Matrix Root');
  const intermediate = ca('Matrix Intermediate', root);
  const leaf = (options: CertificateOptions = {}) => intermediate.issue({ name: 'server.test', ...options });
  const plain = (options: CertificateOptions = {}) => [leaf(options), intermediate];
  const good = leaf();
  const otherRoot = makeCa('Other Root');
  const deep = ca('Deep Intermediate', intermediate);
  const lonely = ca('Lonely Intermediate', root);
  const oldRoot = makeCa('Old Root', { notBeforeDays: -4000, notAfterDays: -10 });
  const crossed = intermediate.crossSign(oldRoot, { notBeforeDays: -100, notAfterDays: -10 });
  const sha1Root = makeCa('SHA-1 Root', { key: 'rsa2048', hash: 'sha1' });
  const sha1Intermediate = ca('SHA-1 Intermediate', sha1Root, { hash: 'sha1' });
  const soonIntermediate = ca('Soon Intermediate', root, { notBeforeDays: -700, notAfterDays: 5 });
  const expiredIntermediate = ca('Expired Intermediate', root, { notBeforeDays: -700, notAfterDays: -5 });
  const weakRoot = makeCa('Weak Root', { key: 'rsa1024' });
  const brainpoolRoot = makeCa('Brainpool Root', { key: 'brainpool256' });
  const selfSigned = makeSelfSigned({ name: 'server.test' });
  const names = (count: number, suffix: string) =>
    Array.from({ length: count }, (_, index) => `${index}${suffix}`);
  const responder = root.issue({ name: 'Impostor', sans: [] });
  const delegate = intermediate.issue({
    name: 'Responder',
    sans: [],
    usages: [ocspSigning],
    privateKey: makeKey('p256'),
  });
  const expiredDelegate = intermediate.issue({
    notAfterDays: -0.5,
    name: 'Responder',
    sans: [],
    usages: [ocspSigning],
    privateKey: makeKey('p256'),
  });
  const expiredAnswer = { status: 'good', thisUpdateDays: -20, nextUpdateDays: -10 } as const;
  const askable = leaf({ ocspUrl: 'http://ocsp.invalid/' });
  const shortLived = leaf({ notBeforeDays: -1, notAfterDays: 8 });
  const logged = leaf({ extensions: [sctExtension()] });
  // TLS features with status_request (RFC 7633 §4.2.2).
  const mustStaple = leaf({ extensions: [oddExtension('1.3.6.1.5.5.7.1.24', '3003020105')] });
  const lax = leaf({ hasKeyUsage: false });
  const notCa = ca('Not a CA', root, {
    isCa: false,
    keyUsage: KeyUsageFlags.keyCertSign,
    usages: [id_kp_serverAuth],
  });
  const shortPath = ca('Short Path', root, { pathLength: 0 });
  const tooDeep = ca('Too Deep', shortPath);
  const noSigner = ca('No Signer', root, { keyUsage: KeyUsageFlags.cRLSign });
  const clientCa = ca('Client CA', root, {
    extensions: [oddExtension('2.5.29.37', '300a06082b06010505070302')],
  });
  const constrained = ca('Constrained CA', root, {
    extensions: [nameConstraints({ permitted: ['DNS:other.test'] })],
  });
  const policyCa = ca('Policy CA', root, { extensions: [oddExtension('2.5.29.36', '3003800100', true)] });
  const futureCa = ca('Future CA', root, { notBeforeDays: 2 });
  const caAndServer = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature;
  const shouted = makeCa('MATRIX  INTERMEDIATE', { privateKey: intermediate.privateKey }).issue({
    name: 'server.test',
  });
  const longChain = [root];
  for (let depth = 1; depth <= 8; depth += 1) longChain.unshift(ca(`Depth ${depth}`, longChain[0] ?? root));
  longChain.unshift((longChain[0] ?? root).issue({ name: 'server.test' }));
  const ok = { status: 'ok', codes: [] } as const satisfies Partial<MatrixCase>;
  const critical = (...codes: ProblemCode[]) => ({ status: 'critical', codes }) as const;
  const warning = (...codes: ProblemCode[]) => ({ status: 'warning', codes }) as const;

  const cases: (MatrixCase & { staple?: Buffer })[] = [
    // Time
    { name: 'valid', chain: [good, intermediate], ...ok },
    { name: 'expired', chain: plain({ notBeforeDays: -90, notAfterDays: -1 }), ...critical('expired') },
    {
      name: 'not yet valid',
      chain: plain({ notBeforeDays: 2, notAfterDays: 90 }),
      ...critical('not-yet-valid'),
    },
    {
      name: 'below the warning threshold',
      chain: plain({ notBeforeDays: -70, notAfterDays: 20 }),
      ...warning('expiring'),
    },
    {
      name: 'below the critical threshold',
      chain: plain({ notBeforeDays: -85, notAfterDays: 5 }),
      ...critical('expiring'),
    },
    {
      name: 'six days old of a lifetime of 47',
      chain: plain({ notBeforeDays: -6, notAfterDays: 41 }),
      ...ok,
    },
    {
      name: 'a day of a lifetime of six',
      chain: plain({ notBeforeDays: -5, notAfterDays: 1 }),
      ...warning('expiring'),
    },
    {
      name: 'hours old of a lifetime of one day',
      chain: plain({ notBeforeDays: -0.2, notAfterDays: 0.8 }),
      ...ok,
    },

    // Names (RFC 9525)
    { name: 'wrong host', chain: plain({ name: 'other.test' }), ...critical('hostname-mismatch') },
    {
      name: 'common name without alternative names',
      chain: plain({ sans: [] }),
      ...critical('hostname-mismatch'),
    },
    { name: 'no common name', chain: plain({ name: null, sans: ['server.test'] }), ...ok },
    { name: 'no subject and no names', chain: plain({ name: null }), ...critical('hostname-mismatch') },
    {
      name: 'wildcard for one label',
      chain: plain({ sans: ['*.test.example'] }),
      host: 'server.test.example',
      ...ok,
    },
    {
      name: 'wildcard for two labels',
      chain: plain({ sans: ['*.example'] }),
      host: 'server.test.example',
      ...critical('hostname-mismatch'),
    },
    {
      name: 'wildcard within a label',
      chain: plain({ sans: ['s*.test.example'] }),
      host: 'server.test.example',
      ...critical('hostname-mismatch'),
    },
    {
      name: 'wildcard for the parent itself',
      chain: plain({ sans: ['*.test.example'] }),
      host: 'test.example',
      ...critical('hostname-mismatch'),
    },
    { name: 'IPv4 address', chain: plain({ sans: ['127.0.0.1'] }), host: '127.0.0.1', ...ok },
    {
      name: 'IPv4 address as a DNS name',
      chain: plain({ sans: ['server.test'] }),
      host: '127.0.0.1',
      ...critical('hostname-mismatch'),
    },
    {
      name: 'internationalised name',
      chain: plain({ sans: ['xn--mnchen-3ya.example'] }),
      host: 'münchen.example',
      ...ok,
    },
    { name: 'trailing dot', chain: [good, intermediate], host: 'server.test.', ...ok },
    { name: 'upper case', chain: plain({ sans: ['SERVER.test'] }), host: 'Server.TEST'.toLowerCase(), ...ok },
    { name: '1,000 names', chain: plain({ sans: [...names(999, '.names.example'), 'server.test'] }), ...ok },
    { name: '10,000 names', chain: plain({ sans: [...names(9_999, '.t'), 'server.test'] }), ...ok },
    {
      name: 'a name with control characters and overrides',
      chain: plain({ name: 'evil\u202e\u0007\ngood', sans: ['server.test'] }),
      ...ok,
    },

    {
      name: 'wildcard for a whole top-level domain',
      chain: plain({ sans: ['*.test'] }),
      ...critical('hostname-mismatch'),
    },

    // Chains
    {
      name: 'a leaf without key usage that signs another',
      chain: [lax.issue({ name: 'server.test', key: 'p384' }), lax, intermediate],
      ...critical('not-a-ca'),
    },
    { name: 'self-signed', chain: [selfSigned], ...critical('self-signed') },
    { name: 'self-signed and trusted by name', chain: [selfSigned], trust: [selfSigned], ...ok },
    {
      name: 'untrusted root, sent',
      chain: [otherRoot.issue({ name: 'server.test' }), otherRoot],
      ...critical('untrusted-issuer'),
    },
    { name: 'untrusted root, not sent', chain: plain(), trust: [otherRoot], ...critical('untrusted-issuer') },
    {
      name: 'incomplete chain',
      chain: [lonely.issue({ name: 'server.test' })],
      ...critical('incomplete-chain'),
    },
    { name: 'reversed chain', chain: [deep.issue({ name: 'server.test' }), root, intermediate, deep], ...ok },
    { name: 'root sent along', chain: [good, intermediate, root], ...ok },
    { name: 'everything twice', chain: [good, intermediate, intermediate, root, root], ...ok },
    { name: 'strangers between', chain: [good, otherRoot, lonely, intermediate], ...ok },
    { name: 'two intermediates', chain: [deep.issue({ name: 'server.test' }), deep, intermediate], ...ok },
    {
      name: 'an intermediate that is trusted itself',
      chain: [deep.issue({ name: 'server.test' }), deep],
      trust: [deep],
      ...ok,
    },
    {
      name: 'an expired cross-sign before the good one',
      chain: [good, crossed, oldRoot, intermediate],
      trust: [root, oldRoot],
      ...ok,
    },
    {
      name: 'an expired cross-sign alone',
      chain: [good, crossed],
      trust: [oldRoot],
      ...critical('intermediate-expiring'),
    },
    {
      name: 'an intermediate that is about to expire',
      chain: [soonIntermediate.issue({ name: 'server.test' }), soonIntermediate],
      ...critical('intermediate-expiring'),
    },
    {
      name: 'an expired intermediate',
      chain: [expiredIntermediate.issue({ name: 'server.test' }), expiredIntermediate],
      ...critical('intermediate-expiring'),
    },
    {
      name: 'a leaf that signs another',
      chain: [good.issue({ name: 'server.test', key: 'p384' }), good, intermediate],
      ...critical('not-a-ca', 'issuer-key-usage'),
    },

    // Keys and signatures
    { name: 'RSA 1024', chain: plain({ key: 'rsa1024' }), tls: anything, ...critical('weak-key') },
    { name: 'RSA 2048', chain: plain({ key: 'rsa2048' }), ...ok },
    { name: 'RSA 3072', chain: plain({ key: 'rsa3072' }), ...ok },
    { name: 'RSA 4096', chain: plain({ key: 'rsa4096' }), ...ok },
    { name: 'RSA 8192', chain: plain({ key: 'rsa8192' }), ...ok },
    { name: 'EC P-256', chain: plain({ key: 'p256' }), ...ok },
    { name: 'EC P-384', chain: plain({ key: 'p384' }), ...ok },
    { name: 'EC P-521', chain: plain({ key: 'p521' }), ...ok },
    { name: 'Ed25519', chain: plain({ key: 'ed25519' }), ...critical('unsupported-key') },
    {
      name: 'SHA-1 leaf',
      chain: [sha1Root.issue({ name: 'server.test', hash: 'sha1' }), sha1Root],
      trust: [sha1Root],
      tls: anything,
      ...critical('weak-signature'),
    },
    {
      name: 'SHA-1 intermediate',
      chain: [sha1Intermediate.issue({ name: 'server.test' }), sha1Intermediate],
      trust: [sha1Root],
      tls: anything,
      ...critical('weak-signature'),
    },
    {
      name: 'SHA-1 on the trusted root alone',
      chain: [sha1Root.issue({ name: 'server.test' }), sha1Root],
      trust: [sha1Root],
      tls: anything,
      ...ok,
    },
    {
      name: 'MD5 leaf',
      chain: [sha1Root.issue({ name: 'server.test', hash: 'md5' }), sha1Root],
      trust: [sha1Root],
      tls: anything,
      ...critical('weak-signature'),
    },
    {
      name: 'a weak root',
      chain: [weakRoot.issue({ name: 'server.test' }), weakRoot],
      trust: [weakRoot],
      tls: anything,
      ...critical('weak-key'),
    },
    {
      name: 'a leaf under a trusted brainpool root',
      chain: [brainpoolRoot.issue({ name: 'server.test' }), brainpoolRoot],
      trust: [brainpoolRoot],
      ...critical('unsupported-key'),
    },
    {
      name: 'a leaf under an untrusted brainpool root',
      chain: [brainpoolRoot.issue({ name: 'server.test' }), brainpoolRoot],
      ...critical('untrusted-issuer', 'unsupported-key'),
    },
    { name: 'a brainpool leaf', chain: plain({ key: 'brainpool256' }), ...critical('unsupported-key') },
    {
      name: 'a secp256k1 leaf',
      chain: plain({ key: 'secp256k1' }),
      tls: { ...only('TLSv1.2'), ecdhCurve: 'secp256k1' },
      ...critical('unsupported-key'),
    },

    {
      name: 'a public CA’s leaf that lives too long',
      chain: plain({ notBeforeDays: -10, notAfterDays: 400, extensions: [sctExtension()] }),
      isPublic: true,
      ...critical('validity-too-long'),
    },

    {
      name: 'for clients alone',
      chain: plain({ usages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4'] }),
      ...critical('wrong-usage'),
    },
    { name: 'for anything', chain: plain({ usages: ['2.5.29.37.0'] }), ...critical('wrong-usage') },

    // Path validation (RFC 5280 §6.1)
    {
      name: 'an intermediate that is no CA',
      chain: [notCa.issue({ name: 'server.test' }), notCa],
      ...critical('not-a-ca'),
    },
    {
      name: 'one CA too many',
      chain: [tooDeep.issue({ name: 'server.test' }), tooDeep, shortPath],
      ...critical('path-length'),
    },
    {
      name: 'a CA that may not sign',
      chain: [noSigner.issue({ name: 'server.test' }), noSigner],
      ...critical('issuer-key-usage'),
    },
    {
      name: 'a CA for clients',
      chain: [clientCa.issue({ name: 'server.test' }), clientCa],
      ...critical('issuer-not-for-servers'),
    },
    {
      name: 'a name outside of what its CA may issue for',
      chain: [constrained.issue({ name: 'server.test' }), constrained],
      ...critical('name-constraints'),
    },
    {
      name: 'an unknown critical extension',
      chain: plain({ extensions: [oddExtension('1.2.3.4', '0500', true)] }),
      ...critical('critical-extension'),
    },
    {
      name: 'a TLS feature that Firefox does not know',
      chain: plain({ extensions: [oddExtension('1.3.6.1.5.5.7.1.24', '3003020111')] }),
      ...critical('refused-extension'),
    },
    {
      name: 'a key usage for signing certificates alone',
      chain: plain({ keyUsage: KeyUsageFlags.keyCertSign }),
      ...critical('key-usage'),
    },
    {
      name: 'a key usage without signatures where the key exchange needs one (finding 03)',
      chain: plain({ key: 'rsa2048', keyUsage: KeyUsageFlags.keyEncipherment }),
      ...critical('key-usage'),
    },
    {
      name: 'a CA certificate on a server',
      chain: [ca('server.test', root, { sans: ['server.test'], keyUsage: caAndServer })],
      ...critical('ca-as-server'),
    },
    {
      name: 'a certificate that names another key of its issuer',
      chain: plain({ extensions: [oddExtension('2.5.29.35', '30068004deadbeef')] }),
      ...critical('authority-key-mismatch'),
    },
    {
      name: 'a certificate without the policy that its CA requires',
      chain: [policyCa.issue({ name: 'server.test' }), policyCa],
      ...critical('invalid-policy'),
    },
    {
      name: 'an empty extended key usage',
      chain: plain({ extensions: [oddExtension('2.5.29.37', '3000')] }),
      ...critical('malformed-certificate'),
    },
    {
      name: 'another key than the issuer’s of that name',
      chain: [makeCa('Matrix Intermediate').issue({ name: 'server.test' }), intermediate],
      ...critical('bad-signature'),
    },
    {
      name: 'an intermediate that is not valid yet',
      chain: [futureCa.issue({ name: 'server.test' }), futureCa],
      ...critical('issuer-not-yet-valid'),
    },
    {
      name: 'no key identifiers',
      chain: plain({ omit: ['2.5.29.35'] }),
      ...ok,
      notes: ['missing-identifier'],
    },
    {
      name: 'a common name that is not among the names',
      chain: plain({ name: 'Our server', sans: ['server.test'] }),
      ...ok,
      notes: ['common-name'],
    },
    {
      name: 'an underscore in a name',
      chain: plain({ sans: ['server.test', 'a_b.test'] }),
      ...ok,
      notes: ['unusual-name'],
    },
    {
      name: 'a serial number of 21 octets',
      chain: plain({ serial: Buffer.alloc(21, 1) }),
      ...ok,
      notes: ['unusual-field'],
    },
    {
      name: 'an issuer in capital letters',
      chain: [shouted, intermediate],
      ...ok,
      notes: ['issuer-spelling'],
    },
    { name: 'eight intermediates', chain: longChain, ...ok, notes: ['long-chain'] },

    // Mozilla's list and Certificate Transparency
    { name: 'a public CA’s leaf with SCTs', chain: [logged, intermediate], isPublic: true, ...ok },
    {
      name: 'a public CA’s leaf without SCTs',
      chain: plain(),
      isPublic: true,
      isSeenByLightReaderOnly: true,
      ...critical('no-scts'),
    },
    {
      name: 'issued after Mozilla’s date of distrust',
      chain: [logged, intermediate],
      isPublic: true,
      distrustedAfter: new Date(Date.now() - 5 * 86_400_000).toISOString(),
      ...critical('distrusted-root'),
    },
    {
      name: 'issued before Mozilla’s date of distrust',
      chain: plain({ notBeforeDays: -6, extensions: [sctExtension()] }),
      isPublic: true,
      distrustedAfter: new Date(Date.now() - 5 * 86_400_000).toISOString(),
      ...ok,
    },
    {
      name: 'a key usage without the bit that ECDHE needs',
      chain: plain({ key: 'rsa2048', keyUsage: KeyUsageFlags.keyEncipherment }),
      ...critical('key-usage'),
    },

    // Protocols
    {
      name: 'TLS 1.0 alone',
      chain: plain({ key: 'rsa2048' }),
      tls: only('TLSv1'),
      ...critical('old-protocol'),
    },
    {
      name: 'TLS 1.1 alone',
      chain: plain({ key: 'rsa2048' }),
      tls: only('TLSv1.1'),
      ...critical('old-protocol'),
    },
    {
      name: 'DHE alone, which no browser has',
      chain: plain({ key: 'rsa2048' }),
      tls: { ciphers: 'DHE-RSA-AES128-GCM-SHA256', dhparam: 'auto', maxVersion: 'TLSv1.2' },
      connections: 2, // The second one asks with the suites of browsers.
      ...critical('old-cipher'),
    },
    {
      name: 'DHE preferred, and a suite of browsers beside it',
      chain: plain({ key: 'rsa2048' }),
      tls: {
        ciphers: 'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
        honorCipherOrder: true,
        dhparam: 'auto',
        maxVersion: 'TLSv1.2',
      },
      connections: 2,
      ...ok,
    },
    { name: 'TLS 1.2 alone', chain: plain(), tls: only('TLSv1.2'), ...ok },
    { name: 'TLS 1.3 alone', chain: plain(), tls: only('TLSv1.3'), ...ok },
    {
      name: 'client certificate required, TLS 1.2',
      chain: plain(),
      tls: { ...only('TLSv1.2'), requestCert: true, rejectUnauthorized: true },
      ...ok,
    },
    {
      name: 'client certificate required, TLS 1.3',
      chain: plain(),
      tls: { ...only('TLSv1.3'), requestCert: true, rejectUnauthorized: true },
      ...ok,
    },

    // Revocation
    {
      name: 'revoked by a stapled answer',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'revoked' })),
      ...critical('revoked'),
    },
    {
      name: 'good by a stapled answer',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'good' })),
      ...ok,
    },
    {
      name: 'a staple that is forged',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'revoked', isForged: true })),
      ...critical('invalid-staple'),
    },
    {
      name: 'a staple signed by a stranger',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'revoked', signer: responder })),
      ...critical('invalid-staple'),
    },
    {
      name: 'revoked by a responder to whom the issuer delegated',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'revoked', signer: delegate })),
      ...critical('revoked'),
    },
    {
      name: 'a staple that is out of date',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, expiredAnswer)),
      ...critical('expired-staple'),
    },
    {
      name: 'revoked by a staple that is out of date',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { ...expiredAnswer, status: 'revoked' })),
      ...critical('revoked', 'expired-staple'),
    },
    {
      name: 'a staple of twelve days that ends in some to come',
      chain: [good, intermediate],
      ...stapling(
        ocspResponse(good, intermediate, { status: 'good', thisUpdateDays: -12, nextUpdateDays: 18 }),
      ),
      ...critical('expired-staple'),
    },
    {
      name: 'a staple without an end, of three days ago',
      chain: [good, intermediate],
      ...stapling(
        ocspResponse(good, intermediate, { status: 'good', thisUpdateDays: -3, nextUpdateDays: null }),
      ),
      ...critical('expired-staple'),
    },
    {
      name: 'a staple of a responder that has expired since',
      chain: [good, intermediate],
      ...stapling(ocspResponse(good, intermediate, { status: 'good', signer: expiredDelegate })),
      ...critical('invalid-staple'),
    },
    {
      name: 'a staple that ended within the last day',
      chain: [good, intermediate],
      ...stapling(
        ocspResponse(good, intermediate, { status: 'good', thisUpdateDays: -3, nextUpdateDays: -0.5 }),
      ),
      ...ok,
    },
    {
      name: 'an old staple where the CA can be asked',
      chain: [askable, intermediate],
      ...stapling(ocspResponse(askable, intermediate, expiredAnswer)),
      ...warning('expired-staple'),
    },
    {
      name: 'an old staple of a short-lived certificate',
      chain: [shortLived, intermediate],
      ...stapling(ocspResponse(shortLived, intermediate, expiredAnswer)),
      ...ok,
      notes: ['expired-staple'],
    },
    {
      name: 'an old staple of a public CA',
      chain: [logged, intermediate],
      isPublic: true,
      ...stapling(ocspResponse(logged, intermediate, expiredAnswer)),
      ...ok,
      notes: ['expired-staple'],
    },
    {
      name: 'must-staple without a staple',
      chain: [mustStaple, intermediate],
      ...critical('missing-staple'),
    },
    {
      name: 'must-staple with a staple',
      chain: [mustStaple, intermediate],
      ...stapling(ocspResponse(mustStaple, intermediate, { status: 'good' })),
      ...ok,
    },
    {
      name: 'a staple about another certificate',
      chain: [good, intermediate],
      ...stapling(ocspResponse(leaf(), intermediate, { status: 'revoked' })),
      ...critical('invalid-staple'),
    },
    {
      name: 'a staple of garbage',
      chain: [good, intermediate],
      ...stapling(Buffer.from('not an answer')),
      ...critical('invalid-staple'),
    },

    {
      name: 'a staple of garbage where the CA can be asked',
      chain: [askable, intermediate],
      ...stapling(Buffer.from('not an answer')),
      ...critical('invalid-staple'),
    },
    {
      name: 'a staple signed by a stranger where the CA can be asked',
      chain: [askable, intermediate],
      ...stapling(ocspResponse(askable, intermediate, { status: 'good', signer: responder })),
      ...warning('invalid-staple'),
    },
    {
      name: 'a staple that is forged, of a public CA',
      chain: [logged, intermediate],
      isPublic: true,
      ...stapling(ocspResponse(logged, intermediate, { status: 'good', isForged: true })),
      ...ok,
      notes: ['invalid-staple'],
    },
    {
      name: 'a staple of garbage of a short-lived certificate',
      chain: [shortLived, intermediate],
      ...stapling(Buffer.from('not an answer')),
      ...ok,
      notes: ['invalid-staple'],
    },

    // Several at once
    {
      name: 'three faults at once',
      chain: plain({ name: 'other.test', notBeforeDays: -90, notAfterDays: -1, key: 'rsa1024' }),
      tls: anything,
      ...critical('expired', 'hostname-mismatch', 'weak-key'),
    },
    {
      name: 'five faults at once',
      chain: [
        makeSelfSigned({
          name: 'other.test',
          notBeforeDays: -90,
          notAfterDays: -1,
          key: 'rsa1024',
          hash: 'sha1',
        }),
      ],
      tls: only('TLSv1'),
      ...critical(
        'expired',
        'hostname-mismatch',
        'self-signed',
        'weak-key',
        'weak-signature',
        'old-protocol',
      ),
    },
  ];
  return { root, cases };
}
