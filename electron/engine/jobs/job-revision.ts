import { createHash } from 'node:crypto';
import { type Job, jobSchema } from '../../../shared/schema/job.ts';

// SAFETY: the keys of the very schema.
const fields = Object.keys(jobSchema.shape) as (keyof typeof jobSchema.shape)[];
const known = new WeakMap<Job, string>();

/** Returns the revision of a job: a hash of its editable fields, the same after a restart. */
export function jobRevision(job: Job): string {
  let revision = known.get(job);
  if (revision === undefined) {
    const text = JSON.stringify(fields.map((field) => job[field]));
    revision = createHash('sha256').update(text).digest('base64url').slice(0, 16);
    known.set(job, revision);
  }
  return revision;
}
