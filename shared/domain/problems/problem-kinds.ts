import type { CertificateFacts } from '../../schema/certificate.ts';
import { dateInWords, expiryWords, list } from '../../text/words.ts';
import { shortName } from '../distinguished-name.ts';
import { namesCover } from '../hostname.ts';
import type { Severity } from '../severity.ts';
import { type Evidence, issuerOf, nameOf, quote, stageOf, time } from './evidence.ts';

/** What was found, and what a person can do about it, each as sentences. */
interface Finding {
  /** Where it is another than the usual one. */
  severity?: Severity;
  message: string;
  remedy: string;
}

/** All there is to know of one kind of problem. */
interface ProblemKind {
  /** In a list: `Weak key`. */
  label: string;
  /** What is the matter, after the name of the job: `has a weak key`. */
  matter: string;
  /** What was put right: `a weak key`. */
  mended: string;
  /** How bad it is as a rule. */
  severity: Severity;
  /** Whether the leaf's dates, the thresholds and the time alone decide it: it is judged anew between checks. */
  dependsOnTime?: true;
  /** Looks for it in the evidence; null: it is not there. What one finds keeps no other from being looked for. */
  find: (evidence: Evidence) => Finding | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Worst for people first. What is added here is known everywhere: see CONTRIBUTING.md. */
const problemKinds = {
  expired: {
    label: 'Expired',
    matter: 'has expired',
    mended: 'an expired certificate',
    severity: 'critical',
    dependsOnTime: true,
    find({ leaf, thresholds, now }) {
      if (stageOf(leaf, thresholds, now) !== 'expired') return null;
      return {
        message: `Expired ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
        remedy: 'Renew the certificate and have the server load the new one; clients refuse it now.',
      };
    },
  },

  'not-yet-valid': {
    label: 'Not valid yet',
    matter: 'is not valid yet',
    mended: 'a certificate that was not valid yet',
    severity: 'critical',
    dependsOnTime: true,
    find({ leaf, now }) {
      if (now >= time(leaf.validFrom)) return null;
      return {
        message: `Not valid before ${dateInWords(leaf.validFrom)}.`,
        remedy: 'Check the clocks of this machine and of the CA; until then serve the previous certificate.',
      };
    },
  },

  revoked: {
    label: 'Revoked',
    matter: 'has a revoked certificate',
    mended: 'a revoked certificate',
    severity: 'critical',
    find({ revokedAt }) {
      if (revokedAt === null) return null;
      return {
        message: `Revoked by its issuer on ${dateInWords(revokedAt)}.`,
        remedy: 'Have a new certificate issued, with a new key if the old one may have leaked.',
      };
    },
  },

  /** RFC 8446 §4.4.3, RFC 5246 §7.4.3: without the proof anybody could show the certificate. */
  'key-not-proven': {
    label: 'Key not proven',
    matter: 'does not prove that it holds the certificate’s key',
    mended: 'a certificate whose key was not proven',
    severity: 'critical',
    find({ keyFault }) {
      if (keyFault === null) return null;
      const { ending, lacksClientCertificate } = keyFault;
      const message = `The server showed this certificate and did not prove that it holds its key. ${ending}`;
      if (!lacksClientCertificate) {
        return {
          message,
          remedy:
            'See the server’s log for the handshake that failed, and check that nothing between intercepts the connection. Clients refuse it.',
        };
      }
      return {
        severity: 'warning',
        message: `${message} It demands a client certificate first.`,
        remedy: 'Give this host a client certificate, or turn on ECDHE key exchange on the server.',
      };
    },
  },

  'hostname-mismatch': {
    label: 'Wrong name',
    matter: 'shows a certificate for another name',
    mended: 'a certificate for another name',
    severity: 'critical',
    find({ leaf, host }) {
      if (host === null || namesCover(leaf.sans, host)) return null;
      const names = leaf.sans.length === 0 ? 'has no subject alternative names' : `is for ${list(leaf.sans)}`;
      return {
        message: `The certificate ${names}, not for ${host}.`,
        remedy: `Have a certificate issued that has ${host} among its subject alternative names, or see whether the server knows this name.`,
      };
    },
  },

  /** RFC 5280 §4.2.1.12. */
  'wrong-usage': {
    label: 'Not for servers',
    matter: 'shows a certificate that is not for servers',
    mended: 'a certificate that was not for servers',
    severity: 'critical',
    find({ leaf: { extendedKeyUsage: usages }, host }) {
      if (host === null || !usages || usages.some((usage) => serverUsages.has(usage))) return null;
      return {
        message: `The certificate may be used for ${list(usages)} alone, not for servers.`,
        remedy: 'Have it issued anew with serverAuth in its extended key usage; clients refuse this one.',
      };
    },
  },

  'self-signed': {
    label: 'Self-signed',
    matter: 'shows a self-signed certificate',
    mended: 'a self-signed certificate',
    severity: 'critical',
    find({ chain, leaf, host }) {
      if (chain.kind !== 'self-signed' || host === null) return null;
      return {
        message: 'The certificate is signed by itself, and nobody vouches for it.',
        remedy: `Install one from a CA, or name this one (${quote(leaf)}) as a CA file if you trust it.`,
      };
    },
  },

  'untrusted-issuer': {
    label: 'Untrusted issuer',
    matter: 'shows a certificate of an issuer that is not trusted',
    mended: 'an issuer that was not trusted',
    severity: 'critical',
    find({ chain, host }) {
      if (chain.kind !== 'untrusted' || host === null) return null;
      const top = chain.path.at(-1);
      if (!top) return null;
      const authority = top.selfSigned ? quote(top) : issuerOf(top);
      return {
        message: `The chain ends at ${authority}, which is not trusted here.`,
        remedy: `If ${authority} is your own CA, name its certificate as a CA file; else replace the certificate.`,
      };
    },
  },

  'incomplete-chain': {
    label: 'Incomplete chain',
    matter: 'does not send its whole chain',
    mended: 'a chain that was not whole',
    severity: 'warning',
    find({ chain, leaf, host }) {
      if (chain.kind === 'trusted' && chain.missing.length > 0 && host !== null) {
        const missing = list(chain.missing.map(nameOf));
        return {
          message: `The server does not send its intermediate certificate ${missing}; some clients cannot verify it.`,
          remedy: `Append ${missing} to the certificate file (with certbot: use fullchain.pem rather than cert.pem).`,
        };
      }
      if (chain.kind !== 'incomplete' || host === null) return null;
      const issuer = shortName(leaf.issuer);
      return {
        severity: 'critical',
        message: `The server does not send the certificate of its issuer “${issuer}”, so it cannot be verified.`,
        remedy: `Append ${issuer} to the certificate file. If it is your own root CA, name its certificate as a CA file.`,
      };
    },
  },

  expiring: {
    label: 'Expiring',
    matter: 'expires soon',
    mended: 'a certificate that was about to expire',
    severity: 'warning',
    dependsOnTime: true,
    find({ leaf, thresholds, now }) {
      const level = stageOf(leaf, thresholds, now);
      if (level === 'fine' || level === 'expired') return null;
      return {
        severity: level,
        message: `Expires ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
        remedy: 'Renew the certificate; where that is automatic, see whether the renewal still runs.',
      };
    },
  },

  'intermediate-expiring': {
    label: 'Intermediate expires first',
    matter: 'has an intermediate that expires first',
    mended: 'an intermediate that expired first',
    severity: 'warning',
    find({ chain, leaf, thresholds, now }) {
      const early = chain.path
        .slice(1)
        .filter(({ validTo }) => time(validTo) < time(leaf.validTo) || time(validTo) < now)
        .map((certificate) => ({ certificate, stage: stageOf(certificate, thresholds, now) }))
        .filter(({ stage }) => stage !== 'fine')
        .sort((one, other) => time(one.certificate.validTo) - time(other.certificate.validTo));
      const first = early[0];
      if (!first) return null;
      const { certificate, stage } = first;
      const verb = stage === 'expired' ? 'expired' : 'expires';
      return {
        severity: stage === 'warning' ? 'warning' : 'critical',
        message: `${quote(certificate)}, further up the chain, ${verb} ${expiryWords(certificate.validTo, now)}, before the certificate itself does.`,
        remedy:
          'Have the certificate issued anew by the CA’s current intermediate, and serve the chain that comes with it.',
      };
    },
  },

  'weak-key': {
    label: 'Weak key',
    matter: 'has a weak key',
    mended: 'a weak key',
    severity: 'warning',
    find({ chain }) {
      const weak = chain.path.filter(hasWeakKey);
      if (weak.length === 0) return null;
      return {
        message: `The key of ${list(weak.map((one) => `${quote(one)} is ${keyWords(one)}`))}, which is too weak.`,
        remedy: 'Have it issued anew with a key of RSA 2048 bits or more, or ECDSA P-256.',
      };
    },
  },

  'weak-signature': {
    label: 'Weak signature',
    matter: 'has a weak signature',
    mended: 'a weak signature',
    severity: 'warning',
    find({ chain }) {
      // A trusted root is believed for itself: nobody looks at its signature.
      const judged =
        chain.kind === 'trusted' ? chain.path.slice(0, Math.max(1, chain.path.length - 1)) : chain.path;
      const weak = judged.filter(
        (one, index) => isWeakSignature(one.signatureAlgorithm) && (index === 0 || !one.selfSigned),
      );
      if (weak.length === 0) return null;
      return {
        message: `${list(weak.map((one) => `${quote(one)} is signed with ${one.signatureAlgorithm}`))}, which can be forged.`,
        remedy: 'Have it issued anew with SHA-256 or better; current clients refuse this one.',
      };
    },
  },

  'old-protocol': {
    label: 'Old protocol',
    matter: 'speaks only an old TLS version',
    mended: 'an old TLS version',
    severity: 'warning',
    find({ protocol }) {
      if (protocol === null || !/^(SSLv\d|TLSv1(\.1)?)$/.test(protocol)) return null;
      return {
        message: `The server speaks only ${protocol === 'TLSv1' ? 'TLS 1.0' : protocol.replace('v', ' ')}, which is no longer safe (RFC 8996).`,
        remedy: 'Turn on TLS 1.2 and 1.3 on the server, or update it.',
      };
    },
  },

  'validity-too-long': {
    label: 'Valid for too long',
    matter: 'is valid for longer than allowed',
    mended: 'a lifetime that was too long',
    severity: 'warning',
    find({ leaf, chain }) {
      if (!chain.isPublic) return null;
      const limit = maxLifetimeDays(time(leaf.validFrom));
      // A lifetime counts its last second, so exactly the limit reads as a second less (Baseline Requirements §6.3.2).
      const days = (time(leaf.validTo) + 1000 - time(leaf.validFrom)) / dayMs;
      if (days <= limit) return null;
      return {
        message: `Issued for ${Math.ceil(days)} days, where public CAs may issue for ${limit} at the most.`,
        remedy: 'Have it issued anew for a shorter time; some clients refuse it.',
      };
    },
  },
} as const satisfies Record<string, ProblemKind>;

type CertificateProblem = keyof typeof problemKinds;

/** Every kind by its code. The cast is true because Object.entries forgets what the keys are. */
export const problemEntries = Object.entries<ProblemKind>(problemKinds) as [
  CertificateProblem,
  ProblemKind,
][];

/** What a code stands for; undefined for `unreachable`, and for a code that another version wrote. */
export function problemKind(code: string): ProblemKind | undefined {
  return byCode.get(code);
}

const byCode: ReadonlyMap<string, ProblemKind> = new Map(problemEntries);

export const certificateProblems = problemEntries.map(([code]) => code);

/** Extended key usages of a server: its own, any, and Netscape's and Microsoft's gated crypto. */
const serverUsages: ReadonlySet<string> = new Set([
  'serverAuth',
  'anyExtendedKeyUsage',
  '2.16.840.1.113730.4.1',
  '1.3.6.1.4.1.311.10.3.3',
]);

/** Limits of the CA/Browser Forum's Baseline Requirements §6.3.2, by the day of issue. */
const lifetimeLimits: readonly [from: string, days: number][] = [
  ['2029-03-15', 47],
  ['2027-03-15', 100],
  ['2026-03-15', 200],
  ['2020-09-01', 398],
  ['2018-03-01', 825],
];

function maxLifetimeDays(notBefore: number): number {
  return lifetimeLimits.find(([from]) => notBefore >= time(from))?.[1] ?? Number.POSITIVE_INFINITY;
}

function hasWeakKey({ key: { type, bits } }: CertificateFacts): boolean {
  if (type === 'dsa') return true;
  if (bits === null) return false;
  return type.startsWith('rsa') ? bits < 2048 : type === 'ec' && bits < 224;
}

function keyWords({ key: { type, bits, curve } }: CertificateFacts): string {
  return `${type.toUpperCase()}${curve ? ` ${curve}` : ''}${bits === null || curve ? '' : ` ${bits}`}`;
}

/** Whether a signature by this algorithm can be forged: MD2, MD4, MD5 and SHA-1 (RFC 6151, RFC 9155). */
function isWeakSignature(name: string): boolean {
  return /^(md[245]|sha1)with|-with-sha1$|with (md5|sha1)$/i.test(name);
}
