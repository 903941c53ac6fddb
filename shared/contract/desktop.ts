import { oc } from '@orpc/contract';
import { z } from 'zod';
import { notificationTestSchema } from '../schema/notification-test.ts';
import { savedSearchIdSchema } from '../schema/saved-search.ts';

/** How this copy of NotAfter stands to newer ones. */
const updateStateSchema = z.object({
  canLook: z.boolean().describe('Whether this build knows where to find updates.'),
  newest: z.string().nullable().describe('The newest version, if it is newer than this one; otherwise null.'),
  lookedAt: z.iso.datetime().nullable().describe('When NotAfter last checked for updates; null: never.'),
  problem: z.string().nullable().describe('Why the last check for updates failed; null: it succeeded.'),
  isLoading: z.boolean().describe('Whether an update is being downloaded.'),
});
export type UpdateState = z.infer<typeof updateStateSchema>;

const commandSchema = z.object({
  path: z.string().nullable().describe('Path of the installed `notafter` command; null: not installed.'),
  canPut: z.boolean().describe('Whether this build can install the command.'),
});

const loginItemSchema = z.object({
  isOn: z
    .boolean()
    .nullable()
    .describe('Whether NotAfter starts at login; null: the system does not let this copy change it.'),
});

const fileChoiceSchema = z.enum(['files', 'file', 'folder']);
export type FileChoice = z.infer<typeof fileChoiceSchema>;

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
    /** Asks the person, in a dialog of the system, whether a saved search may scan public addresses. Null: it was edited or deleted meanwhile. */
    confirmSearch: oc
      .input(z.object({ id: savedSearchIdSchema }))
      .output(z.object({ confirmed: z.boolean().nullable() })),
    showLog: oc.output(z.void()),
    /** Has the person choose files or a folder in the system's dialog; no paths where it was canceled. */
    chooseFiles: oc
      .input(z.object({ what: fileChoiceSchema }))
      .output(z.object({ paths: z.array(z.string()) })),
    loginItem: oc.output(loginItemSchema),
    /** Has NotAfter start at login, or not anymore. */
    setLoginItem: oc.input(z.object({ isOn: z.boolean() })).output(loginItemSchema),
    /** Shows a notification that the person confirms, and says what became of it. */
    testNotification: oc.output(notificationTestSchema),
    /** Says whether a form has something typed that is not saved: its page must not be let go. */
    keepPage: oc.input(z.object({ isDirty: z.boolean() })).output(z.void()),
  },
};
