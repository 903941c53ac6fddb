import { z } from 'zod';

/** What keeps a system from showing notifications, as far as it can be asked. */
const hindrances = [
  'no-daemon',
  'do-not-disturb',
  'daemon-paused',
  'toasts-off',
] as const satisfies readonly string[];
export type Hindrance = (typeof hindrances)[number];

/** What became of a test notification. */
export const notificationTestSchema = z.object({
  system: z.enum(['macos', 'windows', 'linux']),
  outcome: z
    .enum(['shown', 'failed', 'unanswered', 'unsupported', 'off'])
    .describe(
      '`shown`: the system took it, which does not mean that a person saw it. `unanswered`: the system said nothing. `off`: notifications are off in the settings.',
    ),
  reason: z.string().nullable().describe('Why the system refused it, in its own words; null: it gave none.'),
  hindrances: z.array(z.enum(hindrances)),
});
export type NotificationTest = z.infer<typeof notificationTestSchema>;
