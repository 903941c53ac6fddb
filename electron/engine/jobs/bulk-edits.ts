import type { Job, JobPatch, NewJob } from '../../../shared/schema/job.ts';
import type { SettingsPatch } from '../../../shared/schema/settings.ts';
import { importJobs } from '../import/import-jobs.ts';
import type { ReadImport } from '../import/read-import.ts';

/** An edit of many jobs alike. */
export interface ManyEdit {
  ids: readonly string[];
  patch: Pick<JobPatch, 'schedule' | 'thresholds' | 'alerts' | 'caFiles'>;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

/** What is done to one job. */
interface JobEdits {
  readonly count: number;
  all(): Iterable<Job>;
  get(id: string): Job | undefined;
  add(input: NewJob): Promise<{ id: string }>;
  edit(id: string, patch: JobPatch): Promise<object | null>;
  remove(id: string): Promise<boolean>;
}

/** Edits many jobs in one step: all of one call goes to disk together. Each method returns how many jobs it was about. */
export class BulkEdits {
  readonly #jobs: JobEdits;
  readonly #settings: { edit(patch: SettingsPatch): Promise<unknown> };

  constructor(jobs: JobEdits, settings: { edit(patch: SettingsPatch): Promise<unknown> }) {
    this.#jobs = jobs;
    this.#settings = settings;
  }

  /** Adds what was read and is new. A dry run only says what would happen. */
  import(read: ReadImport, isDryRun = false): ReturnType<typeof importJobs> {
    const effects = {
      add: (input: NewJob) => this.#jobs.add(input),
      tag: (id: string, tags: string[]) => this.#jobs.edit(id, { tags }),
    };
    return importJobs(read, this.#jobs.all(), isDryRun ? null : effects);
  }

  /** Pauses some jobs, or everything (ids null), until a time or until told (null). */
  async pause(ids: readonly string[] | null, until: string | null): Promise<number> {
    if (ids !== null) return this.#each(ids, () => ({ paused: true, pausedUntil: until }));
    await this.#settings.edit({ pause: { until } });
    return this.#jobs.count;
  }

  /** Resumes some jobs, or ends the pause of everything (ids null): what was missed meanwhile runs once. */
  async resume(ids: readonly string[] | null): Promise<number> {
    if (ids !== null) return this.#each(ids, () => ({ paused: false }));
    await this.#settings.edit({ pause: null });
    return this.#jobs.count;
  }

  edit({ ids, patch, addTags = [], removeTags = [] }: ManyEdit): Promise<number> {
    const isRetagged = addTags.length > 0 || removeTags.length > 0;
    return this.#each(ids, (id) => {
      const tags = this.#jobs.get(id)?.tags ?? [];
      const kept = [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
      return { ...patch, ...(isRetagged ? { tags: kept } : {}) };
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.#jobs.remove(id)));
    return removed.filter(Boolean).length;
  }

  async #each(ids: readonly string[], patchOf: (id: string) => JobPatch): Promise<number> {
    const edited = await Promise.all([...new Set(ids)].map((id) => this.#jobs.edit(id, patchOf(id))));
    return edited.filter((job) => job !== null).length;
  }
}
