import type { Problem, Status } from '../../../shared/check-result.ts';
import type { Evidence } from '../../../shared/problems/evidence.ts';
import { problemEntries } from '../../../shared/problems/problem-kinds.ts';

/** All that is wrong, the worst first; within a severity in the order of the problem codes. */
export function assess(evidence: Evidence): Problem[] {
  const found = problemEntries.flatMap(([code, { severity, find }]): Problem[] => {
    const finding = find(evidence);
    return finding ? [{ code, severity, ...finding }] : [];
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
