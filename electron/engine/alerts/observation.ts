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
    },
    shown: certificate ? [certificate.fingerprint256, ...others] : others,
    problems,
    unreachable: result.status === 'unreachable' ? (unreachable?.message ?? 'It does not answer.') : null,
    chainEndsAt:
      !earliestExpiry || earliestExpiry.role === 'leaf' ? null : Date.parse(earliestExpiry.validTo),
    isRelook: false,
  };
}
