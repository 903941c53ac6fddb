import { z } from 'zod';
import { alertSchema, digestSchema } from './alert.ts';
import { interruptionSchema } from './interruption.ts';
import { jobIdSchema, jobViewSchema } from './job.ts';
import {
  savedSearchIdSchema,
  savedSearchViewSchema,
  searchMessageSchema,
  searchRunSchema,
} from './saved-search.ts';
import { pauseSchema, settingsSchema, shownSettingsSchema } from './settings.ts';
import { sourceIdSchema, sourceViewSchema } from './source.ts';

/** What the desktop can do for us. */
export type DesktopFacts = NonNullable<EngineState['desktop']>;

const failingChannelSchema = z.object({
  name: z.string().describe('Name of the channel.'),
  since: z.iso.datetime().describe('When the first failure in a row was.'),
});
export type FailingChannel = z.infer<typeof failingChannelSchema>;

/** The state of NotAfter itself, beside its jobs. */
export const engineStateSchema = z
  .object({
    warning: z.string().nullable().describe('What is wrong with the data files; null: nothing.'),
    offlineSince: z.iso
      .datetime()
      .nullable()
      .describe('Since when this machine is offline; null: it is online. Checks wait while it is offline.'),
    pause: pauseSchema.nullable().describe('The pause of all checks; null: none.'),
    quietUntil: settingsSchema.shape.quietUntil,
    desktop: z
      .object({
        hasTray: z.boolean().describe('Whether the desktop shows tray icons.'),
        notifications: z
          .enum(['shown', 'unsupported', 'refused'])
          .describe(
            'Whether the system shows notifications. unsupported: it has none. refused: it blocks those of NotAfter.',
          ),
      })
      .nullable()
      .describe('What the desktop supports; null: NotAfter runs without one.'),
    interruption: interruptionSchema
      .nullable()
      .describe(
        'How the run before this one was interrupted, until the notice is dismissed; null: it was not.',
      ),
    failingChannels: z
      .array(failingChannelSchema)
      .describe('Channels that have taken no alert for an hour although there was one to send.'),
  })
  .describe('State of NotAfter itself.');
export type EngineState = z.infer<typeof engineStateSchema>;

/** How far the checks are. */
export const checksSchema = z
  .object({
    done: z.int().describe('Number of checks finished since no check was queued.'),
    running: z.int().describe('Number of checks running.'),
    waiting: z.int().describe('Number of checks queued: they start when others finish.'),
    runningIds: z.array(jobIdSchema).describe('Ids of the jobs whose checks are running.'),
  })
  .describe('How far the checks are.');
export type Checks = z.infer<typeof checksSchema>;

const typeOf = <Type extends string>(type: Type) => z.literal(type).describe('What happened.');

/** Events that open windows, scripts and the tray receive as they happen. */
export const engineEventSchema = z.discriminatedUnion('type', [
  z
    .object({ type: typeOf('job-changed'), job: jobViewSchema })
    .describe('A job was added or edited, or its check is queued.'),
  z.object({ type: typeOf('job-removed'), id: jobIdSchema }).describe('A job was deleted.'),
  z
    .object({ type: typeOf('check-finished'), id: jobIdSchema, job: jobViewSchema })
    .describe('A check finished.'),
  z
    .object({ type: typeOf('checks-changed'), checks: checksSchema })
    .describe('The number of checks running and queued changed: at most four times a second.'),
  z.object({ type: typeOf('alert'), alert: alertSchema }).describe('You are notified of an alert.'),
  z
    .object({ type: typeOf('digest'), digest: digestSchema })
    .describe('You are notified of several alerts in one digest.'),
  z
    .object({ type: typeOf('alert-changed'), alert: alertSchema })
    .describe('An alert was raised, resolved, acknowledged or snoozed.'),
  z
    .object({ type: typeOf('source-changed'), source: sourceViewSchema })
    .describe('A source was added, edited or scanned.'),
  z.object({ type: typeOf('source-removed'), id: sourceIdSchema }).describe('A source was deleted.'),
  z
    .object({ type: typeOf('discovery-changed'), discovery: savedSearchViewSchema })
    .describe('A saved search was added or edited, or its run goes on: at most once a second.'),
  z
    .object({ type: typeOf('discovery-removed'), id: savedSearchIdSchema })
    .describe('A saved search was deleted.'),
  z
    .object({
      type: typeOf('discovery-ended'),
      run: searchRunSchema,
      name: z.string().describe('Name of the search.'),
      tags: z.array(z.string()).describe('Tags for jobs that the search adds.'),
      message: searchMessageSchema
        .nullable()
        .describe(
          'The message that you get; null: nothing is new, changed or vanished, or it does not notify.',
        ),
    })
    .describe('A run of a saved search ended.'),
  z
    .object({ type: typeOf('settings-changed'), settings: shownSettingsSchema })
    .describe('Settings were changed.'),
  z
    .object({ type: typeOf('state-changed'), state: engineStateSchema })
    .describe('The state of NotAfter itself changed.'),
  z
    .object({ type: typeOf('missed') })
    .describe('Earlier events are no longer available: reload what you keep.'),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;
