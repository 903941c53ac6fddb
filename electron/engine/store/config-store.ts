import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { isSealed, sealedMessage } from '../../../shared/domain/sealed.ts';
import type { Job, JobPatch, NewJob } from '../../../shared/schema/job.ts';
import { type Settings, type SettingsPatch, settingsSchema } from '../../../shared/schema/settings.ts';
import {
  isFileTarget,
  type Target,
  targetInputSchema,
  type targetPatchSchema,
} from '../../../shared/schema/target.ts';
import type { BackupKeeper } from './backup-keeper.ts';
import { type Config, type ConfigFile, schemaVersion } from './config-file.ts';
import { openSecrets, sealSecrets } from './config-secrets.ts';
import type { SecretBox } from './secret-box.ts';

/** The disk did not take what was to be written; what is on it is what was there before. */
export class StoreWriteError extends Error {
  override name = 'StoreWriteError';
}

/** A sealed secret was given for a field that it was not sealed for. */
export class SealedSecretError extends Error {
  override name = 'SealedSecretError';
  readonly field: string;
  constructor(field: string) {
    super(sealedMessage);
    this.field = field;
  }
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
  #saved: { jobs: Map<string, Job>; settings: Settings };
  #writing: Promise<void> | null = null;

  /**
   * @param secretBox seals the secrets on their way to disk; null: they lie there in plain
   * @param backups hears of each change that is on disk; null: none are taken
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
    this.#saved = { jobs: new Map(this.#jobs), settings: this.#settings };
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
    const job = this.#insert(input, creation);
    await this.#write();
    return { job, isNew: true };
  }

  /** Adds jobs in one write. @returns them in the order given */
  async addAll(inputs: readonly NewJob[]): Promise<Job[]> {
    const jobs = inputs.map((input) => this.#insert(input));
    if (jobs.length > 0) await this.#write();
    return jobs;
  }

  #insert(input: NewJob, creation: Pick<Job, 'creation'> = {}): Job {
    const now = this.#timestamp();
    const times = { createdAt: now, updatedAt: now };
    const job: Job = { id: randomUUID(), ...input, ...withPause(input), ...times, ...creation };
    this.#jobs.set(job.id, job);
    return job;
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

  async editSettings(patch: SettingsPatch): Promise<Settings> {
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
    this.#settings = settingsSchema.parse({ ...this.#settings, ...withoutUndefined(patch) });
    await this.#write();
    return this.#settings;
  }

  /**
   * Opens the secrets that are still sealed, and seals those in plain text on their way to disk from now on.
   * @returns how many could not be opened
   */
  async unlock(secretBox: SecretBox): Promise<number> {
    this.#secretBox = secretBox;
    const before = { settings: this.#settings, jobs: [...this.#jobs.values()] };
    const { config, unopened, toBeSealed } = openSecrets(before, secretBox);
    this.#settings = config.settings;
    this.#jobs = new Map(config.jobs.map((job) => [job.id, job]));
    this.#saved = { jobs: new Map(this.#jobs), settings: this.#settings };
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

  #timestamp(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(): Promise<void> {
    this.#writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#writing = null;
      const jobs = new Map(this.#jobs);
      const settings = this.#settings;
      try {
        const config = { settings, jobs: [...jobs.values()] };
        this.#file.store = {
          schemaVersion,
          ...(this.#secretBox ? sealSecrets(config, this.#secretBox) : config),
        };
      } catch (error) {
        this.#jobs = new Map(this.#saved.jobs);
        this.#settings = this.#saved.settings;
        const reason = (error as NodeJS.ErrnoException).code ?? String(error);
        throw new StoreWriteError(
          `${this.#file.path} could not be written (${reason}). Nothing was changed.`,
          { cause: error },
        );
      }
      this.#saved = { jobs, settings };
      this.#backups?.changed();
    });
    return this.#writing;
  }
}

/**
 * Refuses a sealed secret that comes from outside. One that was there and could not be opened here goes back and forth unchanged when
 * another field is edited.
 */
function refuseSealed(field: string, given: string | null | undefined, before: (string | null)[]): void {
  if (isSealed(given ?? '') && !before.includes(given ?? null)) throw new SealedSecretError(field);
}

/** A job before and after an edit. */
export interface JobEdit {
  before: Job;
  job: Job;
  patch: JobPatch;
}

/** @throws SealedSecretError; ZodError where the target that comes of it is none */
function edited(job: Job, patch: JobPatch, updatedAt: string): Job {
  refuseSealed('connection.proxy', patch.connection?.proxy, [job.connection.proxy]);
  const { target, ...rest } = patch;
  return {
    ...job,
    ...withPause(withoutUndefined(rest)),
    target: target ? editTarget(job.target, withoutUndefined(target)) : job.target,
    updatedAt,
  };
}

function digestOf(input: NewJob): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url');
}

type TargetPatch = z.output<typeof targetPatchSchema>;

/** A new port brings its usual STARTTLS protocol along, unless the edit says which. A file takes the place of a host. */
function editTarget(target: Target, patch: TargetPatch): Target {
  if (patch.file !== undefined) return targetInputSchema.parse(patch);
  if (isFileTarget(target))
    return targetInputSchema.parse(patch.host === undefined ? { ...target, ...patch } : patch);
  const { starttls, ...rest } = target;
  const staysUsual = patch.port !== undefined && patch.starttls === undefined;
  return targetInputSchema.parse(staysUsual ? { ...rest, ...patch } : { ...rest, starttls, ...patch });
}

/** A pause with an end is a pause; without one, or without a pause, there is no end. */
function withPause<Fields extends Partial<Pick<Job, 'paused' | 'pausedUntil'>>>(fields: Fields): Fields {
  if (fields.pausedUntil) return { ...fields, paused: fields.paused ?? true };
  return fields.paused === undefined ? fields : { ...fields, pausedUntil: null };
}

function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // SAFETY: only entries whose value is undefined were left out.
  return Object.fromEntries(entries) as { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };
}
