import { setImmediate } from 'node:timers/promises';
import { compareStatus } from '../../../shared/domain/severity.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { FileTarget } from '../../../shared/schema/target.ts';
import { whyUnreadable } from '../verify/certificate.ts';
import { frameResult, unreachableResult } from '../verify/result.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { Checked, CheckRequest } from './check-request.ts';
import type { Deadline } from './deadline.ts';
import { readCertificateFile } from './files/certificate-file.ts';
import type { FileEntry } from './files/entries.ts';
import { newProbeTrace } from './probe-trace.ts';
import { UnreachableError } from './unreachable.ts';

/** A result lists at most this many entries of its file, the worst first. */
const maxEntries = 200;
/** Entries that are judged before other things have their turn: a few milliseconds. */
const entriesPerTurn = 10;

type FileRequest = Omit<CheckRequest, 'target'> & { target: FileTarget };

/** Judges certificate files: everything in them that is to be judged, each by itself. */
export class FileProbe {
  readonly #verifier: Verifier;
  readonly #now: () => number;

  constructor(verifier: Verifier, now: () => number) {
    this.#verifier = verifier;
    this.#now = now;
  }

  /**
   * Judges every entry of a file within the check's deadline. One that cannot be read is a single result that says why.
   * @returns in the order of the file
   * @throws InputFileError where a CA file cannot be used; the request's signal's reason where it aborts
   */
  async checkEntries(request: FileRequest, deadline: Deadline): Promise<Checked[]> {
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    const { target } = request;
    try {
      const { signal } = deadline;
      const entries = await (request.entries?.(signal) ?? readCertificateFile(target, signal));
      // Of several any may be the worst: that another one was seen before says nothing.
      const seenBefore = entries.length === 1 ? request.seenBefore : undefined;
      const checked: Checked[] = [];
      for (const [index, entry] of entries.entries()) {
        // To judge an entry waits for nothing, so thousands would be one turn.
        if (index > 0 && index % entriesPerTurn === 0) await setImmediate();
        deadline.signal.throwIfAborted();
        const one = await this.#verify({ ...request, seenBefore }, entry, elapsed());
        if (one) checked.push(one);
      }
      if (checked.length > 0) return checked;
      const why = whyUnreadable(entries[0]?.chain[0]);
      throw new UnreachableError('file', `The certificate in ${target.file} cannot be read: ${why}.`);
    } catch (error) {
      request.signal?.throwIfAborted();
      const tooSlow = new UnreachableError('file', `${target.file} could not be read in time.`);
      const failure = deadline.signal.aborted && !(error instanceof UnreachableError) ? tooSlow : error;
      if (!(failure instanceof UnreachableError)) throw failure;
      const result = unreachableResult(target, failure, newProbeTrace(), elapsed(), this.#now());
      return [{ result, chain: [] }];
    }
  }

  /** Judges a file as a whole: the worst of its entries, with what the others are. @throws as `checkEntries` */
  async check(request: FileRequest, deadline: Deadline): Promise<Checked> {
    const all = (await this.checkEntries(request, deadline)).toSorted(worstFirst);
    const [worst] = all;
    if (!worst) throw new Error('No entry was judged.');
    if (all.length === 1) return worst;
    const entries = all.slice(0, maxEntries).map(({ result }) => summaryOf(result));
    return { ...worst, result: { ...worst.result, entries } };
  }

  async #verify(
    request: Omit<FileRequest, 'seenBefore'> & { seenBefore: CheckRequest['seenBefore'] | undefined },
    entry: FileEntry,
    totalMs: number,
  ): Promise<Checked | null> {
    const { target, thresholds, caFiles, seenBefore = [] } = request;
    const { chain, label, alias, role, hasKey } = entry;
    const now = this.#now();
    const judgement = await this.#verifier.verify(
      { chain, protocol: null, cipher: null, staple: null, isKeyProven: true },
      { host: null, thresholds, caFiles, now, seenBefore },
    );
    if (!judgement) return null;
    const { problems, sent, steps: _steps, ...found } = judgement;
    const frame = frameResult(target, problems, newProbeTrace(), totalMs, now);
    return { result: { ...frame, ...found, entry: { label, alias, role, hasKey } }, chain: sent };
  }
}

function worstFirst({ result: one }: Checked, { result: other }: Checked): number {
  return compareStatus(one.status, other.status) || resultExpiry(one) - resultExpiry(other) || 0;
}

function summaryOf({ entry, certificate, status, earliestExpiry }: CheckResult) {
  return {
    label: entry?.label ?? null,
    subject: certificate?.subject ?? '',
    status,
    validTo: (earliestExpiry ?? certificate)?.validTo ?? '',
    fingerprint256: certificate?.fingerprint256 ?? '',
  };
}

/** Returns when a result's certificate expires, in milliseconds since the epoch. */
export function resultExpiry({ certificate, earliestExpiry }: CheckResult): number {
  return Date.parse((earliestExpiry ?? certificate)?.validTo ?? '');
}
