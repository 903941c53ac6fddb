import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';

/** A result in brief. Where it shows no certificate, the one seen before is kept in view. */
export function summarise(
  result: CheckResult,
  before: LastCheck | null,
  { missed, ...renewal }: { missed: number } & RenewalTimes,
): LastCheck {
  const { certificate } = result;
  return {
    checkedAt: result.checkedAt,
    status: result.status,
    problems: result.problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: (certificate ?? before)?.validFrom ?? null,
    validTo: (certificate ?? before)?.validTo ?? null,
    issuer: certificate ? shortName(certificate.issuer) : (before?.issuer ?? null),
    missed,
    ...renewal,
  };
}

/** What is expected of a certificate, going by those before it. */
export type RenewalTimes = Pick<LastCheck, 'expectedRenewalAt' | 'renewalOverdueAt'>;
