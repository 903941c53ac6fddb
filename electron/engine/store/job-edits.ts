import { createHash } from 'node:crypto';
import { ZodError, type z } from 'zod';
import { isSealed, sealedMessage } from '../../../shared/domain/sealed.ts';
import { type Job, type JobPatch, type NewJob, storedJobSchema } from '../../../shared/schema/job.ts';
import {
  isFileTarget,
  type Target,
  targetInputSchema,
  type targetPatchSchema,
} from '../../../shared/schema/target.ts';
import { SettingsFieldError } from './channel-secrets.ts';
import { restoreProxy } from './kept-addresses.ts';

/** A sealed secret was given for a field that it was not sealed for. */
class SealedSecretError extends SettingsFieldError {
  override name = 'SealedSecretError';
  constructor(field: string) {
    super(field, sealedMessage);
  }
}

/**
 * Refuses a sealed secret that comes from outside. One that was there and could not be opened here goes back and forth unchanged when
 * another field is edited.
 */
export function refuseSealed(
  field: string,
  given: string | null | undefined,
  before: (string | null)[],
): void {
  if (isSealed(given ?? '') && !before.includes(given ?? null)) throw new SealedSecretError(field);
}

/** A job before and after an edit. */
export interface JobEdit {
  before: Job;
  job: Job;
  patch: JobPatch;
}

/**
 * Returns what is to be stored, if the schema that reads it again takes it: a store must never hold what a start would set aside, whatever
 * part of NotAfter made it.
 * @throws SettingsFieldError with the field that is refused
 */
export function storable<Schema extends z.ZodType>(schema: Schema, value: z.input<Schema>): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refusalOf(parsed.error);
}

/** @param within the field that the value is of */
function refusalOf({ issues: [issue] }: ZodError, ...within: readonly string[]): SettingsFieldError {
  const field = [...within, ...(issue?.path ?? [])].join('.');
  return new SettingsFieldError(field, issue?.message ?? 'This cannot be stored.');
}

/** Returns a job with an edit made. @throws SealedSecretError; SettingsFieldError where the job that comes of it is none */
export function edited(job: Job, patch: JobPatch, updatedAt: string): Job {
  const { target, ...rest } = withProxy(patch, job);
  refuseSealed('connection.proxy', rest.connection?.proxy, [job.connection.proxy]);
  return storable(storedJobSchema, {
    ...job,
    ...withPause(withoutUndefined(rest)),
    target: target ? targetOf(job.target, withoutUndefined(target)) : job.target,
    updatedAt,
  });
}

/** What was not shown of the proxy stays as it is. */
function withProxy(patch: JobPatch, { connection: { proxy: before } }: Job): JobPatch {
  const { connection } = patch;
  if (!connection) return patch;
  return {
    ...patch,
    connection: { ...connection, proxy: restoreProxy(connection.proxy, before, 'connection.proxy') },
  };
}

function targetOf(target: Target, patch: TargetPatch): Target {
  try {
    return editTarget(target, patch);
  } catch (error) {
    throw error instanceof ZodError ? refusalOf(error, 'target') : error;
  }
}

/** Names what a client asked for, so that it can ask again. */
export function digestOf(input: NewJob): string {
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
export function withPause<Fields extends Partial<Pick<Job, 'paused' | 'pausedUntil'>>>(
  fields: Fields,
): Fields {
  if (fields.pausedUntil) return { ...fields, paused: fields.paused ?? true };
  return fields.paused === undefined ? fields : { ...fields, pausedUntil: null };
}

/** Leaves out the fields that say nothing. */
export function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // SAFETY: only entries whose value is undefined were left out.
  return Object.fromEntries(entries) as { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };
}
