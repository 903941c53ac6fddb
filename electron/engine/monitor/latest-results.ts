import { withAccepted } from '../../../shared/domain/acceptance.ts';
import { expectedRenewal, renewalOverdue } from '../../../shared/domain/renewals.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { HistoryEntry, Job, LastCheck } from '../../../shared/schema/job.ts';
import type { Checked } from '../probe/check-request.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { LeafTimes } from '../store/history-rows.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { type RenewalTimes, summarise } from '../store/summary.ts';
import { reevaluate } from '../verify/reevaluate.ts';
import { maxRetries } from './cadence.ts';
import type { Facts } from './planner.ts';

export interface LatestResultsOptions {
  jobs: JobSource;
  rules: RuleSource;
  database: ResultDatabase;
  now: () => number;
}

/**
 * The read model of results: how each job stood last. The list, an open job, metrics and the tray all ask here, so no two of
 * them differ. What it answers changes with a check, and with a threshold that is crossed between two checks.
 */
export class LatestResults {
  readonly #options: LatestResultsOptions;
  readonly #lastChecks = new Map<string, LastCheck>();
  /** What the last result meant when a threshold was crossed after it. */
  readonly #reassessed = new Map<string, Pick<CheckResult, 'status' | 'problems'>>();
  /** How often in a row each job's host was unreachable; only those that are. */
  readonly #failures = new Map<string, number>();

  constructor(options: LatestResultsOptions) {
    this.#options = options;
    const { history } = options.database;
    const leafTimes = history.leafTimesOfChanged();
    for (const [id, last] of history.lastOfAll()) {
      const times = this.#renewalTimes(options.jobs.get(id), leafTimes.get(id) ?? []);
      this.#lastChecks.set(id, { ...last, ...times });
      if (last.status === 'unreachable')
        this.#failures.set(id, history.unreachableStreak(id, maxRetries + 1));
    }
  }

  /** Returns how a job stood last; null before its first check. */
  get(id: string): LastCheck | null {
    const last = this.#lastChecks.get(id);
    if (!last) return null;
    const accepted = this.#options.jobs.get(id)?.accepted ?? [];
    return accepted.length === 0
      ? last
      : withAccepted(last, accepted, last.fingerprint256, this.#options.now());
  }

  /** Marks what a job’s problems of a result are accepted, and leaves them out of its status. */
  asAccepted<Result extends CheckResult>(job: Job, result: Result): Result {
    const shown = result.certificate?.fingerprint256 ?? this.#lastChecks.get(job.id)?.fingerprint256 ?? null;
    return withAccepted(result, job.accepted, shown, this.#options.now());
  }

  /**
   * Returns the whole last result of a job; null before the first check. Its sentences count days from now, and it says what
   * `get` says: while a job is paused, a threshold that passes changes neither.
   */
  result(job: Job): HistoryEntry | null {
    const last = this.#options.database.history.last(job.id);
    if (!last) return null;
    const asOfNow = reevaluate(last, this.#options.rules.thresholdsOf(job), this.#options.now());
    const shown = this.#lastChecks.get(job.id);
    if (!shown || meaning(asOfNow) === meaning(shown)) return this.asAccepted(job, asOfNow);
    const { status, problems } = this.#reassessed.get(job.id) ?? last;
    return this.asAccepted(job, { ...asOfNow, status, problems });
  }

  /** Whether a job's host answered at its last check. */
  hasAnswered(id: string): boolean {
    return (this.#lastChecks.get(id)?.status ?? 'unreachable') !== 'unreachable';
  }

  /** The jobs whose hosts answered at their last check. */
  *answered(): Generator<string> {
    for (const id of this.#lastChecks.keys()) if (this.hasAnswered(id)) yield id;
  }

  /** Returns what the planner goes by. */
  facts(id: string): Facts {
    const last = this.#lastChecks.get(id);
    const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
    return {
      checkedAt: time(last?.checkedAt),
      outlook: {
        validFrom: time(last?.validFrom),
        validTo: time(last?.expiresAt),
        renewalAt: time(last?.expectedRenewalAt),
      },
      failures: this.#failures.get(id) ?? 0,
    };
  }

  /** Keeps what a check found. @param missed how many due times went by before it */
  record(job: Job, checked: Checked, missed: number): void {
    const { id } = job;
    const { database } = this.#options;
    const { result } = checked;
    const before = this.#lastChecks.get(id) ?? null;
    database.tryWrite(() => database.history.add(id, checked, missed));
    // Most have never been renewed, and then only a certificate of another lifetime changes what is expected.
    const isSameLeaf = result.certificate === null || result.certificate.validTo === before?.validTo;
    const isUnrenewed = before !== null && isSameLeaf && before.expectedRenewalAt === null;
    const { expectedRenewalAt, renewalOverdueAt } = isUnrenewed
      ? before
      : this.#renewalTimes(job, database.tryWrite(() => database.history.leafTimes(id)) ?? []);
    if (result.status === 'unreachable') this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
    else this.#failures.delete(id);
    this.#lastChecks.set(id, summarise(result, before, { missed, expectedRenewalAt, renewalOverdueAt }));
    this.#reassessed.delete(id);
  }

  /** Judges a job's last result as of now, with nothing checked. @returns it; null where there is none */
  reassess(job: Job): CheckResult | null {
    const { id } = job;
    const { database, rules, now } = this.#options;
    const before = this.#lastChecks.get(id);
    const last = database.tryWrite(() => database.history.last(id));
    if (!before || !last) return null;
    const result = reevaluate(last, rules.thresholdsOf(job), now());
    const { missed, expectedRenewalAt, renewalOverdueAt } = before;
    this.#lastChecks.set(id, summarise(result, before, { missed, expectedRenewalAt, renewalOverdueAt }));
    this.#reassessed.set(id, { status: result.status, problems: result.problems });
    return result;
  }

  forget(id: string): void {
    this.#lastChecks.delete(id);
    this.#reassessed.delete(id);
    this.#failures.delete(id);
  }

  #renewalTimes(job: Job | undefined, leaves: readonly LeafTimes[]): RenewalTimes {
    const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
    return {
      expectedRenewalAt: iso(expectedRenewal(leaves)),
      renewalOverdueAt: iso(job ? renewalOverdue(leaves, this.#options.rules.thresholdsOf(job)) : null),
    };
  }
}

/** Names what a result says, without its sentences: they count days. */
function meaning({ status, problems }: Pick<LastCheck, 'status' | 'problems'>): string {
  return [status, ...problems.map(({ code, severity }) => `${code}:${severity}`)].join(' ');
}
