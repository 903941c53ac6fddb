import { z } from 'zod';
import { isOneLine, isPlainText } from '../domain/plain-text.ts';
import { acceptedProblemSchema } from './accepted-problem.ts';
import { alertRulesSchema, inheritedRules } from './alert-rules.ts';
import { checkResultSchema, problemSchema, statusSchema } from './check-result.ts';
import {
  connectionSchema,
  defaultConnection,
  editedConnectionSchema,
  newConnectionSchema,
} from './connection.ts';
import { patchOf, withDefaults } from './fields.ts';
import { localPaths } from './local-path.ts';
import { scheduleSchema } from './schedule.ts';
import { sightingSchema } from './sighting.ts';
import { tagSchema } from './tag.ts';
import { targetInputSchema, targetPatchSchema, targetSchema } from './target.ts';
import { defaultThresholds, thresholdsSchema } from './thresholds.ts';

const nameSchema = z
  .string()
  .trim()
  .max(200, 'A name has at most 200 characters.')
  .refine(isOneLine, 'A name is one line without control characters.')
  .describe('Display name. Empty: the host.');
const notesSchema = z
  .string()
  .max(10_000, 'Notes have at most 10,000 characters.')
  .refine(isPlainText, 'Notes have no control characters.')
  .describe('Free text.');
const tagsSchema = z
  .array(tagSchema)
  .max(50, 'A job has at most 50 tags.')
  .overwrite((tags) => [...new Set(tags)])
  .describe('Tags. The rules of a tag apply to its jobs.');
const caFilesSchema = z
  .array(z.string().min(1, 'A CA file is a path.').max(4096))
  .max(20, 'At most 20 CA files.')
  .describe('Paths of PEM files with certificates to trust for this job in addition to the usual roots.');

const acceptedSchema = z
  .array(acceptedProblemSchema)
  .max(100, 'At most 100 accepted problems.')
  .describe('Accepted problems. The last result marks those that apply.');

const pausedSchema = z.boolean().describe('Whether scheduled checks are paused.');
const pausedUntilSchema = z.iso
  .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
  .nullable()
  .describe('When the pause ends automatically; null: when you resume.');

/** What a person sets of a job beside its target, each once. Input, changes and the stored job follow from them. */
const fields = {
  name: nameSchema,
  schedule: scheduleSchema,
  thresholds: thresholdsSchema,
  alerts: alertRulesSchema,
  accepted: acceptedSchema,
  tags: tagsSchema,
  notes: notesSchema,
  caFiles: caFilesSchema,
  connection: connectionSchema,
  paused: pausedSchema,
  pausedUntil: pausedUntilSchema,
};

/** The fields as they come from outside: the files that they name are files of this computer. */
const givenFields = {
  ...fields,
  caFiles: caFilesSchema.superRefine(localPaths((files) => files.map((file, index) => [[index], file]))),
  connection: editedConnectionSchema,
};

/** The defaults of a new job. */
export const jobDefaults: { readonly [Field in keyof typeof fields]: z.output<(typeof fields)[Field]> } = {
  name: '',
  schedule: { type: 'adaptive' },
  thresholds: defaultThresholds,
  alerts: inheritedRules,
  accepted: [],
  tags: [],
  notes: '',
  caFiles: [],
  connection: defaultConnection,
  paused: false,
  pausedUntil: null,
};

/** A new job. Only the target’s host is needed; the rest has defaults. */
export const jobInputSchema = z.strictObject({
  target: targetInputSchema,
  ...withDefaults({ ...givenFields, connection: newConnectionSchema }, jobDefaults),
});
export type JobInput = z.input<typeof jobInputSchema>;
export type NewJob = z.output<typeof jobInputSchema>;

/** Changes to a job: the fields given replace those that stand; in `target`, field by field. */
export const jobPatchSchema = patchOf(givenFields).extend({ target: targetPatchSchema.optional() });
export type JobPatch = z.output<typeof jobPatchSchema>;

export const jobIdSchema = z.string().min(1).max(64).describe('The job’s id.');

/** What keeps a job: it comes and goes with an entry of a source. */
const originSchema = z
  .strictObject({ sourceId: z.string().min(1).max(64).describe('The source’s id.') })
  .nullable()
  .describe(
    'The source that manages the job, which cannot be edited or deleted individually; null: added by you.',
  );
export type Origin = z.infer<typeof originSchema>;

/** A job as it is stored. */
export const jobSchema = z.object({
  id: jobIdSchema,
  target: targetSchema,
  origin: originSchema.default(null),
  ...fields,
  connection: connectionSchema.default(defaultConnection),
  createdAt: z.iso.datetime().describe('When the job was added.'),
  updatedAt: z.iso.datetime().describe('When the job was last edited.'),
});

/** The request by which a client added a job, so that a repeated request adds no second one. */
const creationSchema = z.object({ key: z.string(), digest: z.string() });

/** A job as stored, with fields that only the store uses. */
export const storedJobSchema = jobSchema.extend({ creation: creationSchema.optional() });

/** A job as configured. */
export type Job = z.infer<typeof storedJobSchema>;

/** A job as it is written out, to be read again: without what only this machine knows. */
export const exportedJobSchema = jobSchema
  .omit({ id: true, createdAt: true, updatedAt: true, origin: true })
  .describe('A job as exported.');
export type ExportedJob = z.infer<typeof exportedJobSchema>;

export const revisionSchema = z
  .string()
  .max(64)
  .describe('Revision of the job: its ETag without the quotes. Changes with each edit.');

/** The last result in brief: what a list of 10,000 jobs needs of each. */
const lastCheckSchema = z
  .object({
    checkedAt: z.iso.datetime().describe('When it was made.'),
    status: statusSchema,
    problems: z
      .array(problemSchema.omit({ remedy: true }))
      .describe('All problems, worst first, notes last.'),
    validFrom: z.iso.datetime().nullable().describe('notBefore of the last seen certificate.'),
    validTo: z.iso
      .datetime()
      .nullable()
      .describe('notAfter of the last seen certificate, also while the host is unreachable.'),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .describe('When clients start to reject the certificate: the earliest notAfter of the verified path.'),
    limitedBy: z
      .string()
      .nullable()
      .describe(
        'Short name of the CA certificate that expires before the leaf; null: the leaf expires first.',
      ),
    fingerprint256: z
      .string()
      .nullable()
      .describe('SHA-256 of the last seen certificate, also while the host is unreachable.'),
    issuer: z.string().nullable().describe('Short name of the leaf’s issuer.'),
    keywords: z
      .string()
      .describe(
        'Searchable text in lower case: names, subject, serial number, SHA-256, address and issuer of the last seen certificate.',
      ),
    missed: z
      .int()
      .describe(
        'Number of scheduled times missed before this check: asleep, off, paused, or clock moved forward.',
      ),
    expectedRenewalAt: z.iso
      .datetime()
      .nullable()
      .describe('When the next renewal is expected, based on earlier renewals.'),
    renewalOverdueAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'For automatically renewed certificates: until when no attention is needed, based on earlier renewals. Null: automatic renewal was not seen.',
      ),
  })
  .describe('The last result in brief.');
export type LastCheck = z.infer<typeof lastCheckSchema>;

/** `pending`: not checked yet. */
export const jobStatusSchema = z
  .enum([...statusSchema.options, 'pending'])
  .describe('Status of the job; pending: not checked yet.');
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** A job with its status. */
export const jobViewSchema = jobSchema
  .extend({
    revision: revisionSchema,
    status: jobStatusSchema,
    checking: z.boolean().describe('Whether a check is running or queued.'),
    nextDueAt: z.iso.datetime().nullable().describe('When the next check is due; null while paused.'),
    lastCheck: lastCheckSchema.nullable().describe('The last result in brief; null: not checked yet.'),
  })
  .describe('A job with its status.');
export type JobView = z.infer<typeof jobViewSchema>;

/** A result as history keeps it. */
export const historyEntrySchema = checkResultSchema.extend({ missed: lastCheckSchema.shape.missed });
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** A job with its whole last result, and every certificate that it has had. */
export const jobDetailSchema = jobViewSchema.extend({
  lastResult: historyEntrySchema.nullable().describe('The full last result; null: not checked yet.'),
  certificates: z.array(sightingSchema).describe('Every leaf seen, newest first.'),
});
export type JobDetail = z.infer<typeof jobDetailSchema>;

/** One result among many, for a chart. */
export const trendPointSchema = z.object({
  at: z.iso.datetime().describe('When the check started.'),
  status: statusSchema,
  validTo: z.iso.datetime().nullable().describe('notAfter of the leaf; null: none was presented.'),
  totalMs: z.number().describe('How long the check took, in milliseconds.'),
});
export type TrendPoint = z.infer<typeof trendPointSchema>;
