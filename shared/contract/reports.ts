import { oc } from '@orpc/contract';
import { z } from 'zod';
import { localPaths } from '../schema/local-path.ts';
import { reportScheduleSchema, reportScheduleViewSchema } from '../schema/report-schedule.ts';
import { pageOf } from './paging.ts';

const tags = ['Reports'];
const noSuchReport = { NOT_FOUND: { status: 404, message: 'No report has this name.' } } as const;
const nameTaken = { CONFLICT: { status: 409, message: 'Another report has this name.' } } as const;
const changedMeanwhile = {
  PRECONDITION_FAILED: {
    status: 412,
    message: 'This report has changed in the meantime. Read it again before you edit it.',
  },
} as const;
const byName = z.strictObject({ name: z.string().min(1).max(60).describe('Name of the report.') });
const folderIsLocal = localPaths<{
  folder?: string | null | undefined;
  revision?: string | undefined;
}>(({ folder }) => [[['folder'], folder]]);

const optionalFields = Object.entries(reportScheduleSchema.shape).map(([name, field]) => [
  name,
  (field instanceof z.ZodDefault ? field.unwrap() : field).optional().describe(field.description ?? ''),
]);
const patchSchema = z
  // SAFETY: each entry is a name and a schema.
  .strictObject({
    ...(Object.fromEntries(optionalFields) as Record<string, z.ZodOptional<z.ZodType>>),
    revision: z
      .string()
      .max(100)
      .optional()
      .describe(
        'The revision you read. If the report has changed since, nothing is changed (412). The header If-Match does the same.',
      ),
  })
  .superRefine(folderIsLocal)
  .describe('Fields to change.');

/** What is asked of scheduled reports, one by one. All of them are in the settings, too. */
export const reportsContract = {
  list: oc
    .route({ method: 'GET', path: '/reports', summary: 'List scheduled reports', tags })
    .output(pageOf(reportScheduleViewSchema)),
  add: oc
    .route({
      method: 'POST',
      path: '/reports',
      successStatus: 201,
      summary: 'Add a scheduled report',
      description: 'It goes to channels, to a folder, or both. A time that was missed is made up for once.',
      tags,
    })
    .errors(nameTaken)
    .input(reportScheduleSchema.superRefine(folderIsLocal))
    .output(reportScheduleViewSchema),
  get: oc
    .route({ method: 'GET', path: '/reports/{name}', summary: 'One scheduled report', tags })
    .errors(noSuchReport)
    .input(byName)
    .output(reportScheduleViewSchema),
  edit: oc
    .route({
      method: 'PATCH',
      path: '/reports/{name}',
      inputStructure: 'detailed',
      summary: 'Edit a scheduled report',
      tags,
    })
    .errors({ ...noSuchReport, ...nameTaken, ...changedMeanwhile })
    .input(z.object({ params: byName, body: patchSchema }))
    .output(reportScheduleViewSchema),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/reports/{name}',
      successStatus: 204,
      summary: 'Delete a scheduled report',
      tags,
    })
    .errors({ ...noSuchReport, ...changedMeanwhile })
    .input(byName)
    .output(z.undefined()),
  send: oc
    .route({ method: 'POST', path: '/reports/{name}/send', summary: 'Make and send a report now', tags })
    .errors(noSuchReport)
    .input(byName)
    .output(
      z.object({
        channels: z.array(z.string()).describe('Channels that it is being sent to.'),
        file: z.string().nullable().describe('Path of the file that was written; null: none.'),
        problem: z.string().nullable().describe('What failed; null: nothing.'),
      }),
    ),
};
