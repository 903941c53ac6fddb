import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Connection } from '../../../shared/schema/connection.ts';
import type { Target } from '../../../shared/schema/target.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import type { SeenLeaf } from '../verify/newer-seen.ts';
import type { FileEntry } from './files/entries.ts';

/** What one check is asked. */
export interface CheckRequest {
  target: Target;
  thresholds: Thresholds;
  /** Paths of PEM files that are trusted in addition to the usual roots. */
  caFiles: readonly string[];
  /** How the target is reached; by default straight, to whichever address answers first. */
  connection?: Connection;
  /** Whether the CA is asked for revocation, which tells it what is watched. Off by default. */
  fetchRevocation?: boolean;
  /** Deadline of the whole check, in milliseconds. */
  timeoutMs: number;
  /** When the check began, by `performance.now()`. Default: now. */
  begunAt?: number;
  /** Reads what is judged in place of the file as a whole: one entry of it. */
  entries?: (signal: AbortSignal) => Promise<FileEntry[]>;
  /** Of a file, the leaves that were seen there before. */
  seenBefore?: readonly SeenLeaf[];
  /** Ends the check early, at shutdown or when a person cancels it. */
  signal?: AbortSignal;
}

/** A result, with the certificates themselves for those who keep them. */
export interface Checked {
  result: CheckResult;
  /** As sent, in DER, the leaf first. */
  chain: Buffer[];
  /** What NotAfter itself failed by, to be logged: the result says no more than that it did. */
  fault?: unknown;
}
