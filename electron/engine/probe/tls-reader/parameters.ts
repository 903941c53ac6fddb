import { generateKeyPairSync } from 'node:crypto';
import type { HashName } from './hmac.ts';

/** What is offered and understood: code points of the IANA registry “TLS Parameters”, with the names they have there. */

export type Version = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** RFC 8446 §4.2.1, RFC 5246 §E.1. */
export const versions: Readonly<Record<number, Version>> = {
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

/** The cipher and hash of a TLS 1.3 suite that both OpenSSL and BoringSSL have behind node:crypto. */
export interface Suite13 {
  name: string;
  cipher: 'aes-128-gcm' | 'aes-256-gcm';
  keyLength: 16 | 32;
  hash: HashName;
}

/** RFC 8446 §B.4. ChaCha20 is left out: BoringSSL does not give it to node:crypto. */
export const suites13: Readonly<Record<number, Suite13>> = {
  4866: { name: 'TLS_AES_256_GCM_SHA384', cipher: 'aes-256-gcm', keyLength: 32, hash: 'sha384' },
  4865: { name: 'TLS_AES_128_GCM_SHA256', cipher: 'aes-128-gcm', keyLength: 16, hash: 'sha256' },
};

/** How a suite up to TLS 1.2 exchanges keys: what is signed, if anything. */
type KeyExchange = 'ecdhe' | 'dhe' | 'rsa';
export type Authentication = 'ecdsa' | 'rsa' | 'dss';

export interface Suite12 {
  name: string;
  exchange: KeyExchange;
  authentication: Authentication;
}

const suite = (name: string, exchange: KeyExchange, authentication: Authentication): Suite12 => ({
  name: `TLS_${name}`,
  exchange,
  authentication,
});

/**
 * Suites up to TLS 1.2 in the order in which they are offered: RFC 5246 §A.5, RFC 5289, RFC 8422, RFC 7905. Nothing is
 * ever encrypted with them, so any will do that leads to a certificate; those that show none (anon, PSK) are left out.
 */
export const suites12: ReadonlyMap<number, Suite12> = new Map([
  [0xc02c, suite('ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ecdhe', 'ecdsa')],
  [0xc030, suite('ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ecdhe', 'rsa')],
  [0xcca9, suite('ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ecdhe', 'ecdsa')],
  [0xcca8, suite('ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ecdhe', 'rsa')],
  [0xc02b, suite('ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ecdhe', 'ecdsa')],
  [0xc02f, suite('ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ecdhe', 'rsa')],
  [0xc024, suite('ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ecdhe', 'ecdsa')],
  [0xc028, suite('ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ecdhe', 'rsa')],
  [0xc023, suite('ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ecdhe', 'ecdsa')],
  [0xc027, suite('ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ecdhe', 'rsa')],
  [0xc00a, suite('ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ecdhe', 'ecdsa')],
  [0xc014, suite('ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ecdhe', 'rsa')],
  [0xc009, suite('ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ecdhe', 'ecdsa')],
  [0xc013, suite('ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ecdhe', 'rsa')],
  [0xc0ad, suite('ECDHE_ECDSA_WITH_AES_256_CCM', 'ecdhe', 'ecdsa')],
  [0xc0ac, suite('ECDHE_ECDSA_WITH_AES_128_CCM', 'ecdhe', 'ecdsa')],
  [0xc008, suite('ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA', 'ecdhe', 'ecdsa')],
  [0xc012, suite('ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', 'ecdhe', 'rsa')],
  [0x009f, suite('DHE_RSA_WITH_AES_256_GCM_SHA384', 'dhe', 'rsa')],
  [0xccaa, suite('DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'dhe', 'rsa')],
  [0x009e, suite('DHE_RSA_WITH_AES_128_GCM_SHA256', 'dhe', 'rsa')],
  [0x006b, suite('DHE_RSA_WITH_AES_256_CBC_SHA256', 'dhe', 'rsa')],
  [0x0067, suite('DHE_RSA_WITH_AES_128_CBC_SHA256', 'dhe', 'rsa')],
  [0x0039, suite('DHE_RSA_WITH_AES_256_CBC_SHA', 'dhe', 'rsa')],
  [0x0033, suite('DHE_RSA_WITH_AES_128_CBC_SHA', 'dhe', 'rsa')],
  [0x0016, suite('DHE_RSA_WITH_3DES_EDE_CBC_SHA', 'dhe', 'rsa')],
  [0x0038, suite('DHE_DSS_WITH_AES_256_CBC_SHA', 'dhe', 'dss')],
  [0x0032, suite('DHE_DSS_WITH_AES_128_CBC_SHA', 'dhe', 'dss')],
  [0x009d, suite('RSA_WITH_AES_256_GCM_SHA384', 'rsa', 'rsa')],
  [0x009c, suite('RSA_WITH_AES_128_GCM_SHA256', 'rsa', 'rsa')],
  [0x003d, suite('RSA_WITH_AES_256_CBC_SHA256', 'rsa', 'rsa')],
  [0x003c, suite('RSA_WITH_AES_128_CBC_SHA256', 'rsa', 'rsa')],
  [0x0035, suite('RSA_WITH_AES_256_CBC_SHA', 'rsa', 'rsa')],
  [0x002f, suite('RSA_WITH_AES_128_CBC_SHA', 'rsa', 'rsa')],
  [0x000a, suite('RSA_WITH_3DES_EDE_CBC_SHA', 'rsa', 'rsa')],
  // What old or odd devices are left with (RFC 6655, 7251, 6209, 5932, 4162, 5469, 6347 §B): current libraries have none of the last.
  [0xc0af, suite('ECDHE_ECDSA_WITH_AES_256_CCM_8', 'ecdhe', 'ecdsa')],
  [0xc0ae, suite('ECDHE_ECDSA_WITH_AES_128_CCM_8', 'ecdhe', 'ecdsa')],
  [0xc05d, suite('ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384', 'ecdhe', 'ecdsa')],
  [0xc061, suite('ECDHE_RSA_WITH_ARIA_256_GCM_SHA384', 'ecdhe', 'rsa')],
  [0xc05c, suite('ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256', 'ecdhe', 'ecdsa')],
  [0xc060, suite('ECDHE_RSA_WITH_ARIA_128_GCM_SHA256', 'ecdhe', 'rsa')],
  [0xc073, suite('ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384', 'ecdhe', 'ecdsa')],
  [0xc077, suite('ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384', 'ecdhe', 'rsa')],
  [0xc072, suite('ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256', 'ecdhe', 'ecdsa')],
  [0xc076, suite('ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256', 'ecdhe', 'rsa')],
  [0xc09f, suite('DHE_RSA_WITH_AES_256_CCM', 'dhe', 'rsa')],
  [0xc09e, suite('DHE_RSA_WITH_AES_128_CCM', 'dhe', 'rsa')],
  [0xc053, suite('DHE_RSA_WITH_ARIA_256_GCM_SHA384', 'dhe', 'rsa')],
  [0xc052, suite('DHE_RSA_WITH_ARIA_128_GCM_SHA256', 'dhe', 'rsa')],
  [0x0088, suite('DHE_RSA_WITH_CAMELLIA_256_CBC_SHA', 'dhe', 'rsa')],
  [0x0045, suite('DHE_RSA_WITH_CAMELLIA_128_CBC_SHA', 'dhe', 'rsa')],
  [0x009a, suite('DHE_RSA_WITH_SEED_CBC_SHA', 'dhe', 'rsa')],
  [0x00a3, suite('DHE_DSS_WITH_AES_256_GCM_SHA384', 'dhe', 'dss')],
  [0x00a2, suite('DHE_DSS_WITH_AES_128_GCM_SHA256', 'dhe', 'dss')],
  [0x006a, suite('DHE_DSS_WITH_AES_256_CBC_SHA256', 'dhe', 'dss')],
  [0x0040, suite('DHE_DSS_WITH_AES_128_CBC_SHA256', 'dhe', 'dss')],
  [0x0013, suite('DHE_DSS_WITH_3DES_EDE_CBC_SHA', 'dhe', 'dss')],
  [0xc09d, suite('RSA_WITH_AES_256_CCM', 'rsa', 'rsa')],
  [0xc09c, suite('RSA_WITH_AES_128_CCM', 'rsa', 'rsa')],
  [0xc0a1, suite('RSA_WITH_AES_256_CCM_8', 'rsa', 'rsa')],
  [0xc0a0, suite('RSA_WITH_AES_128_CCM_8', 'rsa', 'rsa')],
  [0xc051, suite('RSA_WITH_ARIA_256_GCM_SHA384', 'rsa', 'rsa')],
  [0xc050, suite('RSA_WITH_ARIA_128_GCM_SHA256', 'rsa', 'rsa')],
  [0x0084, suite('RSA_WITH_CAMELLIA_256_CBC_SHA', 'rsa', 'rsa')],
  [0x0041, suite('RSA_WITH_CAMELLIA_128_CBC_SHA', 'rsa', 'rsa')],
  [0x0096, suite('RSA_WITH_SEED_CBC_SHA', 'rsa', 'rsa')],
  [0x0007, suite('RSA_WITH_IDEA_CBC_SHA', 'rsa', 'rsa')],
  [0xc007, suite('ECDHE_ECDSA_WITH_RC4_128_SHA', 'ecdhe', 'ecdsa')],
  [0xc011, suite('ECDHE_RSA_WITH_RC4_128_SHA', 'ecdhe', 'rsa')],
  [0x0005, suite('RSA_WITH_RC4_128_SHA', 'rsa', 'rsa')],
  [0x0004, suite('RSA_WITH_RC4_128_MD5', 'rsa', 'rsa')],
  [0x0015, suite('DHE_RSA_WITH_DES_CBC_SHA', 'dhe', 'rsa')],
  [0x0009, suite('RSA_WITH_DES_CBC_SHA', 'rsa', 'rsa')],
]);

/**
 * Suites up to TLS 1.2 that Chrome and Firefox both offer: Chromium's net/socket/ssl_client_socket_impl.cc (“ALL:!aPSK:!ECDSA+SHA1:!3DES” of
 * BoringSSL), Firefox's security.ssl3.* preferences. OpenSSL's defaults have them all.
 */
const browserSuites: ReadonlySet<number> = new Set([
  ...[0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8],
  ...[0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
]);

/** Which suites are offered: all that lead to a certificate, or those of browsers. */
export type Offer = 'all' | 'browsers';

/** Whether a suite up to TLS 1.2 is in an offer. */
export function isOffered(code: number, offer: Offer): boolean {
  return offer === 'all' || browserSuites.has(code);
}

/** Names of IANA's registry; of TLS 1.3 browsers have all suites but those of CCM. */
const browserSuiteNames: ReadonlySet<string> = new Set([
  ...[...suites12].filter(([code]) => browserSuites.has(code)).map(([, { name }]) => name),
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
]);

/** Whether browsers have a suite, by its name in IANA's registry. */
export function isBrowserSuite(name: string): boolean {
  return browserSuiteNames.has(name);
}

/** RFC 8446 §4.2.7, RFC 8422 §5.1.1, RFC 7027. The last are for TLS 1.2 alone: a key for them is never made here. */
export const groups = {
  x25519: 0x001d,
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  secp256k1: 0x0016,
  brainpoolP256r1: 0x001a,
  brainpoolP384r1: 0x001b,
  brainpoolP512r1: 0x001c,
} as const;

/** How a signature is verified: RFC 8446 §4.2.3, RFC 8734. */
export interface SignatureScheme {
  hash: string | null;
  keyTypes: readonly string[];
  padding?: 'pkcs1' | 'pss';
  /** TLS 1.3 ties ECDSA schemes to a curve; null where it may not be used there. */
  curve?: string;
  isFor13: boolean;
}

const rsa = (hash: string): SignatureScheme => ({
  hash,
  keyTypes: ['rsa'],
  padding: 'pkcs1',
  isFor13: false,
});
const pss = (hash: string, keyType: string): SignatureScheme => ({
  hash,
  keyTypes: [keyType],
  padding: 'pss',
  isFor13: true,
});
const ecdsa = (hash: string, curve: string): SignatureScheme => ({
  hash,
  keyTypes: ['ec'],
  curve,
  isFor13: true,
});

/** ML-DSA (draft-ietf-tls-mldsa; IANA has the codes), where this runtime verifies it. */
const mldsa = (keyType: string): SignatureScheme => ({ hash: null, keyTypes: [keyType], isFor13: true });
const hasMldsa = canMake('ml-dsa-44');

function canMake(keyType: string): boolean {
  try {
    // SAFETY: the name is one of Node's where its library has it; where not, it throws.
    generateKeyPairSync(keyType as 'ed25519');
    return true;
  } catch {
    return false; // Which is what was asked: BoringSSL and older versions of OpenSSL have none.
  }
}

/** In the order in which they are offered. */
export const signatureSchemes: ReadonlyMap<number, SignatureScheme> = new Map<number, SignatureScheme>([
  [0x0403, ecdsa('sha256', 'prime256v1')],
  [0x0503, ecdsa('sha384', 'secp384r1')],
  [0x0603, ecdsa('sha512', 'secp521r1')],
  [0x0807, { hash: null, keyTypes: ['ed25519'], isFor13: true }],
  [0x0808, { hash: null, keyTypes: ['ed448'], isFor13: true }],
  [0x081a, ecdsa('sha256', 'brainpoolP256r1')],
  [0x081b, ecdsa('sha384', 'brainpoolP384r1')],
  [0x081c, ecdsa('sha512', 'brainpoolP512r1')],
  [0x0809, pss('sha256', 'rsa-pss')],
  [0x080a, pss('sha384', 'rsa-pss')],
  [0x080b, pss('sha512', 'rsa-pss')],
  [0x0804, pss('sha256', 'rsa')],
  [0x0805, pss('sha384', 'rsa')],
  [0x0806, pss('sha512', 'rsa')],
  [0x0401, rsa('sha256')],
  [0x0501, rsa('sha384')],
  [0x0601, rsa('sha512')],
  [0x0303, { hash: 'sha224', keyTypes: ['ec'], isFor13: false }],
  [0x0301, rsa('sha224')],
  [0x0203, { hash: 'sha1', keyTypes: ['ec'], isFor13: false }],
  [0x0201, rsa('sha1')],
  [0x0402, { hash: 'sha256', keyTypes: ['dsa'], isFor13: false }],
  [0x0202, { hash: 'sha1', keyTypes: ['dsa'], isFor13: false }],
  ...(hasMldsa
    ? ([
        [0x0904, mldsa('ml-dsa-44')],
        [0x0905, mldsa('ml-dsa-65')],
        [0x0906, mldsa('ml-dsa-87')],
      ] as const)
    : []),
]);

/** Which certificate a server with several is asked for. */
export type Preference = 'any' | 'ecdsa' | 'rsa';

/** Whether a scheme fits the certificate that is asked for. Edwards curves go with ECDSA: both are the newer one. */
export function fitsPreference({ keyTypes }: SignatureScheme, preference: Preference): boolean {
  const isRsa = keyTypes.some((type) => type.startsWith('rsa'));
  return preference === 'any' || isRsa === (preference === 'rsa');
}
