import { constants } from 'node:crypto';
import tls from 'node:tls';

/** What a runtime's TLS library is asked for so that old and odd servers can still be read. */
export interface ReadingOptions {
  ciphers: string | null;
  /** Groups by name, in order of preference; null: the library's own. */
  groups: string | null;
  secureOptions: number | null;
}

/**
 * Suites without a certificate are left out: they would be agreed on first, and show nothing. Those of TLS 1.3 are named, as OpenSSL
 * leaves CCM out by itself.
 */
const everySuite = [
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256',
  'ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0',
].join(':');

/** The first one's key goes with the hello; a server that wants another asks for it (RFC 8446 §4.1.4). */
const usualGroups = ['X25519', 'P-256', 'P-384', 'P-521'];
const oldGroups = [
  ...['X448', 'secp256k1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
  ...['brainpoolP256r1tls13', 'brainpoolP384r1tls13', 'brainpoolP512r1tls13', 'secp224r1', 'P-192'],
  ...['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
];
/** Hybrids and ML-KEM alone: draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem. */
const postQuantumGroups = [
  ...['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'],
  ...['MLKEM512', 'MLKEM768', 'MLKEM1024'],
];

/**
 * Tried in order until one is accepted. OpenSSL (Node) needs security level 0 to read TLS 1.0 and 1.1, SHA-1
 * and 1024-bit keys; BoringSSL (Electron) knows no `@SECLEVEL`, refuses the cipher string that names one, and reads
 * those by its defaults.
 */
export const readingAttempts: readonly ReadingOptions[] = [
  {
    ciphers: everySuite,
    groups: [...usualGroups, ...oldGroups, ...postQuantumGroups].join(':'),
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null,
  },
  {
    // OpenSSL before 3.5 refuses the whole list where it names a group that it does not know.
    ciphers: everySuite,
    groups: [...usualGroups, ...oldGroups].join(':'),
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null,
  },
  {
    // BoringSSL, which since 2024 has the hybrid that browsers offer.
    ciphers: null,
    groups: 'X25519:P-256:P-384:P-521:X25519MLKEM768',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null,
  },
  {
    // BoringSSL refuses the whole list where it names a group that it does not know, and asks for no P-521 by itself.
    ciphers: null,
    groups: 'X25519:P-256:P-384:P-521',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null,
  },
  { ciphers: null, groups: null, secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null },
  { ciphers: null, groups: null, secureOptions: null },
];

/**
 * The one context for all handshakes that read. It trusts nothing (`ca: []`), so that Node's own verification never
 * succeeds: Node 24 would then describe the peer's certificate by itself, which ends the process for keys on
 * curves other than NIST's. What is loosened here is for reading only; the verdict is this program's own.
 * @param client the certificate and key to show to servers that demand one
 * @throws what the runtime throws where no attempt is accepted, or the key does not fit
 */
export function createReadingContext(
  attempts: readonly ReadingOptions[] = readingAttempts,
  client: Pick<tls.SecureContextOptions, 'cert' | 'key' | 'passphrase'> = {},
): tls.SecureContext {
  let lastError: unknown;
  for (const { ciphers, groups, secureOptions } of attempts) {
    try {
      return tls.createSecureContext({
        ...client,
        ca: [],
        minVersion: 'TLSv1',
        ...(ciphers === null ? {} : { ciphers }),
        ...(groups === null ? {} : { ecdhCurve: groups }),
        ...(secureOptions === null ? {} : { secureOptions }),
      });
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

/** Returns whether the runtime tells what key was exchanged before the handshake is finished: OpenSSL does, BoringSSL does not. */
export function tellsKeyExchange(): boolean {
  return (
    process.versions['electron'] === undefined &&
    Reflect.get(process.features, 'openssl_is_boringssl') !== true
  );
}
