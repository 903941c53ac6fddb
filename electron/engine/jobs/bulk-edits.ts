import type { Job, JobPatch, NewJob } from '../../../shared/schema/job.ts';
import type { SettingsPatch } from '../../../shared/schema/settings.ts';
import { importJobs } from '../import/import-jobs.ts';
import type { ReadImport } from '../import/read-import.ts';

/** What is done to many jobs alike. */
export interface ManyEdit {
  ids: readonly string[];
  patch: Pick<JobPatch, 'schedule' | 'thresholds' | 'alerts' | 'caFiles'>;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

export interface BulkEditsOptions {
  jobs: () => Iterable<Job>;
  job: (id: string) => Job | undefined;
  /** What the engine does to one job. */
  add: (input: NewJob) => Promise<{ id: string }>;
  edit: (id: string, patch: JobPatch) => Promise<object | null>;
  remove: (id: string) => Promise<boolean>;
  editSettings: (patch: SettingsPatch) => Promise<unknown>;
}

/** What is done to many jobs at once: all of one call goes to disk together. Each tells how many jobs it was about. */
export class BulkEdits {
  readonly #options: BulkEditsOptions;

  constructor(options: BulkEditsOptions) {
    this.#options = options;
  }

  /** Adds what was read and is new. A dry run only says what would happen. */
  import(read: ReadImport, isDryRun = false): ReturnType<typeof importJobs> {
    const { jobs, add, edit } = this.#options;
    const effects = { add, tag: (id: string, tags: string[]) => edit(id, { tags }) };
    return importJobs(read, jobs(), isDryRun ? null : effects);
  }

  /** Pauses some jobs, or everything (ids null), until a time or until told (null). */
  async pause(ids: readonly string[] | null, until: string | null): Promise<number> {
    if (ids !== null) return this.#each(ids, () => ({ paused: true, pausedUntil: until }));
    await this.#options.editSettings({ pause: { until } });
    return this.#count();
  }

  /** Resumes some jobs, or ends the pause of everything (ids null): what was missed meanwhile runs once. */
  async resume(ids: readonly string[] | null): Promise<number> {
    if (ids !== null) return this.#each(ids, () => ({ paused: false }));
    await this.#options.editSettings({ pause: null });
    return this.#count();
  }

  edit({ ids, patch, addTags = [], removeTags = [] }: ManyEdit): Promise<number> {
    const isRetagged = addTags.length > 0 || removeTags.length > 0;
    return this.#each(ids, (id) => {
      const tags = this.#options.job(id)?.tags ?? [];
      const kept = [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
      return { ...patch, ...(isRetagged ? { tags: kept } : {}) };
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.#options.remove(id)));
    return removed.filter(Boolean).length;
  }

  async #each(ids: readonly string[], patchOf: (id: string) => JobPatch): Promise<number> {
    const edited = await Promise.all([...new Set(ids)].map((id) => this.#options.edit(id, patchOf(id))));
    return edited.filter((job) => job !== null).length;
  }

  #count(): number {
    return [...this.#options.jobs()].length;
  }
}
