import { dateInWords } from '../../text/words.ts';
import { type Evidence, quote, type StapleFault, time } from './evidence.ts';
import type { Finding, ProblemKind } from './problem-kind.ts';

/** Firefox asks for no revocation of certificates below this lifetime (security.pki.cert_short_lifetime_in_days). */
const shortLifetimeMs = 10 * 24 * 3_600_000;

/**
 * Problems of what comes with a certificate: the root's standing on Mozilla's list, Certificate Transparency, and the stapled
 * OCSP response. What clients do is written beside each; F is Firefox's security/certverifier (ca36c95), C Chromium.
 */
export const serverProblems = {
  /** F NSSCertDBTrustDomain.cpp, IsDistrustedCertificateChain: the leaf's notBefore counts, CA files are exempt. */
  'distrusted-root': {
    label: 'Distrusted root',
    matter: 'shows a certificate that Mozilla no longer trusts',
    mended: 'a certificate of a distrusted root',
    severity: 'critical',
    find({ leaf, chain }) {
      const { distrustedAfter } = chain;
      const root = chain.path.at(-1);
      if (distrustedAfter === null || !root || time(leaf.validFrom) <= time(distrustedAfter)) return null;
      return {
        message: `Mozilla does not trust certificates of ${quote(root)} issued after ${dateInWords(distrustedAfter)}. This one was issued on ${dateInWords(leaf.validFrom)}.`,
        remedy: 'Replace it with a certificate from another CA. Firefox rejects this one.',
      };
    },
  },

  /**
   * F CertVerifier.cpp, VerifyCertificateTransparencyPolicy, with security.pki.certificate_transparency.mode 2;
   * C components/certificate_transparency/chrome_ct_policy_enforcer.cc. Neither exempts any date of issue.
   */
  'no-scts': {
    label: 'Not in public logs',
    matter: 'does not prove that its certificate is in public logs',
    mended: 'a certificate without proof of public logs',
    severity: 'critical',
    find({ chain, judgesTrust, transparency }) {
      if (!judgesTrust || !chain.isPublic || !transparency.isComplete || transparency.scts.length > 0)
        return null;
      return {
        message:
          'The server shows no signed certificate timestamp (SCT): none in the certificate, the TLS handshake or a stapled OCSP response.',
        remedy:
          'Reissue it without opting out of Certificate Transparency. Chrome and Firefox reject certificates of public CAs without SCTs.',
      };
    },
  },

  /** mozpkix pkixcheck.cpp, TLSFeaturesSatisfiedInternal; F with security.ssl.enable_ocsp_must_staple, on by default. */
  'missing-staple': {
    label: 'OCSP response not stapled',
    matter: 'does not staple the OCSP response that its certificate requires',
    mended: 'a missing OCSP response',
    severity: 'critical',
    find({ stapling }) {
      if (!stapling?.isDemanded || stapling.isStapled) return null;
      return {
        message:
          'The certificate requires a stapled OCSP response (must-staple, RFC 7633), but the server does not send one.',
        remedy: 'Turn on OCSP stapling, or reissue the certificate without must-staple. Firefox rejects it.',
      };
    },
  },

  /** Chrome and Firefox go on without an answer: people who turned revocation checks on want to know that no answer comes. */
  'revocation-unchecked': {
    label: 'Revocation not checked',
    matter: 'could not be checked for revocation',
    mended: 'a revocation check that failed',
    severity: 'warning',
    find({ uncheckedSince }) {
      if (uncheckedSince === null) return null;
      return {
        message: `Revocation could not be checked since ${dateInWords(uncheckedSince)}: no response of the CA could be verified.`,
        remedy:
          'Check that this machine can reach the OCSP and CRL addresses in the certificate, or turn off asking the CA.',
      };
    },
  },

  /** C net/socket/ssl_client_socket_impl.cc, Firefox's security.ssl3.* preferences: the suites that both offer. */
  'old-cipher': {
    label: 'Old cipher suites',
    matter: 'has only cipher suites that browsers reject',
    mended: 'cipher suites that browsers rejected',
    severity: 'critical',
    find({ refusedSuite }) {
      if (refusedSuite === null) return null;
      return {
        message: `The server supports none of the cipher suites of Chrome and Firefox, only others such as ${refusedSuite}.`,
        remedy: 'Turn on TLS 1.3, or ECDHE with AES-GCM for TLS 1.2, on the server.',
      };
    },
  },

  'expired-staple': {
    label: 'Old OCSP response',
    matter: 'staples an OCSP response that has expired',
    mended: 'an expired OCSP response',
    severity: 'note',
    find(evidence) {
      const { stapling, now } = evidence;
      const endedAt = stapling?.endsAt ?? null;
      if (endedAt === null || now <= time(endedAt)) return null;
      return {
        severity: stapleSeverity(evidence),
        message: `The stapled OCSP response is too old for clients since ${dateInWords(endedAt)}.`,
        remedy: `Check whether the server can reach the CA’s OCSP responder. ${whatFirefoxDoes[stapleSeverity(evidence)]}`,
      };
    },
  },

  /**
   * F NSSCertDBTrustDomain.cpp, CheckRevocationByOCSP: a staple that is no answer ends the connection, but for a signer that
   * is not authorized, a responder that cannot answer now, and an answer about another certificate: those count as expired.
   */
  'invalid-staple': {
    label: 'Invalid OCSP response',
    matter: 'staples an OCSP response that is not valid',
    mended: 'an invalid OCSP response',
    severity: 'note',
    find(evidence) {
      const { fault } = evidence.stapling ?? { fault: null };
      if (fault === null) return null;
      const severity = stapleSeverity(evidence, refusedAtOnce.has(fault));
      return {
        severity,
        message: `The stapled OCSP response is not valid: ${stapleFaultWords[fault]}.`,
        remedy: `Check which OCSP response the server is configured to staple. ${whatFirefoxDoes[severity]}`,
      };
    },
  },
} as const satisfies Record<string, ProblemKind>;

const stapleFaultWords: Readonly<Record<StapleFault, string>> = {
  unreadable: 'it cannot be read',
  'bad-signature': 'its signature does not match',
  'wrong-signer': 'it is signed neither by the CA nor by a valid responder of the CA',
  'other-certificate': 'it is about another certificate',
  'not-yet-valid': 'it is not valid yet',
  'no-answer': 'the responder had no answer',
  unknown: 'the CA does not know the certificate',
};

const refusedAtOnce: ReadonlySet<StapleFault> = new Set([
  'unreadable',
  'bad-signature',
  'not-yet-valid',
  'unknown',
]);

const whatFirefoxDoes: Record<NonNullable<Finding['severity']>, string> = {
  note: 'Clients ignore this response.',
  warning: 'Firefox asks the CA instead, and rejects the server if the CA does not answer.',
  critical: 'Firefox rejects the server.',
};

/**
 * What Firefox does with an expired or invalid staple (F NSSCertDBTrustDomain.cpp, CheckRevocationByOCSP, by its default preferences):
 * under a root of Mozilla's list CRLite decides; a short-lived certificate needs none; else it asks the CA, and refuses
 * where that fails or there is no address to ask. Chrome and OpenSSL pass over it.
 */
function stapleSeverity(
  { leaf, chain, stapling }: Evidence,
  isRefusedAtOnce = false,
): 'note' | 'warning' | 'critical' {
  const isShort = time(leaf.validTo) - time(leaf.validFrom) < shortLifetimeMs;
  if (chain.kind !== 'trusted' || chain.isPublic || isShort) return 'note';
  return stapling?.hasOcspAddress && !isRefusedAtOnce ? 'warning' : 'critical';
}
