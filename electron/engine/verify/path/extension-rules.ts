import { childrenOf, DerError, readDer, tags } from '../x509/der.ts';
import type { Extension } from '../x509/extensions.ts';
import type { Link, PathRule } from './rule.ts';

/** status_request (RFC 6066 §8), the one TLS feature that Firefox knows. */
const statusRequest = 5;
const tlsFeature = '1.3.6.1.5.5.7.1.24';
const proxyCertInfo = '1.3.6.1.5.5.7.1.14';
/** Blocks of IP addresses and numbers of autonomous systems (RFC 3779 §2.2.1 and §3.2.1). */
const resources: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.1.7': 'IP address blocks',
  '1.3.6.1.5.5.7.1.8': 'AS numbers',
};

/** Extensions that a client applies though few certificates of servers have them, whether they are marked critical or not. */
export const extensionRules: readonly PathRule[] = [
  {
    // mozpkix pkixcheck.cpp, TLSFeaturesSatisfiedInternal: any other feature is missing, whatever the server staples.
    code: 'refused-extension',
    severity: 'critical',
    place: 'server',
    find({ details: { tlsFeatures } }) {
      if (tlsFeatures === null) return null;
      const strange = tlsFeatures.find((feature) => feature !== statusRequest);
      if (tlsFeatures.length > 0 && strange === undefined) return null;
      return `demands ${strange === undefined ? 'no TLS feature in its list of them' : `the TLS feature ${strange}`} (RFC 7633), for which Firefox refuses it`;
    },
  },
  {
    // mozpkix pkixcheck.cpp, CheckTLSFeatures, of each issuer and what it issued.
    code: 'refused-extension',
    severity: 'critical',
    place: 'issuer',
    find({ details, at, path }) {
      const demanded = extensionValue(details.extensions, tlsFeature);
      if (demanded === undefined) return null;
      const below = extensionValue(path[at - 1]?.details?.extensions ?? [], tlsFeature);
      return below?.equals(demanded)
        ? null
        : 'demands TLS features (RFC 7633) that what it issued does not name, for which Firefox refuses it';
    },
  },
  {
    // OpenSSL v3_purp.c, ossl_x509v3_cache_extensions (EXFLAG_INVALID), and x509_vfy.c (X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED).
    code: 'refused-extension',
    severity: 'critical',
    place: 'link',
    isIntrinsic: true,
    find: ({ details: { extensions } }) =>
      extensionValue(extensions, proxyCertInfo) === undefined
        ? null
        : 'is a proxy certificate (RFC 3820), which OpenSSL rejects',
  },
  {
    // OpenSSL v3_addr.c and v3_asid.c (X509_V_ERR_UNNESTED_RESOURCE).
    code: 'refused-extension',
    severity: 'critical',
    place: 'leaf',
    find: unnestedResources,
  },
];

function extensionValue(extensions: readonly Extension[], oid: string): Buffer | undefined {
  return extensions.find((one) => one.oid === oid)?.value;
}

/**
 * Says where a leaf claims its own resources and a CA above it has none to give. Whether a CA that has some has these
 * is not looked at: certificates of the resource PKI are no server's.
 */
function unnestedResources({ details, path }: Link): string | null {
  for (const [oid, words] of Object.entries(resources)) {
    const claimed = extensionValue(details.extensions, oid);
    if (claimed === undefined || !claimsOwn(claimed)) continue;
    if (path.slice(1).some((one) => extensionValue(one.details?.extensions ?? [], oid) === undefined))
      return `claims ${words} (RFC 3779) that its CAs do not have, so OpenSSL rejects it`;
  }
  return null;
}

/** Whether anything is named in place of `inherit`, which is NULL. What cannot be read is refused, too. */
function claimsOwn(value: Buffer): boolean {
  try {
    return childrenOf(readDer(value)).some((part) => childrenOf(part).at(-1)?.tag !== tags.null);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return true;
  }
}
