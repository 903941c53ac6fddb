import { oc } from '@orpc/contract';
import { z } from 'zod';
import { wholeExportSchema } from '../schema/whole-export.ts';
import { queryBoolean } from './paging.ts';
import { transferReportSchema } from './transfer-report.ts';

const tags = ['Import and export'];

/** Moves everything that a person has set up to another machine. */
export const transferContract = {
  export: oc
    .route({
      method: 'GET',
      path: '/export',
      summary: 'Export everything: settings, rules, channels, sources and jobs, without secrets',
      description: '`missing` names what is not exported, such as passwords, and results.',
      tags,
    })
    .output(wholeExportSchema),
  import: oc
    .route({
      method: 'POST',
      path: '/import',
      inputStructure: 'detailed',
      summary: 'Import everything',
      description:
        'Replaces the settings of this machine, and list entries with the same name. Deletes nothing. Keeps secrets of this machine whose address is the same.',
      tags,
    })
    .input(
      z.object({
        query: z
          .strictObject({
            dryRun: queryBoolean.optional().describe('Preview the import without changing anything.'),
          })
          .optional(),
        body: wholeExportSchema,
      }),
    )
    .output(transferReportSchema),
};
