import { z } from 'zod';
import { alertSchema, digestSchema } from './alert.ts';
import { jobIdSchema, jobViewSchema } from './job.ts';
import { pauseSchema, settingsSchema } from './settings.ts';
import { sourceIdSchema, sourceViewSchema } from './source.ts';

/** What the desktop can do for us. */
export type DesktopFacts = NonNullable<EngineState['desktop']>;

/** The state of NotAfter itself, beside its jobs. */
export const engineStateSchema = z
  .object({
    warning: z.string().nullable().describe('What is wrong with the files, for a person; null: nothing.'),
    offlineSince: z.iso
      .datetime()
      .nullable()
      .describe('Since when nothing at all can be reached: this machine is offline, and no host is blamed.'),
    pause: pauseSchema.nullable().describe('The pause of all checks; null: none.'),
    desktop: z
      .object({
        hasTray: z.boolean().describe('Whether there is a place where the tray icon can be seen.'),
        notifications: z
          .enum(['shown', 'unsupported', 'refused'])
          .describe('Whether the system shows notifications: it may know none, or refuse ours.'),
      })
      .nullable()
      .describe('What the desktop can do; null where NotAfter runs without one.'),
  })
  .describe('State of NotAfter itself.');
export type EngineState = z.infer<typeof engineStateSchema>;

const typeOf = <Type extends string>(type: Type) => z.literal(type).describe('What happened.');

/** Events that open windows, scripts and the tray receive as they happen. */
export const engineEventSchema = z.discriminatedUnion('type', [
  z
    .object({ type: typeOf('job-changed'), job: jobViewSchema })
    .describe('A job was added or edited, or its check is queued.'),
  z.object({ type: typeOf('job-removed'), id: jobIdSchema }).describe('A job was deleted.'),
  z
    .object({ type: typeOf('check-finished'), id: jobIdSchema, job: jobViewSchema })
    .describe('A check has ended.'),
  z.object({ type: typeOf('alert'), alert: alertSchema }).describe('People are notified of an alert.'),
  z
    .object({ type: typeOf('digest'), digest: digestSchema })
    .describe('People are notified of many alerts at once.'),
  z
    .object({ type: typeOf('alert-changed'), alert: alertSchema })
    .describe('An alert was raised, ended, was acknowledged or snoozed.'),
  z
    .object({ type: typeOf('source-changed'), source: sourceViewSchema })
    .describe('A source was added, edited or looked through.'),
  z.object({ type: typeOf('source-removed'), id: sourceIdSchema }).describe('A source was deleted.'),
  z.object({ type: typeOf('settings-changed'), settings: settingsSchema }).describe('Settings were changed.'),
  z
    .object({ type: typeOf('state-changed'), state: engineStateSchema })
    .describe('The state of NotAfter itself changed.'),
  z
    .object({ type: typeOf('missed') })
    .describe('Earlier events are no longer available: reload what you keep.'),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;
