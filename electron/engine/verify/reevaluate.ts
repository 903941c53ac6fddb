import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { describeCertificate } from './certificate.ts';
import { assessTime, statusOf, worstFirst } from './find-problems.ts';

/** What was found, judged as of now: the dates of the leaf go on while nobody looks. What else was found stays as it was. */
export function reevaluate<Result extends CheckResult>(
  result: Result,
  thresholds: Thresholds,
  now: number,
): Result {
  const { certificate } = result;
  if (certificate === null) return result;
  const others = result.problems.filter(({ code }) => !problemKind(code)?.dependsOnTime);
  const problems = worstFirst([...assessTime(certificate, thresholds, now), ...others]);
  return {
    ...result,
    problems,
    status: statusOf(problems),
    certificate: describeCertificate(certificate, now),
    chain: result.chain.map((one) => describeCertificate(one, now)),
  };
}
