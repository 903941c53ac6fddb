import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { isSealed, sealedMessage } from '../../../shared/domain/sealed.ts';
import type { Job, JobPatch, NewJob } from '../../../shared/schema/job.ts';
import {
  isFileTarget,
  type Target,
  targetInputSchema,
  type targetPatchSchema,
} from '../../../shared/schema/target.ts';
import { SettingsFieldError } from './channel-secrets.ts';

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

/** Returns a job with an edit made. @throws SealedSecretError; ZodError where the target that comes of it is none */
export function edited(job: Job, patch: JobPatch, updatedAt: string): Job {
  refuseSealed('connection.proxy', patch.connection?.proxy, [job.connection.proxy]);
  const { target, ...rest } = patch;
  return {
    ...job,
    ...withPause(withoutUndefined(rest)),
    target: target ? editTarget(job.target, withoutUndefined(target)) : job.target,
    updatedAt,
  };
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
