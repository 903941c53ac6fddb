import { AsnConvert, AsnProp, AsnPropTypes } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

/** Signature algorithms by object identifier (RFC 3279, 4055, 5758, 8410, 9814, 9881, 9909; NIST’s CSOR), named as OpenSSL names them. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.3': 'md4WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '2.16.840.1.101.3.4.3.14': 'sha3-256WithRSAEncryption',
  '1.2.840.10040.4.3': 'dsa-with-SHA1',
  '2.16.840.1.101.3.4.3.1': 'dsa-with-SHA224',
  '2.16.840.1.101.3.4.3.2': 'dsa-with-SHA256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
  '2.16.840.1.101.3.4.3.9': 'ecdsa-with-SHA3-224',
  '2.16.840.1.101.3.4.3.10': 'ecdsa-with-SHA3-256',
  '2.16.840.1.101.3.4.3.11': 'ecdsa-with-SHA3-384',
  '2.16.840.1.101.3.4.3.12': 'ecdsa-with-SHA3-512',
  '2.16.840.1.101.3.4.3.13': 'sha3-224WithRSAEncryption',
  '2.16.840.1.101.3.4.3.15': 'sha3-384WithRSAEncryption',
  '2.16.840.1.101.3.4.3.16': 'sha3-512WithRSAEncryption',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
  ...Object.fromEntries(
    ['SHA2', 'SHAKE'].flatMap((hash, family) =>
      ['128s', '128f', '192s', '192f', '256s', '256f'].map((set, index) => [
        `2.16.840.1.101.3.4.3.${20 + family * 6 + index}`,
        `SLH-DSA-${hash}-${set}`,
      ]),
    ),
  ),
  '1.2.840.113549.1.9.16.3.17': 'HSS-LMS',
  '1.2.156.10197.1.501': 'SM2-with-SM3',
};

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA1',
  '1.2.840.113549.2.5': 'MD5',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
  '2.16.840.1.101.3.4.2.4': 'SHA224',
};

const rsaPss = '1.2.840.113549.1.1.10';

/** The one field of RSASSA-PSS-params (RFC 4055 §3.1) that matters here; absent, it means SHA-1. */
class PssHash {
  hashAlgorithm?: AlgorithmIdentifier;
  maskGenAlgorithm?: AlgorithmIdentifier;
  saltLength?: number;
  trailerField?: number;
}
AsnProp({ type: AlgorithmIdentifier, context: 0, optional: true })(PssHash.prototype, 'hashAlgorithm');
AsnProp({ type: AlgorithmIdentifier, context: 1, optional: true })(PssHash.prototype, 'maskGenAlgorithm');
AsnProp({ type: AsnPropTypes.Integer, context: 2, optional: true })(PssHash.prototype, 'saltLength');
AsnProp({ type: AsnPropTypes.Integer, context: 3, optional: true })(PssHash.prototype, 'trailerField');

/** The algorithm's name as OpenSSL prints it, the object identifier where it has none here. */
export function signatureName(algorithm: AlgorithmIdentifier | undefined): string {
  if (!algorithm) return 'unknown';
  if (algorithm.algorithm !== rsaPss) return names[algorithm.algorithm] ?? algorithm.algorithm;
  const hash = pssHash(algorithm);
  return `rsassaPss with ${hash}`;
}

function pssHash({ parameters }: AlgorithmIdentifier): string {
  if (!parameters) return 'SHA1';
  try {
    const oid = AsnConvert.parse(parameters, PssHash).hashAlgorithm?.algorithm;
    return oid === undefined ? 'SHA1' : (hashes[oid] ?? oid);
  } catch {
    return 'an unreadable hash';
  }
}
