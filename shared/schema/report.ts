import { z } from 'zod';
import { jobIdSchema, jobStatusSchema } from './job.ts';

/** The formats of a report that are text. */
const reportTextFormats = ['html', 'text', 'csv', 'json'] as const;
export type ReportTextFormat = (typeof reportTextFormats)[number];

/** The formats of a report. A PDF is its HTML, printed; the desktop app can. */
export const reportFormats = [...reportTextFormats, 'pdf'] as const;

/** How far a report looks ahead, in days. */
export const reportDaysSchema = z.coerce
  .number({ error: 'days is a number.' })
  .int('days is a whole number.')
  .min(7, 'days is from 7 to 400.')
  .max(400, 'days is from 7 to 400.');

export const reportSections = [
  'expired',
  'renewal-overdue',
  'within-7-days',
  'within-30-days',
  'later',
  'unreachable',
  'problems',
  'changed',
] as const;

const rowSchema = z.object({
  jobId: jobIdSchema,
  name: z.string().describe('Display name, or the address.'),
  address: z.string().describe('Host and port, or path of the file.'),
  status: jobStatusSchema,
  expiresAt: z.iso
    .datetime()
    .nullable()
    .describe('When clients start to reject the certificate; null: no certificate was seen.'),
  daysLeft: z
    .int()
    .nullable()
    .describe('Whole days until expiresAt, or since then as a negative number: -10 for “10 days ago”.'),
  issuer: z.string().nullable().describe('Short name of the issuer.'),
  tags: z.array(z.string()).describe('Tags of the job.'),
  owner: z.string().nullable().describe('Value of the tag owner:NAME; null: no such tag.'),
  note: z.string().nullable().describe('What is wrong or what changed; null: nothing but the date.'),
});
export type ReportRow = z.infer<typeof rowSchema>;

const sectionSchema = z.object({
  section: z.enum(reportSections).describe('Identifier of the section.'),
  title: z.string().describe('Heading of the section.'),
  rows: z.array(rowSchema).describe('Its hosts, those that expire first at the top.'),
});
export type ReportSection = z.infer<typeof sectionSchema>;

/** A report: what expires and what needs attention, worst first. */
export const reportSchema = z
  .object({
    createdAt: z.iso.datetime().describe('When the report was created.'),
    days: z.int().describe('How many days it looks ahead.'),
    tag: z.string().nullable().describe('The tag it is limited to; null: all hosts.'),
    watched: z.int().describe('Number of hosts and files watched.'),
    paused: z.int().describe('Number of those that are paused.'),
    pending: z.int().describe('Number of those that were not checked yet.'),
    lastCheckedAt: z.iso.datetime().nullable().describe('When the newest result was made; null: none yet.'),
    sections: z.array(sectionSchema).describe('Sections that are not empty, worst first.'),
  })
  .describe(
    'What expires and what needs attention, worst first. A host is in one section, and in changed too.',
  );
export type Report = z.infer<typeof reportSchema>;
