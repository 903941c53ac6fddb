import { childrenOf, contextTag, DerError, optionalParts, readOid, readSequence, tags } from './x509/der.ts';

/** What OpenSSL writes behind a certificate, in a block of PEM with the label `TRUSTED CERTIFICATE`. */
export interface TrustSettings {
  /** The certificate by itself. */
  der: Buffer;
  /** Whether the settings let it be an anchor for TLS servers. */
  isForServers: boolean;
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyPurpose = '2.5.29.37.0';

/**
 * Reads a certificate with the trust settings behind it (OpenSSL's X509_CERT_AUX, crypto/x509/x_x509a.c): purposes that it is trusted for, and
 * purposes that it is rejected for. A rejected purpose counts first, and where purposes are listed, others are not trusted
 * (crypto/x509/x509_trust.c, obj_trust). Settings that cannot be read are none: then the bytes are returned as they are.
 */
export function readTrustSettings(bytes: Buffer): TrustSettings {
  try {
    const [certificate, settings] = childrenOf({ content: bytes, tag: tags.sequence, raw: bytes });
    if (!certificate || !settings) return { der: bytes, isForServers: true };
    const rejectedTag = contextTag(0, true);
    const parts = readSequence(settings, 'the trust settings').filter(
      ({ tag }) => tag === tags.sequence || tag === rejectedTag,
    );
    const [trusted, rejected] = optionalParts(parts, [tags.sequence, rejectedTag], 'the trust settings');
    const purposes = (element: typeof trusted) =>
      element && childrenOf(element).map((purpose) => readOid(purpose, 'a purpose'));
    const covers = (oids: readonly string[]) => oids.includes(serverAuth) || oids.includes(anyPurpose);
    const isRejected = covers(purposes(rejected) ?? []);
    return { der: certificate.raw, isForServers: !isRejected && covers(purposes(trusted) ?? [serverAuth]) };
  } catch (error) {
    if (error instanceof DerError) return { der: bytes, isForServers: true };
    throw error;
  }
}
