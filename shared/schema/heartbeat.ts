import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { isSealed } from '../domain/sealed.ts';

const tooLong = 'An address has at most 2048 characters.';
const address = z
  .url({ protocol: /^https?$/, error: 'A heartbeat is an http:// or https:// address.' })
  .max(8192, tooLong)
  .refine((text) => text.length <= 2048 || isSealed(text), tooLong);

/** Where NotAfter says that it is alive, so that something else notices when it is not. */
export const heartbeatSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, 'A heartbeat has a name.')
      .max(60, 'A name has at most 60 characters.')
      .refine(isOneLine, 'A name is one line without control characters.')
      .describe('What it is called; each name is there once.'),
    url: address.describe('Address that is called while NotAfter is well. Treat it as a secret.'),
    method: z
      .enum(['GET', 'HEAD', 'POST'], { error: 'method is GET, HEAD or POST.' })
      .describe('How it is called.')
      .default('GET'),
    minutes: z
      .number()
      .min(1, 'Minutes are from 1 to 1440.')
      .max(1440, 'Minutes are from 1 to 1440.')
      .describe('How often it is called.')
      .default(5),
    failUrl: address
      .nullable()
      .describe(
        'Address that the reason is posted to where NotAfter is not well; null: nothing is called then.',
      )
      .default(null),
  })
  .describe('Where NotAfter says that it is alive.');
export type Heartbeat = z.infer<typeof heartbeatSchema>;
