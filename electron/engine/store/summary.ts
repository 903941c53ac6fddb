import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';

/** A result in brief. Where it shows no certificate, the one seen before is kept in view. */
export function summarise(
  result: CheckResult,
  before: LastCheck | null,
  { missed, ...renewal }: { missed: number } & RenewalTimes,
): LastCheck {
  const { certificate } = result;
  const limit = certificate
    ? limitOf(certificate.validTo, result.earliestExpiry)
    : { expiresAt: before?.expiresAt ?? null, limitedBy: before?.limitedBy ?? null };
  return {
    checkedAt: result.checkedAt,
    status: result.status,
    problems: result.problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: (certificate ?? before)?.validFrom ?? null,
    validTo: (certificate ?? before)?.validTo ?? null,
    ...limit,
    fingerprint256: (certificate ?? null)?.fingerprint256 ?? before?.fingerprint256 ?? null,
    issuer: certificate ? shortName(certificate.issuer) : (before?.issuer ?? null),
    keywords: certificate ? keywordsOf(certificate, result.address) : (before?.keywords ?? ''),
    missed,
    ...renewal,
  };
}

/** A certificate with thousands of names is found by its first ones. */
const maxNames = 100;

/**
 * Returns what a certificate is searched by, in lower case: names, subject, serial number, SHA-256 without colons, the
 * address that showed it, and its issuer, whose short name often lacks the organization (`R13` of Let's Encrypt).
 */
export function keywordsOf(
  { sans, subject, issuer, serialNumber, fingerprint256 }: CertificateFacts,
  address: string | null,
): string {
  const names = sans.slice(0, maxNames);
  return [...names, subject, serialNumber, fingerprint256.replaceAll(':', ''), address ?? '', issuer]
    .join(' ')
    .toLowerCase();
}

/**
 * Returns when clients begin to refuse a certificate, and by which one above it where that expires first.
 * @param validTo the leaf's notAfter
 */
export function limitOf(
  validTo: string | null,
  earliest: Pick<NonNullable<CheckResult['earliestExpiry']>, 'subject' | 'validTo'> | null,
): Pick<LastCheck, 'expiresAt' | 'limitedBy'> {
  const isLimited =
    validTo !== null && earliest !== null && Date.parse(earliest.validTo) < Date.parse(validTo);
  return isLimited
    ? { expiresAt: earliest.validTo, limitedBy: shortName(earliest.subject) }
    : { expiresAt: validTo, limitedBy: null };
}

/** What is expected of a certificate, going by those before it. */
export type RenewalTimes = Pick<LastCheck, 'expectedRenewalAt' | 'renewalOverdueAt'>;
