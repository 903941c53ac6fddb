import type { ChainFacts, Evidence } from '../../../shared/domain/problems/evidence.ts';
import { problemEntries } from '../../../shared/domain/problems/problem-kinds.ts';
import { compareSeverity, isCounted } from '../../../shared/domain/severity.ts';
import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import type { Problem, Status } from '../../../shared/schema/check-result.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';

/** All that is wrong, the worst first; within a severity in the order of the problem codes. */
export function assess(evidence: Evidence): Problem[] {
  return worstFirst(look(problemEntries, evidence));
}

/** Returns what is wrong by dates alone: those of the leaf, and of what expires first above it. */
export function assessTime(
  leaf: CertificateFacts,
  firstExpiry: ChainFacts['firstExpiry'],
  thresholds: Thresholds,
  now: number,
): Problem[] {
  const chain: ChainFacts = {
    kind: 'trusted',
    path: [leaf],
    firstExpiry,
    faults: [],
    isPublic: false,
    distrustedAfter: null,
  };
  return look(timeDependent, {
    host: null,
    nameMatch: 'covered',
    judgesTrust: false,
    leaf,
    chain,
    protocol: null,
    keyFault: null,
    refusedSuite: null,
    transparency: { scts: [], isComplete: false },
    stapling: null,
    uncheckedSince: null,
    revokedAt: null,
    newerSeen: null,
    thresholds,
    now,
  });
}

const timeDependent = problemEntries.filter(([, { dependsOnTime }]) => dependsOnTime);

function look(kinds: typeof problemEntries, evidence: Evidence): Problem[] {
  const problems: Problem[] = [];
  for (const [code, { severity, find }] of kinds) {
    const finding = find(evidence);
    if (finding) problems.push({ code, severity, ...finding });
  }
  return problems;
}

/** In place; those of a severity stay in their order. */
export function worstFirst(problems: Problem[]): Problem[] {
  return problems.sort((one, other) => compareSeverity(one.severity, other.severity));
}

/** Returns the status that follows from problems: the worst severity, notes not counted. `unreachable` stays itself. */
export function statusOf(problems: readonly Problem[]): Status {
  if (problems.some(({ code }) => code === 'unreachable')) return 'unreachable';
  if (problems.some(({ severity }) => severity === 'critical')) return 'critical';
  return problems.some(isCounted) ? 'warning' : 'ok';
}
