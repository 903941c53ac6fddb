import type { ChainFault } from '../../../../shared/domain/problems/evidence.ts';
import type { ParsedCertificate } from '../certificate.ts';

/**
 * Says where a leaf's key usage lacks the bit that the negotiated key exchange needs: keyEncipherment where its RSA key
 * decrypts, else digitalSignature (BoringSSL ssl/handshake_client.cc, ssl_cert_check_key_usage; RFC 8446 §4.4.2.2).
 * @param cipher by its IANA or OpenSSL name; null where no handshake was seen
 */
export function keyExchangeFault(
  { details, facts }: ParsedCertificate,
  protocol: string | null,
  cipher: string | null,
): ChainFault | null {
  const keyUsage = details?.keyUsage ?? null;
  if (keyUsage === null || protocol === null || cipher === null) return null;
  const bit = protocol !== 'TLSv1.3' && decrypts(cipher) ? 'keyEncipherment' : 'digitalSignature';
  if (keyUsage.has(bit)) return null;
  return {
    code: 'key-usage',
    severity: 'critical',
    at: 0,
    isRoot: false,
    name: facts.subject,
    detail: `has no ${bit} in its key usage, which the key exchange with this server needs (${cipher}); Chrome refuses it`,
  };
}

/** Whether a suite of TLS 1.2 or older exchanges keys by RSA: IANA's names say so, OpenSSL's name no exchange then. */
function decrypts(cipher: string): boolean {
  return cipher.startsWith('TLS_')
    ? cipher.startsWith('TLS_RSA_')
    : !/^(ECDHE|DHE|EDH|ECDH|DH|PSK|SRP)-/.test(cipher);
}
