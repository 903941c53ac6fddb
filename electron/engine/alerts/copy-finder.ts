import { type ResolvedRules, resolveRules } from '../../../shared/schema/alert-rules.ts';
import { isFileTarget } from '../../../shared/schema/target.ts';
import { sortAccepted } from './accepted.ts';
import type { Known } from './alert-memory.ts';
import type { AlerterOptions, AlertJob } from './alerter-options.ts';
import { expiryCondition, isWanted } from './conditions.ts';
import type { JobMemory } from './job-memory.ts';
import type { Observation } from './observation.ts';
import type { Copies, Copy, PartialRenewal } from './partial-renewal.ts';
import { isPartial, partialKey } from './partial-renewal.ts';
import type { Verdict } from './policy.ts';
import { isInMaintenance } from './raise.ts';

/** Maximum number of copies that an alert names. */
const maxCopies = 50;
const dayMs = 86_400_000;

/** Finds the other jobs that show a certificate or the one that renewed it, through the database's index. */
export class CopyFinder {
  readonly #options: Pick<AlerterOptions, 'storage' | 'jobs' | 'results' | 'rules'>;
  /** Jobs that were renewed while others show the certificate before, by that, with the time from which a check of it tells more. */
  readonly #followed = new Map<string, Map<string, number>>();

  constructor(options: Pick<AlerterOptions, 'storage' | 'jobs' | 'results' | 'rules'>) {
    this.#options = options;
  }

  /** Returns who shows which certificate; null: storage cannot be read now. What it did not take yet is not among them. */
  find(job: AlertJob, renewal: PartialRenewal, { at, isRelook }: Observation): Copies | null {
    const { storage, results, jobs } = this.#options;
    const { alerts } = storage;
    return storage.tryWrite(() => {
      const isAnyDeleted = renewal.stale.some((id) => !jobs.get(id));
      const stale = alerts.showing(renewal.from, job.id, maxCopies);
      if (stale.length === 0) return { ...none, self: this.#self(job, at), isAnyDeleted };
      const checkedAt = isRelook ? results.facts(job.id).checkedAt : at;
      return {
        self: this.#self(job, checkedAt),
        stale: stale.flatMap((row) => this.#copy(row, at)),
        renewed: alerts.showing(renewal.to, job.id, maxCopies).flatMap((row) => this.#copy(row, at)),
        isOpenElsewhere: alerts.isOpenElsewhere(partialKey(renewal.from), job.id),
        isAnyDeleted,
      };
    });
  }

  /** Follows what an observation changed. @returns the jobs whose renewal must be evaluated again after it */
  observed(jobId: string, before: Known, { memory, raised, ended }: Verdict, seen: Observation): string[] {
    const isOpen = [...before.standing, ...raised].some(({ key }) => isPartial(key) && !ended.includes(key));
    this.#follow(jobId, before.memory.partial, memory.partial, isOpen);
    return this.#followers(before.memory, seen);
  }

  /** Remembers whether a job's renewal is to be followed. @param isOpen whether its alert is open */
  #follow(
    jobId: string,
    before: PartialRenewal | null,
    renewal: PartialRenewal | null,
    isOpen: boolean,
  ): void {
    if (before && before.from !== renewal?.from) this.#followed.get(before.from)?.delete(jobId);
    if (!renewal) return;
    const jobs = this.#followed.get(renewal.from) ?? new Map<string, number>();
    jobs.set(jobId, isOpen ? Number.POSITIVE_INFINITY : renewal.at + dayMs);
    this.#followed.set(renewal.from, jobs);
  }

  #followers({ shown }: JobMemory, { at, leaf, isRelook }: Observation): string[] {
    if (leaf === null || isRelook) return [];
    if (shown !== leaf.fingerprint) return this.following(shown);
    const jobs = this.#followed.get(leaf.fingerprint);
    return jobs ? [...jobs].filter(([, from]) => at >= from).map(([id]) => id) : [];
  }

  /** Returns the jobs that were renewed while others show a certificate. @param shown null: none is shown */
  following(shown: string | null): string[] {
    return shown === null ? [] : [...(this.#followed.get(shown)?.keys() ?? [])];
  }

  /** Forgets a job. @returns the jobs whose renewal must be evaluated again without it */
  forget(jobId: string, { shown, partial }: JobMemory): string[] {
    this.#follow(jobId, partial, null, false);
    return this.following(shown);
  }

  #self({ target, paused }: AlertJob, seenAt: number | null): Copies['self'] {
    return { place: placeOf(target), seenAt, isPaused: paused };
  }

  #copy({ job: id, memory }: { job: string; memory: JobMemory }, now: number): Copy[] {
    const { jobs, results, rules } = this.#options;
    const job = jobs.get(id);
    if (!job) return [];
    const resolved = resolveRules(job, rules.settings);
    const wanted = isInMaintenance(resolved, now) ? 'later' : 'now';
    return [
      {
        id,
        place: placeOf(job.target),
        seenAt: memory.failing === null ? results.facts(id).checkedAt : null,
        leaves: memory.leaves,
        takesTurns: memory.takesTurns,
        isWanted: isLeftOut(job, memory, resolved, now) ? 'never' : wanted,
      },
    ];
  }
}

const none = { stale: [], renewed: [], isOpenElsewhere: false } as const;

/** Whether people said that they want to hear nothing of a host, or of the certificate that it shows. */
function isLeftOut(job: AlertJob, memory: JobMemory, rules: ResolvedRules, now: number): boolean {
  const { leaves, shown, silencedLeaf } = memory;
  if (job.paused || !isWanted('partly-renewed', rules.alerts)) return true;
  if (silencedLeaf !== null && silencedLeaf === shown) return true;
  const leaf = leaves.find(({ fingerprint }) => fingerprint === shown);
  const view = { leaves, rules, now, silencedLeaf, unseenSince: null, isRelook: false };
  const expiry = leaf ? expiryCondition(leaf, view) : null;
  return expiry !== null && sortAccepted([expiry], job.accepted, shown, now).held.size > 0;
}

function placeOf(target: AlertJob['target']): Copy['place'] {
  if (isFileTarget(target)) return { file: target.file };
  const { host, port, starttls } = target;
  return { host, port, starttls };
}
