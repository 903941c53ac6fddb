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
const usualGroups = [
  ...['X25519', 'P-256', 'P-384', 'P-521', 'X448', 'secp256k1'],
  ...['brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
];
/** What few servers have alone: finite fields (RFC 7919), brainpool in TLS 1.3 (RFC 8734), and curves of old. */
const rareGroups = [
  ...['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
  ...['brainpoolP256r1tls13', 'brainpoolP384r1tls13', 'brainpoolP512r1tls13', 'secp224r1', 'P-192'],
];
/** Hybrids and ML-KEM alone: draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem. */
const postQuantumGroups = [
  ...['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'],
  ...['MLKEM512', 'MLKEM768', 'MLKEM1024'],
];
const secureOptions = constants.SSL_OP_LEGACY_SERVER_CONNECT ?? null;

/**
 * Tried in order until one is accepted. OpenSSL (Node) needs security level 0 to read TLS 1.0 and 1.1, SHA-1
 * and 1024-bit keys; BoringSSL (Electron) knows no `@SECLEVEL`, refuses the cipher string that names one, and reads
 * those by its defaults.
 */
const readingAttempts: readonly ReadingOptions[] = [
  { ciphers: everySuite, groups: usualGroups.join(':'), secureOptions },
  // BoringSSL refuses the whole list where it names a group that it does not know, and asks for no P-521 by itself.
  { ciphers: null, groups: 'X25519:P-256:P-384:P-521', secureOptions },
  { ciphers: null, groups: null, secureOptions },
  { ciphers: null, groups: null, secureOptions: null },
];

/**
 * The same with every group that there is, for servers that agree on none of the usual ones. Others would ask for a second hello because
 * of the hybrids, and OpenSSL's server forgets its staple over that.
 */
const wideAttempts: readonly ReadingOptions[] = [
  {
    ciphers: everySuite,
    groups: [...usualGroups, ...postQuantumGroups, ...rareGroups].join(':'),
    secureOptions,
  },
  // OpenSSL before 3.5, and BoringSSL, which since 2024 has the hybrid that browsers offer.
  { ciphers: everySuite, groups: [...usualGroups, ...rareGroups.slice(0, 5)].join(':'), secureOptions },
  { ciphers: null, groups: 'X25519:P-256:P-384:P-521:X25519MLKEM768', secureOptions },
  ...readingAttempts,
];

/** Contexts for handshakes that read. */
export interface ReadingContexts {
  usual: tls.SecureContext;
  /** Made when it is first asked for: few servers need it. */
  readonly wide: tls.SecureContext;
}

/** Returns both contexts. @throws as `createReadingContext` */
export function createReadingContexts(client: ClientKey = {}): ReadingContexts {
  let wide: tls.SecureContext | undefined;
  return {
    usual: createReadingContext(readingAttempts, client),
    get wide() {
      wide ??= createReadingContext(wideAttempts, client);
      return wide;
    },
  };
}

type ClientKey = Pick<tls.SecureContextOptions, 'cert' | 'key' | 'passphrase'>;

/**
 * Returns a context for handshakes that read. It trusts nothing (`ca: []`), so that Node's own verification never
 * succeeds: Node 24 would then describe the peer's certificate by itself, which ends the process for keys on
 * curves other than NIST's. What is loosened here is for reading only; the verdict is this program's own.
 * @param client the certificate and key to show to servers that demand one
 * @throws what the runtime throws where no attempt is accepted, or the key does not fit
 */
export function createReadingContext(
  attempts: readonly ReadingOptions[] = readingAttempts,
  client: ClientKey = {},
): tls.SecureContext {
  let lastError: unknown;
  for (const { ciphers, groups, secureOptions: options } of attempts) {
    try {
      return tls.createSecureContext({
        ...client,
        ca: [],
        minVersion: 'TLSv1',
        ...(ciphers === null ? {} : { ciphers }),
        ...(groups === null ? {} : { ecdhCurve: groups }),
        ...(options === null ? {} : { secureOptions: options }),
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
