import { serverAuth } from './issuer-rules.ts';
import type { Link, PathRule } from './rule.ts';

/**
 * Critical extensions that BoringSSL, mozpkix (pkixcert.cpp, RememberExtension) and OpenSSL all apply. Policy mappings
 * (33) are not among them: mozpkix does not know them, so Firefox rejects a certificate that marks them critical.
 */
const applied: ReadonlySet<string> = new Set(
  [15, 17, 19, 30, 32, 36, 37, 54].map((last) => `2.5.29.${last}`),
);
const extensionNames: Readonly<Record<string, string>> = {
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.31': 'cRLDistributionPoints',
  '2.5.29.33': 'policyMappings, which Firefox does not know',
  '2.5.29.35': 'authorityKeyIdentifier',
  '1.3.6.1.5.5.7.1.1': 'authorityInfoAccess',
  '1.3.6.1.4.1.11129.2.4.3': 'the poison of a precertificate (RFC 6962 §3.1)',
};
const userNotice = '1.3.6.1.5.5.7.2.2';
const cps = '1.3.6.1.5.5.7.2.1';
/** The bit for servers in Netscape's certificate type (nsCertType). */
const netscapeServer = 0x40;
const ocspSigning = '1.3.6.1.5.5.7.3.9';

/** What certificates may and must contain, independent of who signed them. */
export const contentRules: readonly PathRule[] = [
  {
    // BoringSSL ParsedCertificate::Create; mozpkix BackCert::Init; OpenSSL EXFLAG_INVALID.
    code: 'malformed-certificate',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find({ details }) {
      const [fault] = details.faults;
      if (fault !== undefined) return `is malformed, and clients cannot read it: ${fault}`;
      // mozpkix ERROR_EMPTY_ISSUER_NAME.
      if (details.issuer.rdns.length === 0) return 'does not name its issuer';
      // BoringSSL kSubjectAltNameNotCritical (RFC 5280 §4.1.2.6).
      const sans = details.extensions.find(({ oid }) => oid === '2.5.29.17');
      if (details.subject.rdns.length === 0 && sans?.isCritical === false)
        return 'has no subject, and its alternative names are not marked critical';
      return null;
    },
  },
  {
    // RFC 5280 §4.2 and §6.1.4 o; all three clients, OpenSSL on anchors too.
    code: 'critical-extension',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find({ details: { extensions, certificatePolicies } }) {
      const unknown = extensions.find((one) => one.isCritical && !applied.has(one.oid));
      if (unknown)
        return `has a critical extension that clients do not apply: ${extensionNames[unknown.oid] ?? unknown.oid}`;
      const isCritical = extensions.some((one) => one.oid === '2.5.29.32' && one.isCritical);
      const qualifiers = (certificatePolicies ?? []).flatMap((policy) => policy.qualifiers);
      const strange = qualifiers.find((oid) => oid !== userNotice && oid !== cps);
      return isCritical && strange !== undefined
        ? `has critical policies with a qualifier that clients do not know: ${strange}`
        : null;
    },
  },
  {
    // OpenSSL X509_check_akid (X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY).
    code: 'authority-key-mismatch',
    severity: 'critical',
    place: 'link',
    find: authorityMismatch,
  },
  {
    // mozpkix CheckBasicConstraints: ERROR_CA_CERT_USED_AS_END_ENTITY.
    code: 'ca-as-server',
    severity: 'critical',
    place: 'server',
    find: ({ details: { basicConstraints } }) =>
      basicConstraints?.isCa ? 'is a CA certificate, which Firefox rejects as a server certificate' : null,
  },
  {
    // mozpkix CheckExtendedKeyUsage: anyExtendedKeyUsage does not count, and OCSPSigning must not be there. OpenSSL
    // v3_purp.c, check_purpose_ssl_server: Netscape's certificate type counts beside it.
    code: 'wrong-usage',
    severity: 'critical',
    place: 'server',
    find({ details: { extendedKeyUsage, netscapeTypes }, certificate: { facts } }) {
      if (netscapeTypes !== null && (netscapeTypes & netscapeServer) === 0)
        return 'is not for servers according to its Netscape certificate type, so OpenSSL rejects it';
      if (extendedKeyUsage === null) return null;
      const usages = (facts.extendedKeyUsage ?? []).join(', ');
      if (!extendedKeyUsage.includes(serverAuth)) return `may only be used for ${usages}, not for servers`;
      return extendedKeyUsage.includes(ocspSigning)
        ? 'may also sign OCSP responses, which Firefox does not accept from a server'
        : null;
    },
  },
  {
    // Firefox CertVerifier.cpp, VerifyCert, and OpenSSL v3_purp.c, KU_TLS (any of the three bits suffices).
    code: 'key-usage',
    severity: 'critical',
    place: 'server',
    find: ({ details: { keyUsage } }) =>
      keyUsage === null ||
      (['digitalSignature', 'keyEncipherment', 'keyAgreement'] as const).some((bit) => keyUsage.has(bit))
        ? null
        : 'allows neither signatures nor key exchange in its key usage',
  },
];

/** Says where the authority key identifier points to another key or certificate than the issuer's. */
function authorityMismatch({ details, certificate, isAnchor, issuer }: Link): string | null {
  const { authorityKeyId } = details;
  // OpenSSL does not take a root for self-signed whose identifier names another key.
  const self = certificate.isSelfIssued ? certificate : null;
  const signer = isAnchor ? self : issuer;
  if (!authorityKeyId || !signer?.details) return null;
  const { subjectKeyId, serialNumber, issuer: signerIssuer } = signer.details;
  if (authorityKeyId.keyId && subjectKeyId && !authorityKeyId.keyId.equals(subjectKeyId))
    return 'names a different key for its issuer (authorityKeyIdentifier)';
  if (authorityKeyId.serialNumber && !authorityKeyId.serialNumber.equals(serialNumber))
    return 'names a different serial number for its issuer (authorityKeyIdentifier)';
  const name = authorityKeyId.issuer?.find(({ kind }) => kind === 'directory');
  if (name?.kind === 'directory' && name.value.key !== signerIssuer.key)
    return 'names a different CA as the issuer of its issuer (authorityKeyIdentifier)';
  return null;
}
