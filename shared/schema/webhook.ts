import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { isSealed } from '../domain/sealed.ts';
import { alertSeveritySchema } from './alert.ts';

const tooLong = 'An address has at most 2048 characters.';

const nameSchema = z
  .string()
  .trim()
  .min(1, 'A webhook has a name.')
  .max(60, 'A name has at most 60 characters.')
  .refine(isOneLine, 'A name is one line without control characters.')
  .refine((name) => name !== 'command' && name !== 'stdout', {
    error: 'This name is one of the command line’s own hooks.',
  })
  .describe('What it is called; each name is there once.');

/** Where alerts are sent, beside the notifications. */
export const webhookSchema = z
  .strictObject({
    name: nameSchema,
    url: z
      .url({ protocol: /^https?$/, error: 'A webhook is an http:// or https:// address.' })
      .max(8192, tooLong)
      .refine((text) => text.length <= 2048 || isSealed(text), tooLong)
      .describe(
        'Address that alerts are posted to. Treat it as a secret: it often allows posting, and is never logged.',
      ),
    format: z
      .enum(['json', 'slack', 'teams'], { error: 'format is json, slack or teams.' })
      .describe(
        'json: the alert and its job, for programs; slack, teams: text that these and their like show.',
      )
      .default('json'),
    severity: alertSeveritySchema.describe('Only alerts that are at least so urgent.').default('info'),
    tags: z
      .array(z.string().max(60))
      .max(50)
      .describe('Only alerts of jobs that carry one of these tags; none: of all jobs.')
      .default([]),
    caFile: z
      .string()
      .min(1, 'A CA file is a path.')
      .max(4096)
      .nullable()
      .describe('PEM file with certificates to trust for this address beside the usual roots; null: none.')
      .default(null),
    grouped: z
      .boolean()
      .describe(
        'Whether alerts of one cause come together, as a person wants them; false: each by itself and at once, under its key, as an incident tool wants them.',
      )
      .default(true),
    enabled: z.boolean().describe('Whether anything is sent there.').default(true),
  })
  .describe('Where alerts are sent.');
export type Webhook = z.infer<typeof webhookSchema>;

export const deliveryStates = ['waiting', 'failed'] as const;

/** Something that was not delivered yet, or could not be. */
export const deliverySchema = z.object({
  id: z.int().describe('The delivery’s id.'),
  hook: z.string().describe('Name of the webhook; command or stdout for those of the command line.'),
  title: z.string().describe('Title of the message.'),
  createdAt: z.iso.datetime().describe('When it was queued.'),
  state: z.enum(deliveryStates).describe('waiting: it is tried again; failed: it was given up.'),
  attempts: z.int().describe('How often it was tried.'),
  nextAttemptAt: z.iso.datetime().nullable().describe('When it is tried next; null: it was given up.'),
  error: z.string().nullable().describe('Why the last attempt failed; null: it was not tried yet.'),
});
export type Delivery = z.infer<typeof deliverySchema>;
