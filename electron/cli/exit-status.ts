import { statusRank } from '../../shared/domain/severity.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';

/** EX_USAGE of sysexits.h: the command was used wrongly. */
export const usageStatus = 64;
/** EX_NOINPUT of sysexits.h: there is no such job. */
export const noSuchJobStatus = 66;
/** EX_UNAVAILABLE of sysexits.h: no NotAfter runs, or it does not answer. */
export const notRunningStatus = 69;
/** EX_SOFTWARE of sysexits.h: a fault in NotAfter. */
export const faultStatus = 70;
/** EX_CANTCREAT of sysexits.h: the data folder cannot be used. */
export const cannotCreateStatus = 73;

/** EX_TEMPFAIL of sysexits.h: a signal ended a search; what it found by then was printed. */
export const partialStatus = 75;

/** What shells give for a program that Ctrl+C ended: 128 and SIGINT’s number. */
export const interruptedStatus = 130;
/** What shells give for a program that SIGPIPE ended: the reader of its output has gone, and the result was not printed whole. */
export const brokenPipeStatus = 141;
/** EX_IOERR of sysexits.h: what is printed cannot be written. */
export const outputStatus = 74;

/** The exit status for results: the worst of 0 ok, 1 warning, 2 critical, 3 unreachable. */
export function worstStatus(results: readonly CheckResult[]): number {
  return Math.max(0, ...results.map(({ status }) => statusRank[status]));
}

/** The command was used wrongly, with the sentence that says how. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A file of output could not be written, though its path is right. */
export class OutputError extends Error {
  override name = 'OutputError';
}

/** A job was named that is not there. */
export class NoSuchJobError extends Error {
  override name = 'NoSuchJobError';
}

/** No NotAfter runs that could be asked. */
export class NotRunningError extends Error {
  override name = 'NotRunningError';
}
