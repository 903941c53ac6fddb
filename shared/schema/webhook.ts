import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { isSealed } from '../domain/sealed.ts';
import { alertSeveritySchema } from './alert.ts';

const tooLong = 'An address has at most 2048 characters.';

const nameSchema = z
  .string()
  .trim()
  .min(1, 'Enter a name for the webhook.')
  .max(60, 'A name has at most 60 characters.')
  .refine(isOneLine, 'A name is one line without control characters.')
  .refine((name) => name !== 'command' && name !== 'stdout', {
    error: 'This name is reserved for the command line.',
  })
  .describe('Name. Unique.');

/** A channel in the shape that settings had before channels: the API shows and takes it until its next version. */
export const webhookSchema = z
  .strictObject({
    name: nameSchema,
    url: z
      .url({ protocol: /^https?$/, error: 'A webhook is an http:// or https:// address.' })
      .max(8192, tooLong)
      .refine((text) => text.length <= 2048 || isSealed(text), tooLong)
      .describe('URL to post alerts to. Treat it as a secret. It is never logged.'),
    format: z
      .enum(['json', 'slack', 'teams'], { error: 'format is json, slack or teams.' })
      .describe(
        'json: the alert and its job, for programs. slack, teams: a message in the format of these services.',
      )
      .default('json'),
    severity: alertSeveritySchema.describe('Minimum severity of alerts to send.').default('info'),
    tags: z
      .array(z.string().max(60))
      .max(50)
      .describe('Only alerts of jobs with one of these tags. Empty: all jobs.')
      .default([]),
    caFile: z
      .string()
      .min(1, 'A CA file is a path.')
      .max(4096)
      .nullable()
      .describe(
        'PEM file with certificates to trust for this webhook in addition to the usual roots; null: none.',
      )
      .default(null),
    grouped: z
      .boolean()
      .describe(
        'Whether alerts with the same cause are grouped into one message. false: one message per alert, immediately, for incident tools.',
      )
      .default(true),
    enabled: z.boolean().describe('Whether alerts are sent there.').default(true),
  })
  .describe('A webhook that alerts are sent to.');
export type Webhook = z.infer<typeof webhookSchema>;
