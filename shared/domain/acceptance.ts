import type { AcceptedProblem } from '../schema/accepted-problem.ts';
import type { Status } from '../schema/check-result.ts';
import { compareSeverity, isCounted, type Severity } from './severity.ts';

/**
 * Returns whether an acceptance is in force.
 * @param shown SHA-256 of the certificate seen last; null: none was @param now milliseconds since the epoch
 */
export function isInForce(
  { until, fingerprint256 }: Pick<AcceptedProblem, 'until' | 'fingerprint256'>,
  shown: string | null,
  now: number,
): boolean {
  return (until === null || Date.parse(until) > now) && (fingerprint256 === null || fingerprint256 === shown);
}

interface Rated {
  code: string;
  severity: Severity;
  accepted?: true | undefined;
}

/** Returns the acceptance of a problem that is in force and as bad as the problem, or worse. */
export function acceptanceOf(
  { code, severity }: Rated,
  accepted: readonly AcceptedProblem[],
  shown: string | null,
  now: number,
): AcceptedProblem | undefined {
  return accepted.find(
    (one) => one.code === code && compareSeverity(one.severity, severity) <= 0 && isInForce(one, shown, now),
  );
}

/**
 * Marks the accepted problems of a result, whose status is that of the others. A host that cannot be reached stays
 * `unreachable`: nothing is known of its certificate.
 */
export function withAccepted<Problem extends Rated, Result extends { status: Status; problems: Problem[] }>(
  result: Result,
  accepted: readonly AcceptedProblem[],
  shown: string | null,
  now: number,
): Result {
  const problems = result.problems.map((problem) =>
    isCounted(problem) && acceptanceOf(problem, accepted, shown, now)
      ? { ...problem, accepted: true as const }
      : problem,
  );
  if (!problems.some((problem) => problem.accepted)) return result;
  return {
    ...result,
    problems,
    status: result.status === 'unreachable' ? 'unreachable' : statusOf(problems),
  };
}

function statusOf(problems: readonly Rated[]): Status {
  const counted = problems.filter(isCounted);
  if (counted.some(({ severity }) => severity === 'critical')) return 'critical';
  return counted.length > 0 ? 'warning' : 'ok';
}
