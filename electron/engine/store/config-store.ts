import { randomUUID } from 'node:crypto';
import {
  type Job,
  type JobPatch,
  type NewJob,
  type Origin,
  storedJobSchema,
} from '../../../shared/schema/job.ts';
import { type Settings, type SettingsPatch, settingsSchema } from '../../../shared/schema/settings.ts';
import type { Source } from '../../../shared/schema/source.ts';
import type { Target } from '../../../shared/schema/target.ts';
import { errorCode } from '../error-code.ts';
import type { BackupKeeper } from './backup-keeper.ts';
import { editedChannels, requireOwnNames } from './channel-secrets.ts';
import { type Config, type ConfigFile, schemaVersion } from './config-file.ts';
import { openSecrets, sealSecrets } from './config-secrets.ts';
import {
  digestOf,
  edited,
  type JobEdit,
  refuseSealed,
  storable,
  withoutUndefined,
  withPause,
} from './job-edits.ts';
import { restoreAddresses } from './kept-addresses.ts';
import type { SecretBox } from './secret-box.ts';

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
  #settings: Settings;
  #sources: Map<string, Source>;
  #saved: { jobs: Map<string, Job>; settings: Settings; sources: Map<string, Source> };
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
    this.#settings = config.settings;
    this.#sources = new Map(config.sources.map((source) => [source.id, source]));
    this.#saved = this.#copy();
  }

  #copy() {
    return { jobs: new Map(this.#jobs), settings: this.#settings, sources: new Map(this.#sources) };
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
    return this.#settings;
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
    const edits = [...patches].flatMap(([id, patch]) => {
      const before = this.#jobs.get(id);
      return before ? [{ before, job: edited(before, patch, this.#timestamp()), patch }] : [];
    });
    for (const { job } of edits) this.#jobs.set(job.id, job);
    if (edits.length > 0) await this.#write();
    return edits;
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

  async editSettings(given: SettingsPatch): Promise<Settings> {
    const patch = restoreAddresses(given, this.#settings);
    refuseSealed('proxy', patch.proxy, [this.#settings.proxy]);
    for (const [index, { name, url }] of (patch.webhooks ?? []).entries()) {
      const before = this.#settings.webhooks.filter((hook) => hook.name === name).map((hook) => hook.url);
      refuseSealed(`webhooks.${index}.url`, url, before);
    }
    const beating = this.#settings.heartbeats.flatMap(({ url, failUrl }) => [url, failUrl]);
    for (const [index, { url, failUrl }] of (patch.heartbeats ?? []).entries()) {
      refuseSealed(`heartbeats.${index}.url`, url, beating);
      refuseSealed(`heartbeats.${index}.failUrl`, failUrl, beating);
    }
    const channels = editedChannels(patch, this.#settings);
    const next = { ...this.#settings, ...withoutUndefined({ ...patch, channels }) };
    this.#settings = requireOwnNames(storable(settingsSchema, next));
    await this.#write();
    return this.#settings;
  }

  /**
   * Opens the secrets that are still sealed, and seals those in plain text on their way to disk from now on.
   * @returns how many could not be opened
   */
  async unlock(secretBox: SecretBox): Promise<number> {
    this.#secretBox = secretBox;
    const before = this.#config();
    const { config, unopened, toBeSealed } = openSecrets(before, secretBox);
    this.#settings = config.settings;
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
    return { settings: this.#settings, jobs, sources };
  }

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(): Promise<void> {
    this.#writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#writing = null;
      const written = this.#copy();
      try {
        const config = this.#config();
        this.#file.store = {
          schemaVersion,
          ...(this.#secretBox ? sealSecrets(config, this.#secretBox) : config),
        };
      } catch (error) {
        this.#jobs = new Map(this.#saved.jobs);
        this.#settings = this.#saved.settings;
        this.#sources = new Map(this.#saved.sources);
        const reason = errorCode(error) ?? String(error);
        throw new StoreWriteError(
          `${this.#file.path} could not be written (${reason}). Nothing was changed.`,
          { cause: error },
        );
      }
      this.#saved = written;
      this.#backups?.changed();
    });
    return this.#writing;
  }
}
