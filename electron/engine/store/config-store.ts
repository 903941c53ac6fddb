import { randomUUID } from 'node:crypto';
import {
  type Job,
  type JobPatch,
  type NewJob,
  type Origin,
  storedJobSchema,
} from '../../../shared/schema/job.ts';
import { type SavedSearch, storedSearchSchema } from '../../../shared/schema/saved-search.ts';
import type { Settings, SettingsPatch } from '../../../shared/schema/settings.ts';
import type { Source } from '../../../shared/schema/source.ts';
import type { Target } from '../../../shared/schema/target.ts';
import { errorCode } from '../error-code.ts';
import type { BackupKeeper } from './backup-keeper.ts';
import { type Config, type ConfigFile, schemaVersion } from './config-file.ts';
import { openSecrets, sealSecrets } from './config-secrets.ts';
import { EntryList } from './entry-list.ts';
import { digestOf, edited, type JobEdit, storable, withPause } from './job-edits.ts';
import type { SecretBox } from './secret-box.ts';
import { editedSettings } from './settings-edit.ts';
import { type FollowSettings, SettingsSteps } from './settings-steps.ts';
import type { StoredImport } from './stored-import.ts';

/** The disk did not take what was to be written; what is on it is what was there before. */
export class StoreWriteError extends Error {
  override name = 'StoreWriteError';
}

/** A client told two different jobs by one key. */
export class KeyReusedError extends Error {
  override name = 'KeyReusedError';
}

/**
 * Jobs and settings: in memory for reading, written through to the file as a whole. Edits of one turn of the event
 * loop go to disk together, and each is answered once it is there; where the write fails, none of them happened.
 */
export class ConfigStore {
  readonly #file: ConfigFile;
  readonly #now: () => number;
  readonly #backups: Pick<BackupKeeper, 'changed' | 'flush'> | null;
  #secretBox: SecretBox | null;
  #jobs: Map<string, Job>;
  readonly #settings: SettingsSteps;
  #sources: Map<string, Source>;
  readonly searches: EntryList<SavedSearch>;
  #saved: { jobs: Map<string, Job>; sources: Map<string, Source> };
  #writing: Promise<void> | null = null;

  /**
   * @param secretBox seals the secrets on their way to disk; null: they lie there in plain
   * @param backups is notified of each change that is on disk; null: none are taken
   */
  constructor(
    file: ConfigFile,
    config: Config,
    now: () => number,
    secretBox: SecretBox | null = null,
    backups: Pick<BackupKeeper, 'changed' | 'flush'> | null = null,
  ) {
    this.#file = file;
    this.#backups = backups;
    this.#secretBox = secretBox;
    this.#now = now;
    this.#jobs = new Map(config.jobs.map((job) => [job.id, job]));
    this.#settings = new SettingsSteps(config.settings);
    this.#sources = new Map(config.sources.map((source) => [source.id, source]));
    const check = (search: SavedSearch) => storable(storedSearchSchema, search);
    this.searches = new EntryList(config.searches, check, () => this.#write());
    this.#saved = this.#copy();
  }

  #copy() {
    return { jobs: new Map(this.#jobs), sources: new Map(this.#sources) };
  }

  get size(): number {
    return this.#jobs.size;
  }

  list(): IterableIterator<Job> {
    return this.#jobs.values();
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  get settings(): Settings {
    return this.#settings.current;
  }

  /** Has a follower get each edit of the settings at its moment, before the disk has it, and again where the disk refuses it. */
  followSettings(follower: FollowSettings): void {
    this.#settings.follow(follower);
  }

  /**
   * Adds a job, or answers the one that was added by the same key already.
   * @throws KeyReusedError where that was another job; StoreWriteError, as every edit does
   */
  async add(input: NewJob, key?: string): Promise<{ job: Job; isNew: boolean }> {
    const creation = key === undefined ? {} : { creation: { key, digest: digestOf(input) } };
    const before = key === undefined ? undefined : this.#createdBy(key);
    if (before) {
      if (before.creation?.digest !== creation.creation?.digest)
        throw new KeyReusedError('This Idempotency-Key came with another job before. Choose a new one.');
      await this.#writing; // It may be on its way to disk yet, and fail there.
      return { job: before, isNew: false };
    }
    const job = this.#made(input, creation);
    this.#jobs.set(job.id, job);
    await this.#write();
    return { job, isNew: true };
  }

  /** Adds jobs in one write, those of a source under the ids of its entries. @returns them in the order given */
  async addAll(inputs: readonly (NewJob & { id?: string; origin?: Origin })[]): Promise<Job[]> {
    const jobs = inputs.map((input) => this.#made(input));
    for (const job of jobs) this.#jobs.set(job.id, job);
    if (jobs.length > 0) await this.#write();
    return jobs;
  }

  #made(input: NewJob, creation: Pick<Job, 'creation'> = {}): Job {
    const now = this.#timestamp();
    const times = { createdAt: now, updatedAt: now };
    const own = { id: randomUUID(), origin: null };
    return storable(storedJobSchema, { ...own, ...input, ...withPause(input), ...times, ...creation });
  }

  #createdBy(key: string): Job | undefined {
    for (const job of this.#jobs.values()) if (job.creation?.key === key) return job;
    return undefined;
  }

  /** The job as it is after the edit; undefined where there is none with this id. */
  async edit(id: string, patch: JobPatch): Promise<Job | undefined> {
    const [edit] = await this.editAll(new Map([[id, patch]]));
    return edit?.job;
  }

  /** Edits jobs in one write, those that are there. @returns each as it was and as it is */
  async editAll(patches: ReadonlyMap<string, JobPatch>): Promise<JobEdit[]> {
    const edits = this.#edits(patches);
    for (const { job } of edits) this.#jobs.set(job.id, job);
    if (edits.length > 0) await this.#write();
    return edits;
  }

  /** Those that are there, as they would be. */
  #edits(patches: ReadonlyMap<string, JobPatch>): JobEdit[] {
    return [...patches].flatMap(([id, patch]) => {
      const before = this.#jobs.get(id);
      return before ? [{ before, job: edited(before, patch, this.#timestamp()), patch }] : [];
    });
  }

  /** Gives jobs other targets in one write: what they are about stays. @returns each as it is now */
  async moveAll(targets: ReadonlyMap<string, Target>): Promise<Job[]> {
    const moved = [...targets].flatMap(([id, target]) => {
      const job = this.#jobs.get(id);
      return job ? [{ ...job, target }] : [];
    });
    for (const job of moved) this.#jobs.set(job.id, job);
    if (moved.length > 0) await this.#write();
    return moved;
  }

  /** Returns every source, the oldest first. */
  sources(): IterableIterator<Source> {
    return this.#sources.values();
  }

  source(id: string): Source | undefined {
    return this.#sources.get(id);
  }

  /** Adds a source, or puts it in the place of the one with its id. */
  async setSource(source: Source): Promise<void> {
    this.#sources.set(source.id, source);
    await this.#write();
  }

  async removeSource(id: string): Promise<void> {
    this.#sources.delete(id);
    await this.#write();
  }

  /** Deletes a job. @returns whether there was one */
  async remove(id: string): Promise<boolean> {
    return (await this.removeAll([id])).length > 0;
  }

  /** Deletes jobs in one write. @returns those that were there */
  async removeAll(ids: Iterable<string>): Promise<Job[]> {
    const removed: Job[] = [];
    for (const id of ids) {
      const job = this.#jobs.get(id);
      if (job) removed.push(job);
      this.#jobs.delete(id);
    }
    if (removed.length > 0) await this.#write();
    return removed;
  }

  /** Edits settings. @returns them as they are now @throws SettingsFieldError where the edit is refused */
  async editSettings(patch: SettingsPatch): Promise<Settings> {
    this.#settings.edit(editedSettings(patch, this.settings));
    await this.#write();
    return this.settings;
  }

  /**
   * Makes the edits of an import in one write: none of them where one is refused or the write fails.
   * @returns the jobs that were added, in the order given, and those that were edited
   * @throws SettingsFieldError, StoreWriteError
   */
  async importAll({
    settings,
    sources,
    searches,
    jobs,
    tags,
  }: StoredImport): Promise<{ jobs: Job[]; edits: JobEdit[] }> {
    const next = editedSettings(settings, this.settings);
    const added = jobs.map((input) => this.#made(input));
    const edits = this.#edits(new Map([...tags].map(([id, own]) => [id, { tags: own }])));
    this.searches.put(searches);
    // All of it is valid: from here on only the write can fail, which takes everything back.
    this.#settings.edit(next);
    for (const source of sources) this.#sources.set(source.id, source);
    for (const job of [...added, ...edits.map((edit) => edit.job)]) this.#jobs.set(job.id, job);
    await this.#write();
    return { jobs: added, edits };
  }

  /**
   * Opens the secrets that are still sealed, and seals those in plain text on their way to disk from now on.
   * @returns how many could not be opened
   */
  async unlock(secretBox: SecretBox): Promise<number> {
    this.#secretBox = secretBox;
    const before = this.#config();
    const { config, unopened, toBeSealed } = openSecrets(before, secretBox);
    this.#settings.keep(config.settings);
    this.#jobs = new Map(config.jobs.map((job) => [job.id, job]));
    this.#saved = this.#copy();
    if (toBeSealed > 0) await this.#write();
    return unopened;
  }

  /** Writes everything as it is, for what changed is how it is kept. */
  rewrite(): Promise<void> {
    return this.#write();
  }

  /** Waits until no write is under way, and takes the backup that waits. A write that fails is reported to those who asked for it, not here. */
  async flush(): Promise<void> {
    await this.#writing?.catch(() => undefined); // Each editor has the reason.
    this.#backups?.flush();
  }

  #config(): Config {
    const [jobs, sources] = [[...this.#jobs.values()], [...this.#sources.values()]];
    return { settings: this.settings, jobs, sources, searches: this.searches.all() };
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(): Promise<void> {
    this.#writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#writing = null;
      const config = this.#config();
      try {
        this.#file.store = {
          schemaVersion,
          ...(this.#secretBox ? sealSecrets(config, this.#secretBox) : config),
        };
      } catch (error) {
        this.#jobs = new Map(this.#saved.jobs);
        this.#sources = new Map(this.#saved.sources);
        this.searches.restore();
        this.#settings.takeBack();
        const reason = errorCode(error) ?? String(error);
        throw new StoreWriteError(
          `${this.#file.path} could not be written (${reason}). Nothing was changed.`,
          { cause: error },
        );
      }
      this.#saved = this.#copy();
      this.#settings.keep();
      this.searches.keep(config.searches);
      this.#backups?.changed();
    });
    return this.#writing;
  }
}
