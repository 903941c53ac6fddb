import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { describeCertificate } from './describe-certificate.ts';
import { assessTime, statusOf, worstFirst } from './find-problems.ts';

/**
 * Re-evaluates a result as of now: the leaf and what expires first above it come closer to expiry between checks. What
 * else was found stays as it was.
 */
export function reevaluate<Result extends CheckResult>(
  result: Result,
  thresholds: Thresholds,
  now: number,
): Result {
  const { certificate, earliestExpiry } = result;
  if (certificate === null) return result;
  const limit = earliestExpiry?.role === 'leaf' ? null : earliestExpiry;
  const firstExpiry = limit && {
    name: shortName(limit.subject),
    validTo: limit.validTo,
    isRoot: limit.role === 'root',
  };
  const isKept = ({ code }: Problem) =>
    // What expires above a leaf that expires first is not known any more, so its problem stays.
    !problemKind(code)?.dependsOnTime || (code === 'intermediate-expiring' && firstExpiry === null);
  const problems = worstFirst([
    ...assessTime(certificate, firstExpiry, thresholds, now),
    ...result.problems.filter(isKept),
  ]);
  return {
    ...result,
    problems,
    status: statusOf(problems),
    certificate: describeCertificate(certificate, now),
    chain: result.chain.map((one) => describeCertificate(one, now)),
  };
}
