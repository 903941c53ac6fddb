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
      .describe('Name. Unique.'),
    url: address.describe('URL to call while NotAfter works correctly. Treat it as a secret.'),
    method: z
      .enum(['GET', 'HEAD', 'POST'], { error: 'method is GET, HEAD or POST.' })
      .describe('HTTP method.')
      .default('GET'),
    minutes: z
      .number()
      .min(1, 'Minutes are from 1 to 1440.')
      .max(1440, 'Minutes are from 1 to 1440.')
      .describe('Minutes between calls.')
      .default(5),
    failUrl: address
      .nullable()
      .describe('URL to post the reason to when NotAfter does not work correctly; null: no call.')
      .default(null),
  })
  .describe('A monitoring service that NotAfter calls regularly while it works correctly.');
export type Heartbeat = z.infer<typeof heartbeatSchema>;
