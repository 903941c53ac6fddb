import { isInForce } from '../../../shared/domain/acceptance.ts';
import type { AcceptedProblem } from '../../../shared/schema/accepted-problem.ts';
import type { JobPatch, JobView } from '../../../shared/schema/job.ts';
import type { Clock } from '../clock.ts';
import type { LatestResults } from '../monitor/latest-results.ts';

/** A problem cannot be accepted, or its acceptance not undone. The field is that of the request. */
export class AcceptanceError extends Error {
  override name = 'AcceptanceError';
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

export interface AcceptRequest {
  problem: AcceptedProblem['code'];
  reason: string;
  /** ISO 8601; `changed`: until the host shows another certificate; `undone`: until someone undoes it. */
  until: string;
}

export interface AcceptancesOptions {
  jobs: {
    edit(id: string, patch: JobPatch): Promise<JobView | null>;
    editAll(patches: ReadonlyMap<string, JobPatch>): Promise<number>;
  };
  results: LatestResults;
  clock: Clock;
  /** Returns what a job has accepted; null where there is no such job. */
  accepted(id: string): readonly AcceptedProblem[] | null;
}

/** Accepts problems of hosts, and undoes that. */
export class Acceptances {
  readonly #options: AcceptancesOptions;

  constructor(options: AcceptancesOptions) {
    this.#options = options;
  }

  /**
   * Accepts a problem that the last result has, as bad as it is. Replaces an earlier acceptance of it.
   * @returns the job; null where there is none @throws AcceptanceError
   */
  async accept(id: string, request: AcceptRequest): Promise<JobView | null> {
    const accepted = this.#withAccepted(id, request);
    return accepted && this.#options.jobs.edit(id, { accepted });
  }

  /**
   * Accepts a problem of several jobs in one write: of those whose last result has it. Where one of them cannot accept it,
   * none does.
   * @returns how many @throws AcceptanceError
   */
  async acceptAll(ids: Iterable<string>, request: AcceptRequest): Promise<number> {
    const { jobs, results } = this.#options;
    const patches = new Map<string, JobPatch>();
    for (const id of new Set(ids)) {
      const found = results.get(id)?.problems.find(({ code }) => code === request.problem);
      const accepted = found && this.#withAccepted(id, request);
      if (accepted) patches.set(id, { accepted });
    }
    if (patches.size === 0)
      throw new AcceptanceError(
        'problem',
        `The last checks did not find ${request.problem}. Check the hosts again.`,
      );
    return jobs.editAll(patches);
  }

  /** Has an accepted problem of several jobs count again, in one write. @returns how many had accepted it */
  async undoAll(ids: Iterable<string>, problem: AcceptedProblem['code']): Promise<number> {
    const patches = new Map<string, JobPatch>();
    for (const id of new Set(ids)) {
      const accepted = this.#inForce(id);
      const others = accepted?.filter(({ code }) => code !== problem);
      if (others && others.length !== accepted?.length) patches.set(id, { accepted: others });
    }
    return this.#options.jobs.editAll(patches);
  }

  /** Returns what a job has accepted with one more; null where there is no such job. @throws AcceptanceError */
  #withAccepted(id: string, { problem, reason, until }: AcceptRequest): AcceptedProblem[] | null {
    const { results, clock } = this.#options;
    const others = this.#inForce(id)?.filter(({ code }) => code !== problem);
    if (!others) return null;
    const now = clock.now();
    const last = results.get(id);
    const found = last?.problems.find(({ code }) => code === problem);
    if (!last || !found)
      throw new AcceptanceError('problem', `The last check did not find ${problem}. Check the host again.`);
    if (found.severity === 'note')
      throw new AcceptanceError('problem', 'This is a note. Notes do not count and need no acceptance.');
    const { fingerprint256, end } = readEnd(until, last.fingerprint256, now);
    // An intermediate that has expired is worse than one that will, though both are critical.
    const worse =
      problem === 'intermediate-expiring' && last.expiresAt !== null ? Date.parse(last.expiresAt) : null;
    const ends = [end, worse !== null && worse > now ? worse : null].filter((time) => time !== null);
    return [
      ...others,
      {
        code: problem,
        severity: found.severity,
        reason,
        acceptedAt: new Date(now).toISOString(),
        until: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
        fingerprint256,
      },
    ];
  }

  /** Has an accepted problem count again. @returns the job; null where there is none @throws AcceptanceError */
  async undo(id: string, problem: AcceptedProblem['code']): Promise<JobView | null> {
    const accepted = this.#inForce(id);
    if (!accepted) return null;
    const others = accepted.filter(({ code }) => code !== problem);
    if (others.length === accepted.length)
      throw new AcceptanceError('problem', `${problem} is not accepted for this host.`);
    return this.#options.jobs.edit(id, { accepted: others });
  }

  /** What is over is dropped with the next change. */
  #inForce(id: string): readonly AcceptedProblem[] | null {
    const { results, clock, accepted } = this.#options;
    const shown = results.get(id)?.fingerprint256 ?? null;
    return accepted(id)?.filter((one) => isInForce(one, shown, clock.now())) ?? null;
  }
}

/** Reads the end of a request: a certificate, a time in milliseconds since the epoch, or neither. @throws AcceptanceError */
function readEnd(
  until: string,
  shown: string | null,
  now: number,
): { fingerprint256: string | null; end: number | null } {
  if (until === 'undone') return { fingerprint256: null, end: null };
  if (until === 'changed') {
    if (shown === null)
      throw new AcceptanceError('until', 'The host has shown no certificate yet. Give a date or undone.');
    return { fingerprint256: shown, end: null };
  }
  const end = Date.parse(until);
  if (end <= now) throw new AcceptanceError('until', 'This time is past. Give a later one.');
  return { fingerprint256: null, end };
}
