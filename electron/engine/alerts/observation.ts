import { hash } from 'node:crypto';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';

/** A leaf, as far as alerts go by it. Times in milliseconds since the epoch. */
export interface Leaf {
  fingerprint: string;
  /** The whole distinguished name. */
  issuer: string;
  /** Names the public key; null where that is not known. */
  key: string | null;
  validFrom: number;
  validTo: number;
  /** See `namesOf`; undefined: not known. */
  names?: string | undefined;
  /** `rsa`, `ec`, …; undefined: not known. */
  keyType?: string | undefined;
}

/** What a check found, as far as alerts go by it. */
export interface Observation {
  /** Milliseconds since the epoch. */
  at: number;
  /** The leaf that was judged; null where none was shown. */
  leaf: Leaf | null;
  /** Fingerprints of every leaf that was shown: at other addresses, and of the other key type. */
  shown: readonly string[];
  problems: readonly Problem[];
  /** Why nothing was shown, as a sentence; null: something was. */
  unreachable: string | null;
  /** When the first certificate above the leaf expires; null: the leaf expires first, or that is not known. */
  chainEndsAt: number | null;
  /** Whether nothing was checked: time has passed since the result. */
  isRelook: boolean;
}

export function observe(result: CheckResult): Observation {
  const { certificate, addresses, certificates, unreachable, problems, checkedAt, earliestExpiry } = result;
  const others = [...(addresses ?? []), ...(certificates ?? [])].flatMap(
    ({ fingerprint256 }) => fingerprint256 ?? [],
  );
  return {
    at: Date.parse(checkedAt),
    leaf: certificate && {
      fingerprint: certificate.fingerprint256,
      issuer: certificate.issuer,
      key: certificate.key.fingerprint256 ?? null,
      validFrom: Date.parse(certificate.validFrom),
      validTo: Date.parse(certificate.validTo),
      names: namesOf(certificate),
      keyType: certificate.key.type,
    },
    shown: certificate ? [certificate.fingerprint256, ...others] : others,
    problems,
    unreachable: result.status === 'unreachable' ? (unreachable?.message ?? 'It does not answer.') : null,
    chainEndsAt:
      !earliestExpiry || earliestExpiry.role === 'leaf' ? null : Date.parse(earliestExpiry.validTo),
    isRelook: false,
  };
}

/** Names that take more room are kept as their digest: a job remembers up to 48 certificates. */
const maxNames = 500;

/** Writes the names of a certificate in sorted order, with spaces between; long ones as `#` and a digest. */
export function namesOf({ sans, subject }: Pick<Certificate, 'sans' | 'subject'>): string {
  const names = [...new Set(sans.map((name) => name.toLowerCase()))].sort().join(' ') || subject;
  return names.length <= maxNames ? names : `#${hash('sha256', names, 'base64')}`;
}
