import type { Job, JobPatch, NewJob } from '../../../shared/schema/job.ts';
import type { SettingsPatch } from '../../../shared/schema/settings.ts';
import { importJobs } from '../import/import-jobs.ts';
import type { ReadImport } from '../import/read-import.ts';

/** An edit of many jobs alike. */
export interface ManyEdit {
  ids: readonly string[];
  patch: Pick<JobPatch, 'schedule' | 'thresholds' | 'alerts' | 'caFiles' | 'tags'>;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

/** What is done to jobs. */
interface JobEdits {
  readonly count: number;
  all(): Iterable<Job>;
  get(id: string): Job | undefined;
  addAll(inputs: readonly NewJob[]): Promise<readonly { id: string }[]>;
  editAll(patches: ReadonlyMap<string, JobPatch>): Promise<number>;
  removeAll(ids: Iterable<string>): Promise<number>;
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
      add: (inputs: readonly NewJob[]) => this.#jobs.addAll(inputs),
      tag: (tags: ReadonlyMap<string, string[]>) =>
        this.#jobs.editAll(new Map([...tags].map(([id, own]) => [id, { tags: own }]))),
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
      const tags = patch.tags ?? this.#jobs.get(id)?.tags ?? [];
      const kept = [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
      return { ...patch, ...(isRetagged ? { tags: kept } : {}) };
    });
  }

  remove(ids: readonly string[]): Promise<number> {
    return this.#jobs.removeAll(new Set(ids));
  }

  #each(ids: readonly string[], patchOf: (id: string) => JobPatch): Promise<number> {
    return this.#jobs.editAll(new Map(ids.map((id) => [id, patchOf(id)])));
  }
}
