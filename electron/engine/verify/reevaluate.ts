import { problemKind } from '../../../shared/domain/problems/problem-kinds.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { LastCheck } from '../../../shared/schema/job.ts';
import { type Thresholds, thresholdMs } from '../../../shared/schema/thresholds.ts';
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

/** When a certificate of these dates is below a threshold, or over, for the first time; in milliseconds since the epoch. */
export function crossingsOf(
  from: number,
  to: number,
  thresholds: Thresholds,
): Record<'warning' | 'critical' | 'expired', number> {
  const below = (level: 'warning' | 'critical') => to - thresholdMs(level, thresholds, to - from) + 1;
  return { warning: below('warning'), critical: below('critical'), expired: to + 1 };
}

/**
 * When what is said of a certificate becomes wrong by itself: when it crosses a threshold, ends, or begins to be valid. In
 * milliseconds since the epoch, not before `now`; null: never, or nothing was seen.
 */
export function nextCrossing(
  last: Pick<LastCheck, 'status' | 'validFrom' | 'validTo' | 'problems'>,
  thresholds: Thresholds,
  now: number,
): number | null {
  if (last.status === 'unreachable' || last.validFrom === null || last.validTo === null) return null;
  const [from, to] = [Date.parse(last.validFrom), Date.parse(last.validTo)];
  const { warning, critical, expired } = crossingsOf(from, to, thresholds);
  const crossings: [at: number, isSaid: boolean][] = [
    [expired, has(last, 'expired')],
    [critical, has(last, 'expired', 'expiring', 'critical')],
    [warning, has(last, 'expired', 'expiring')],
  ];
  // What was said before it was so, by a clock that was wrong, is right again some time.
  const missed = crossings.some(([at, isSaid]) => at <= now && !isSaid);
  const begins = has(last, 'not-yet-valid') ? [from] : [];
  const coming = [...crossings.map(([at]) => at), ...begins].filter((at) => at > now);
  if (missed || begins.some((at) => at <= now)) return now;
  return coming.length > 0 ? Math.min(...coming) : null;
}

/** Whether it was said: as expired, or as expiring, at least so badly. */
function has(
  { problems }: Pick<LastCheck, 'problems'>,
  code: 'expired' | 'not-yet-valid',
  orCode?: 'expiring',
  severity?: 'critical',
): boolean {
  return problems.some(
    (problem) =>
      problem.code === code ||
      (problem.code === orCode && (severity === undefined || problem.severity === severity)),
  );
}
