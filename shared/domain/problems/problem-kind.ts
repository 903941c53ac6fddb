import type { Severity } from '../severity.ts';
import type { Evidence } from './evidence.ts';

/** What was found, and what a person can do about it, each as sentences. */
export interface Finding {
  /** Where it is another than the usual one. */
  severity?: Severity;
  message: string;
  remedy: string;
}

/** All there is to know of one kind of problem. */
export interface ProblemKind {
  /** In a list: `Weak key`. */
  label: string;
  /** What is the matter, after the name of the job: `has a weak key`. */
  matter: string;
  /** What was put right: `a weak key`. */
  mended: string;
  /** How bad it is as a rule. */
  severity: Severity;
  /** Whether the leaf's dates, the thresholds and the time alone decide it: it is re-evaluated between checks. */
  dependsOnTime?: true;
  /** Looks for it in the evidence; null: it is not there. What one finds keeps no other from being looked for. */
  find: (evidence: Evidence) => Finding | null;
}
