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
 * Tried in order until one is accepted. OpenSSL (Node) needs security level 0 to read TLS 1.0 and 1.1, SHA-1
 * and 1024-bit keys; BoringSSL (Electron) knows no `@SECLEVEL`, refuses the cipher string that names one, and reads
 * those by its defaults.
 */
export const readingAttempts: readonly ReadingOptions[] = [
  {
    // Suites without a certificate are left out: they would be agreed on first, and show nothing.
    ciphers: 'ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0',
    groups: 'X25519:P-256:P-384:P-521:X448:secp256k1:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1',
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
