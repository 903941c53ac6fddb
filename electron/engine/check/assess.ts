import {
  type Problem,
  type ProblemCode,
  type Severity,
  type Status,
  shortName,
} from '../../../shared/check-result.ts';
import { type Thresholds, thresholdMs } from '../../../shared/thresholds.ts';
import { dateInWords, expiryWords, list } from '../../../shared/words.ts';
import type { CertificateFacts } from './certificate.ts';
import { namesCover } from './hostname.ts';
import { isWeakSignature } from './signature-name.ts';

/** How the chain was judged, as plain facts. */
export interface ChainFacts {
  kind: 'trusted' | 'self-signed' | 'untrusted' | 'incomplete';
  /** From the leaf upwards; the last one of a trusted path is the one that is believed. */
  path: CertificateFacts[];
  /** Certificates of the path that the server did not send and that were known from elsewhere. */
  missing: CertificateFacts[];
  /** Whether the path ends in one of the public CAs' roots. */
  isPublic: boolean;
}

/** Everything that a judgement needs. */
export interface Evidence {
  /**
   * The name that the certificate must be for, as the user wrote it. Null for a certificate in a file: nobody knows for
   * which name and to whom it will be shown, so names and trust are not judged.
   */
  host: string | null;
  leaf: CertificateFacts;
  chain: ChainFacts;
  protocol: string | null;
  /** The time of revocation, where a proven answer says so. */
  revokedAt: string | null;
  thresholds: Thresholds;
  /** Milliseconds since the epoch. */
  now: number;
}

interface Finding {
  severity: Severity;
  message: string;
  remedy: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The same few dates are asked for again and again; reading each costs more than a rule does. */
const times = new Map<string, number>();
const mostTimes = 20_000;

function time(iso: string): number {
  let ms = times.get(iso);
  if (ms === undefined) {
    ms = Date.parse(iso);
    if (times.size >= mostTimes) times.clear();
    times.set(iso, ms);
  }
  return ms;
}

const nameOf = (certificate: CertificateFacts) =>
  shortName(certificate.subject) || certificate.sans[0] || `serial number ${certificate.serialNumber}`;
const quote = (certificate: CertificateFacts) => `“${nameOf(certificate)}”`;
const issuerOf = (certificate: CertificateFacts) => `“${shortName(certificate.issuer)}”`;

/** Each property on its own: what one finds keeps no other from being looked at. */
const assessors: Record<Exclude<ProblemCode, 'unreachable'>, (evidence: Evidence) => Finding | null> = {
  expired({ leaf, now }) {
    if (now <= time(leaf.validTo)) return null;
    return {
      severity: 'critical',
      message: `Expired ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
      remedy: 'Renew the certificate and have the server load the new one; clients refuse it now.',
    };
  },

  'not-yet-valid'({ leaf, now }) {
    if (now >= time(leaf.validFrom)) return null;
    return {
      severity: 'critical',
      message: `Not valid before ${dateInWords(leaf.validFrom)}.`,
      remedy: 'Check the clocks of this machine and of the CA; until then serve the previous certificate.',
    };
  },

  revoked({ revokedAt }) {
    if (revokedAt === null) return null;
    return {
      severity: 'critical',
      message: `Revoked by its issuer on ${dateInWords(revokedAt)}.`,
      remedy: 'Have a new certificate issued, with a new key if the old one may have leaked.',
    };
  },

  'hostname-mismatch'({ leaf, host }) {
    if (host === null || namesCover(leaf.sans, host)) return null;
    const names = leaf.sans.length === 0 ? 'has no subject alternative names' : `is for ${list(leaf.sans)}`;
    return {
      severity: 'critical',
      message: `The certificate ${names}, not for ${host}.`,
      remedy: `Have a certificate issued that has ${host} among its subject alternative names, or see whether the server knows this name.`,
    };
  },

  'self-signed'({ chain, leaf, host }) {
    if (chain.kind !== 'self-signed' || host === null) return null;
    return {
      severity: 'critical',
      message: 'The certificate is signed by itself, and nobody vouches for it.',
      remedy: `Install one from a CA, or name this one (${quote(leaf)}) as a CA file if you trust it.`,
    };
  },

  'untrusted-issuer'({ chain, host }) {
    if (chain.kind !== 'untrusted' || host === null) return null;
    const top = chain.path.at(-1);
    if (!top) return null;
    const authority = top.selfSigned ? quote(top) : issuerOf(top);
    return {
      severity: 'critical',
      message: `The chain ends at ${authority}, which is not trusted here.`,
      remedy: `If ${authority} is your own CA, name its certificate as a CA file; else replace the certificate.`,
    };
  },

  'incomplete-chain'({ chain, leaf, host }) {
    if (chain.kind === 'trusted' && chain.missing.length > 0 && host !== null) {
      const missing = list(chain.missing.map(nameOf));
      return {
        severity: 'warning',
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

  expiring({ leaf, thresholds, now }) {
    const level = expiryLevel(leaf, thresholds, now);
    if (level === null || now > time(leaf.validTo)) return null;
    return {
      severity: level,
      message: `Expires ${expiryWords(leaf.validTo, now)}, on ${dateInWords(leaf.validTo)}.`,
      remedy: 'Renew the certificate; where that is automatic, see whether the renewal still runs.',
    };
  },

  'intermediate-expiring'({ chain, leaf, thresholds, now }) {
    const early = chain.path
      .slice(1)
      .filter(({ validTo }) => time(validTo) < time(leaf.validTo) || time(validTo) < now)
      .map((certificate) => ({ certificate, level: expiryLevel(certificate, thresholds, now) }))
      .filter(({ level }) => level !== null)
      .sort((one, other) => time(one.certificate.validTo) - time(other.certificate.validTo));
    const first = early[0];
    if (!first?.level) return null;
    const { certificate, level } = first;
    const verb = now > time(certificate.validTo) ? 'expired' : 'expires';
    return {
      severity: level,
      message: `${quote(certificate)}, further up the chain, ${verb} ${expiryWords(certificate.validTo, now)}, before the certificate itself does.`,
      remedy:
        'Have the certificate issued anew by the CA’s current intermediate, and serve the chain that comes with it.',
    };
  },

  'weak-key'({ chain }) {
    const weak = chain.path.filter(hasWeakKey);
    if (weak.length === 0) return null;
    return {
      severity: 'warning',
      message: `The key of ${list(weak.map((one) => `${quote(one)} is ${keyWords(one)}`))}, which is too weak.`,
      remedy: 'Have it issued anew with a key of RSA 2048 bits or more, or ECDSA P-256.',
    };
  },

  'weak-signature'({ chain }) {
    // A trusted root is believed for itself: nobody looks at its signature.
    const judged =
      chain.kind === 'trusted' ? chain.path.slice(0, Math.max(1, chain.path.length - 1)) : chain.path;
    const weak = judged.filter(
      (one, index) => isWeakSignature(one.signatureAlgorithm) && (index === 0 || !one.selfSigned),
    );
    if (weak.length === 0) return null;
    return {
      severity: 'warning',
      message: `${list(weak.map((one) => `${quote(one)} is signed with ${one.signatureAlgorithm}`))}, which can be forged.`,
      remedy: 'Have it issued anew with SHA-256 or better; current clients refuse this one.',
    };
  },

  'old-protocol'({ protocol }) {
    if (protocol === null || !/^(SSLv\d|TLSv1(\.1)?)$/.test(protocol)) return null;
    return {
      severity: 'warning',
      message: `The server speaks only ${protocol === 'TLSv1' ? 'TLS 1.0' : protocol.replace('v', ' ')}, which is no longer safe (RFC 8996).`,
      remedy: 'Turn on TLS 1.2 and 1.3 on the server, or update it.',
    };
  },

  'validity-too-long'({ leaf, chain }) {
    if (!chain.isPublic) return null;
    const limit = longestLifetimeDays(time(leaf.validFrom));
    // A lifetime counts its last second, so exactly the limit reads as a second less (Baseline Requirements §6.3.2).
    const days = (time(leaf.validTo) + 1000 - time(leaf.validFrom)) / dayMs;
    if (days <= limit) return null;
    return {
      severity: 'warning',
      message: `Issued for ${Math.ceil(days)} days, where public CAs may issue for ${limit} at the most.`,
      remedy: 'Have it issued anew for a shorter time; some clients refuse it.',
    };
  },
};

/** Limits of the CA/Browser Forum's Baseline Requirements §6.3.2, by the day of issue. */
const lifetimeLimits: readonly [from: string, days: number][] = [
  ['2029-03-15', 47],
  ['2027-03-15', 100],
  ['2026-03-15', 200],
  ['2020-09-01', 398],
  ['2018-03-01', 825],
];

function longestLifetimeDays(notBefore: number): number {
  return lifetimeLimits.find(([from]) => notBefore >= time(from))?.[1] ?? Number.POSITIVE_INFINITY;
}

function expiryLevel(certificate: CertificateFacts, thresholds: Thresholds, now: number): Severity | null {
  const lifetime = time(certificate.validTo) - time(certificate.validFrom);
  const left = time(certificate.validTo) - now;
  if (left < thresholdMs('critical', thresholds, lifetime)) return 'critical';
  if (left < thresholdMs('warning', thresholds, lifetime)) return 'warning';
  return null;
}

function hasWeakKey({ key: { type, bits } }: CertificateFacts): boolean {
  if (type === 'dsa') return true;
  if (bits === null) return false;
  return type.startsWith('rsa') ? bits < 2048 : type === 'ec' && bits < 224;
}

function keyWords({ key: { type, bits, curve } }: CertificateFacts): string {
  return `${type.toUpperCase()}${curve ? ` ${curve}` : ''}${bits === null || curve ? '' : ` ${bits}`}`;
}

/** All that is wrong, the worst first; within a severity in the order of the problem codes. */
export function assess(evidence: Evidence): Problem[] {
  const found = Object.entries(assessors).flatMap(([code, look]) => {
    const finding = look(evidence);
    return finding ? [{ code: code as keyof typeof assessors, ...finding }] : [];
  });
  return found.sort(
    (one, other) => Number(other.severity === 'critical') - Number(one.severity === 'critical'),
  );
}

/** The status that follows from problems: the worst severity. `unreachable` stands for itself. */
export function statusOf(problems: readonly Problem[]): Status {
  if (problems.some(({ code }) => code === 'unreachable')) return 'unreachable';
  if (problems.some(({ severity }) => severity === 'critical')) return 'critical';
  return problems.length > 0 ? 'warning' : 'ok';
}
