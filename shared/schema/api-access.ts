import { z } from 'zod';

/** Where the HTTP API is, and by what it is used. */
export const accessSchema = z.object({
  url: z.string().nullable().describe('Its address on this machine; null while it is off.'),
  listenUrl: z.string().nullable().describe('Its address for other machines; null: there is none.'),
  token: z
    .string()
    .nullable()
    .describe('What calls carry as `Authorization: Bearer TOKEN`; null while it is off.'),
  tokenFile: z.string().describe('Path of the file that holds the token, readable by its owner alone.'),
  calendarUrl: z
    .string()
    .nullable()
    .describe(
      'Address of the calendar of expiries, for calendar programs: it gives access to the calendar alone.',
    ),
  problem: z
    .string()
    .nullable()
    .describe('Why it is not there, though it should be; null: nothing is wrong.'),
});
export type Access = z.infer<typeof accessSchema>;
