import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Job } from '../../../shared/schema/job.ts';
import { type HostTarget, isFileTarget, type Target } from '../../../shared/schema/target.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { Connectivity } from './connectivity.ts';
import type { LatestResults } from './latest-results.ts';

/** Decides whether the host or this machine's network is to blame for a result. Files need no network. */
export async function attribute(
  target: Target,
  result: CheckResult,
  connectivity: Connectivity,
): Promise<'host' | 'network'> {
  if (isFileTarget(target) || result.unreachable?.reason === 'fault') return 'host';
  // Only a connection takes time: something answered. An address is known before, where every one is tried.
  if (result.timings.tcp !== null) connectivity.noteAnswer(target.host);
  else if (result.status === 'unreachable' && !(await connectivity.blames(target))) return 'network';
  return 'host';
}

/** Watched hosts that are connected to directly, those that answered at their last check first. */
export class WatchedHosts {
  readonly #jobs: JobSource;
  readonly #rules: RuleSource;
  readonly #results: LatestResults;

  constructor(jobs: JobSource, rules: RuleSource, results: LatestResults) {
    this.#jobs = jobs;
    this.#rules = rules;
    this.#results = results;
  }

  /** Hosts are read as they are asked for: a look tries two of 10,000. */
  *[Symbol.iterator](): Generator<HostTarget> {
    for (const id of this.#results.answered()) {
      const job = this.#jobs.get(id);
      if (job && this.#isDirect(job)) yield job.target;
    }
    for (const job of this.#jobs.list())
      if (!this.#results.hasAnswered(job.id) && this.#isDirect(job)) yield job.target;
  }

  #isDirect(job: Job): job is Job & { target: HostTarget } {
    return (
      !isFileTarget(job.target) && (job.connection.proxy ?? this.#rules.settings.proxy ?? 'none') === 'none'
    );
  }
}
