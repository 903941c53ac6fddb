import { oc } from '@orpc/contract';
import { z } from 'zod';
import { reportDaysSchema, reportFormats } from '../schema/report.ts';

/** The report of what expires and what needs attention. */
export const reportContract = oc
  .route({
    method: 'GET',
    path: '/report',
    summary: 'Report what expires and what needs attention, worst first',
    description:
      'html is one page without scripts or images, for mail and print; it has at most 500 rows. csv has all of them. pdf is the html, printed by the desktop app.',
    tags: ['Import and export'],
  })
  .errors({
    NOT_IMPLEMENTED: {
      status: 501,
      message: 'Only the desktop app makes PDF files. Choose HTML and print it, or run the desktop app.',
    },
    SERVICE_UNAVAILABLE: {
      status: 503,
      message: 'NotAfter is already making other PDF files. Try again in a minute.',
    },
  })
  .input(
    z.strictObject({
      days: reportDaysSchema.default(90).describe('How many days to look ahead.'),
      tag: z.string().max(60).optional().describe('Only jobs that carry this tag.'),
      format: z
        .enum(reportFormats, { error: `format is one of ${reportFormats.join(', ')}.` })
        .default('json')
        .describe('Format of the report.'),
    }),
  )
  .output(z.file());
