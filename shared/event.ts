import { z } from 'zod';
import { alertSchema } from './alert.ts';
import { jobIdSchema, jobViewSchema } from './job.ts';
import { settingsSchema } from './settings.ts';

/** What every open window, script and the tray hear of, as it happens. */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job-changed'), job: jobViewSchema }),
  z.object({ type: z.literal('job-removed'), id: jobIdSchema }),
  z.object({ type: z.literal('check-finished'), id: jobIdSchema, job: jobViewSchema }),
  z.object({ type: z.literal('alert'), alert: alertSchema }),
  z.object({ type: z.literal('settings-changed'), settings: settingsSchema }),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;
