import type { Link, PathRule } from './rule.ts';

const rsaEncryption = '1.2.840.113549.1.1.1';
const dsa = '1.2.840.10040.4.1';

/** Curves that Chrome and Firefox know: P-256, P-384 and P-521 (BoringSSL IsAcceptableCurveForEcdsa, mozpkix). */
const commonCurves: ReadonlySet<string> = new Set(['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35']);
/** ML-DSA-44, -65 and -87 (RFC 9881), which BoringSSL's SimplePathBuilderDelegate takes. */
const mlDsa: ReadonlySet<string> = new Set([17, 18, 19].map((last) => `2.16.840.1.101.3.4.3.${last}`));

/** RSA with SHA-2 by PKCS #1, ECDSA with SHA-2, RSASSA-PSS (its hash is checked separately) and ML-DSA. */
const commonSignatures: ReadonlySet<string> = new Set([
  ...[11, 12, 13, 10].map((last) => `1.2.840.113549.1.1.${last}`),
  ...[2, 3, 4].map((last) => `1.2.840.10045.4.3.${last}`),
  ...mlDsa,
]);

/** Keys and signatures that clients take. A leaf's and every CA's key counts, an anchor's own signature does not. */
export const keyRules: readonly PathRule[] = [
  {
    // OpenSSL at security level 2 (X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL); Chrome and Firefox at 1024.
    code: 'weak-key',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find({ details: { key }, certificate: { facts } }) {
      if (key.algorithm.oid === dsa) return 'has a DSA key, which browsers do not support';
      if (key.rsa && key.rsa.modulusBits < 2048)
        return `has an RSA key of ${key.rsa.modulusBits} bits, which is too weak`;
      const { curve, bits } = facts.key;
      if (key.curve?.kind === 'named' && curve !== null && bits !== null && bits < 224)
        return `has a key on the curve ${curve}, which is too weak`;
      return null;
    },
  },
  {
    // BoringSSL IsPublicKeyAcceptable and RSA_check_key (exponents of 33 bits); mozpkix
    // CheckSubjectPublicKeyInfoContents; OpenSSL X509_V_ERR_EC_KEY_EXPLICIT_PARAMS.
    code: 'unsupported-key',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find({ details: { key }, certificate: { facts } }) {
      const { oid } = key.algorithm;
      if (key.rsa && (key.rsa.exponentBits > 33 || key.rsa.exponentBits < 2))
        return `has an RSA key with an exponent of ${key.rsa.exponentBits} bits, which clients refuse`;
      if (key.rsa && key.rsa.modulusBits > 16_384)
        return `has an RSA key of ${key.rsa.modulusBits} bits, which clients refuse`;
      if (key.curve?.kind === 'explicit') return 'has explicit curve parameters, which clients reject';
      if (key.curve) {
        const isWeak = facts.key.bits !== null && facts.key.bits < 224;
        if (commonCurves.has(key.curve.oid) || isWeak) return null;
        return `has a key on the curve ${facts.key.curve ?? key.curve.oid}, which Chrome and Firefox do not support`;
      }
      if (oid === rsaEncryption || oid === dsa || mlDsa.has(oid)) return null;
      return `has a key of the type ${facts.key.type === 'unknown' ? oid : facts.key.type}, which Chrome and Firefox do not support`;
    },
  },
  {
    // BoringSSL IsSignatureAlgorithmAcceptable; Firefox CheckSignatureDigestAlgorithm; OpenSSL at level 2 for MD5.
    code: 'weak-signature',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find(link) {
      if (signatureDoesNotCount(link)) return null;
      const name = link.certificate.facts.signatureAlgorithm;
      if (/^(md[245]|sha1)with|-with-sha1$|with (md[245]|sha1)$/i.test(name))
        return `is signed with ${name}, which can be forged`;
      const { oid } = link.details.signatureAlgorithm;
      const isCommon =
        commonSignatures.has(oid) &&
        !/with (?!SHA(256|384|512)$)/.test(name.startsWith('rsassaPss') ? name : '');
      // The rule for unsupported keys reports these at the issuer, whose key it is.
      if (isCommon || /^ED\d+$/.test(name)) return null;
      return `is signed with ${name}, which Chrome does not support`;
    },
  },
  {
    // RFC 5280 §4.1.1.2; BoringSSL VerifySignatureAlgorithmsMatch; mozpkix ERROR_SIGNATURE_ALGORITHM_MISMATCH; OpenSSL.
    code: 'malformed-certificate',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find: ({ details: { signatureAlgorithm, signedSignatureAlgorithm }, isAnchor }) =>
      isAnchor || signatureAlgorithm.raw.equals(signedSignatureAlgorithm.raw)
        ? null
        : 'names two different signature algorithms',
  },
];

/** Clients do not verify an anchor’s own signature, and a self-signature at the top of an untrusted path proves nothing. */
function signatureDoesNotCount({ isAnchor, at, certificate, path }: Link): boolean {
  return isAnchor || (at > 0 && at === path.length - 1 && certificate.isSelfSigned);
}
