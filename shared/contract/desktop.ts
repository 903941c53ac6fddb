import { oc } from '@orpc/contract';
import { z } from 'zod';

/** How this copy of NotAfter stands to newer ones. */
const updateStateSchema = z.object({
  canLook: z.boolean().describe('Whether this copy was packed with the address of newer ones.'),
  newest: z.string().nullable().describe('A version that is newer than this one; null: none is known.'),
  lookedAt: z.iso.datetime().nullable().describe('When it was looked for last; null: never.'),
  problem: z.string().nullable().describe('Why that came to nothing; null: it did not.'),
  isLoading: z.boolean().describe('Whether the newer one is being loaded.'),
});
export type UpdateState = z.infer<typeof updateStateSchema>;

const commandSchema = z.object({
  path: z.string().nullable().describe('Where the command `notafter` is found; null: nowhere.'),
  canPut: z.boolean().describe('Whether this copy can put it there.'),
});

/** What the page may ask of the desktop app. Over HTTP none of it is there. */
export const desktopContract = {
  desktop: {
    update: oc.output(updateStateSchema),
    lookForUpdate: oc.output(updateStateSchema),
    /** Asks the person, who may have it loaded and put in place. */
    offerUpdate: oc.output(updateStateSchema),
    command: oc.output(commandSchema),
    /** Puts the command `notafter` where a terminal finds it. */
    putCommand: oc.output(commandSchema),
    showLog: oc.output(z.void()),
    /** Says whether a form has something typed that is not saved: its page must not be let go. */
    keepPage: oc.input(z.object({ isDirty: z.boolean() })).output(z.void()),
  },
};
