import { constraintViolation } from './name-constraints.ts';
import type { Link, PathRule } from './rule.ts';

/** id-kp-serverAuth (RFC 5280 §4.2.1.12). */
export const serverAuth = '1.3.6.1.5.5.7.3.1';

/** What a CA must be to issue what is below it. Anchors are held to the same: OpenSSL and Firefox do so. */
export const issuerRules: readonly PathRule[] = [
  {
    // BoringSSL PrepareForNextCertificate k; mozpkix CheckBasicConstraints; OpenSSL X509_V_ERR_INVALID_CA.
    code: 'not-a-ca',
    severity: 'critical',
    place: 'issuer',
    find({ details: { basicConstraints, version }, isAnchor }) {
      if (basicConstraints?.isCa || (isAnchor && version < 3)) return null;
      if (basicConstraints)
        return 'is not a CA according to its basic constraints, but issued another certificate';
      return version < 3
        ? `is of version ${version}, which cannot be a CA's unless it is trusted itself`
        : 'has no basic constraints, but issued another certificate';
    },
  },
  {
    // RFC 5280 §6.1.4 l and m; all three clients.
    code: 'path-length',
    severity: 'critical',
    place: 'issuer',
    find({ details: { basicConstraints }, at, path }) {
      const limit = basicConstraints?.pathLength ?? null;
      const below = path.slice(1, at).filter(({ isSelfIssued }) => !isSelfIssued).length;
      if (limit === null || below <= limit) return null;
      return `allows ${limit} CAs below it, but there are ${below}`;
    },
  },
  {
    // RFC 5280 §6.1.4 n; all three clients.
    code: 'issuer-key-usage',
    severity: 'critical',
    place: 'issuer',
    find: ({ details: { keyUsage } }) =>
      keyUsage === null || keyUsage.has('keyCertSign')
        ? null
        : 'may not sign certificates (keyCertSign is missing in its key usage)',
  },
  {
    // mozpkix CheckExtendedKeyUsage, of every CA and without regard to anyExtendedKeyUsage.
    code: 'issuer-not-for-servers',
    severity: 'critical',
    place: 'issuer',
    find: ({ details: { extendedKeyUsage } }) =>
      extendedKeyUsage === null || extendedKeyUsage.includes(serverAuth)
        ? null
        : 'may not issue server certificates according to its extended key usage',
  },
  {
    // RFC 5280 §6.1.3 b and c; all three clients.
    code: 'name-constraints',
    severity: 'critical',
    place: 'issuer',
    find: ({ details, at, path }) => constrainedLink(details.nameConstraints, path.slice(0, at)),
  },
];

function constrainedLink(
  constraints: Link['details']['nameConstraints'],
  below: Link['path'],
): string | null {
  if (constraints === null) return null;
  for (const [index, certificate] of below.entries()) {
    const { details } = certificate;
    if (!details || (index > 0 && certificate.isSelfIssued)) continue;
    const why = constraintViolation(details, constraints, index === 0);
    if (why !== null)
      return `constrains names, and ${index === 0 ? 'the certificate' : 'an intermediate'} ${why}`;
  }
  return null;
}
