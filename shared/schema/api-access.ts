import { z } from 'zod';

/** Where the HTTP API is, and by what it is used. */
export const accessSchema = z.object({
  url: z.string().nullable().describe('Address of the API on this machine; null while it is off.'),
  listenUrl: z
    .string()
    .nullable()
    .describe('Address of the API for other machines; null: it listens on this machine only.'),
  token: z
    .string()
    .nullable()
    .describe('Token to send as `Authorization: Bearer TOKEN`; null while the API is off.'),
  tokenFile: z.string().describe('Path of the token file, readable only by its owner.'),
  calendarUrl: z
    .string()
    .nullable()
    .describe('Address of the expiry calendar for calendar apps. It gives access to the calendar only.'),
  problem: z
    .string()
    .nullable()
    .describe('Why the API is not available although it is turned on; null: no problem.'),
});
export type Access = z.infer<typeof accessSchema>;
