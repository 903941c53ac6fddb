import { z } from 'zod';

/** How the run before this one was interrupted. */
export const interruptionSchema = z
  .object({
    cause: z
      .enum(['killed', 'restart'])
      .describe(
        'killed: NotAfter crashed or was killed; restart: the computer restarted, shut down or lost power while it ran.',
      ),
    lastAliveAt: z.iso.datetime().describe('When it was well last, to five minutes.'),
    resumedAt: z.iso.datetime().describe('When this run began.'),
  })
  .describe('How the run before this one was interrupted: it was not stopped in an orderly way.');
export type Interruption = z.infer<typeof interruptionSchema>;
