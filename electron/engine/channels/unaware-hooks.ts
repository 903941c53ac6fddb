import { moveKey } from '../move-key.ts';

/** Keeps which hooks did not receive an alert of a job before it was resolved: they do not receive its resolution either. */
export class UnawareHooks {
  /** Ids of jobs, by hook. */
  readonly #jobs = new Map<string, Set<string>>();

  add(hook: string, jobId: string): void {
    this.#jobs.set(hook, (this.#jobs.get(hook) ?? new Set()).add(jobId));
  }

  /** Returns whether a hook is unaware of a job, and forgets that. */
  take(hook: string, jobId: string): boolean {
    return this.#jobs.get(hook)?.delete(jobId) ?? false;
  }

  /** Follows a hook to its new name. */
  rename(from: string, to: string): void {
    moveKey(this.#jobs, from, to);
  }
}
