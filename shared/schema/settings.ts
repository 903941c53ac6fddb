import { z } from 'zod';
import { alertRulesSchema, inheritedRules, tagRulesSchema } from './alert-rules.ts';
import { channelsSchema } from './channels/channel.ts';
import { ehloNameSchema, proxySchema } from './connection.ts';
import { patchOf, withDefaults } from './fields.ts';
import { heartbeatSchema } from './heartbeat.ts';
import { localPaths } from './local-path.ts';
import { savedViewSchema } from './saved-view.ts';
import { defaultThresholds, thresholdsSchema } from './thresholds.ts';
import { dailyHoursSchema } from './time-window.ts';
import { webhookSchema } from './webhook.ts';

/** A pause of everything: until a time, or until told (null). */
export const pauseSchema = z.strictObject({
  until: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .nullable()
    .describe('When it ends by itself; null: when someone resumes it.'),
});
export type Pause = z.infer<typeof pauseSchema>;

const apiSettingsSchema = z.strictObject({
  enabled: z.boolean().describe('Whether scripts on this machine may use it.'),
  port: z
    .int({ error: 'A port is a whole number from 1024 to 65535.' })
    .min(1024, 'A port is a whole number from 1024 to 65535.')
    .max(65_535, 'A port is a whole number from 1024 to 65535.')
    .describe('TCP port on 127.0.0.1.'),
});
const apiOff = { enabled: false, port: 7443 };

/** The settings, each once: its rules and its sentence. Schemas, changes, defaults and the API's document follow from them. */
const fields = {
  notifications: z.boolean().describe('Whether alerts are shown as notifications by the desktop.'),
  caFiles: z
    .array(z.string().min(1, 'A CA file is a path.').max(4096))
    .max(100, 'At most 100 CA files.')
    .describe('Paths of PEM files whose certificates every job trusts beside Mozilla’s roots.'),
  proxy: proxySchema.nullable().describe('Proxy for every job that names none of its own.'),
  ehloName: ehloNameSchema
    .nullable()
    .describe(
      'Name by which mail servers are greeted (EHLO, LHLO), for jobs that have none of their own; null: this machine’s name in DNS’s form, else its address.',
    ),
  fetchRevocation: z
    .boolean()
    .describe('Whether the CA is asked if a certificate was revoked (OCSP, CRL). It learns what you watch.'),
  timeoutSeconds: z
    .number()
    .min(1, 'A check gets at least one second.')
    .max(120, 'A check gets at most two minutes.')
    .describe('Deadline of a whole check.'),
  checksAtOnce: z
    .int()
    .min(1, 'At least one check runs at once.')
    .max(200, 'At most 200 checks run at once.')
    .describe('How many checks run at the same time.'),
  checksPerHost: z
    .int()
    .min(1, 'At least one check of a host runs at once.')
    .max(200, 'At most 200 checks of a host run at once.')
    .describe('How many checks of one host run at the same time.'),
  retentionDays: z
    .int()
    .min(1, 'Results are kept for at least a day.')
    .max(3650, 'Results are kept for at most ten years.')
    .describe('How long results are kept.'),
  pause: pauseSchema.nullable().describe('The pause of all checks; null: none.'),
  thresholds: thresholdsSchema,
  alerts: alertRulesSchema.describe('What is alerted, for jobs and tags that do not say.'),
  tagRules: z
    .array(tagRulesSchema)
    .max(200, 'At most 200 tags have rules of their own.')
    .refine((rules) => new Set(rules.map(({ tag }) => tag)).size === rules.length, {
      error: 'Each tag has its rules once.',
    })
    .describe('Thresholds and alerts for the jobs of a tag.'),
  quietHours: dailyHoursSchema
    .nullable()
    .describe('Hours in which only critical alerts notify; the others wait. Null: none.'),
  sound: z.boolean().describe('Whether notifications make a sound.'),
  webhooks: z
    .array(webhookSchema)
    .max(20, 'At most 20 webhooks.')
    .refine((hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length, {
      error: 'Each webhook has a name of its own.',
    })
    .describe('Where alerts are sent beside the notifications.'),
  channels: channelsSchema.describe(
    'Where alerts go: mail, chats, incident tools. Secrets are answered as {"set": true}, which given back keeps them.',
  ),
  heartbeats: z
    .array(heartbeatSchema)
    .max(5, 'At most 5 heartbeats.')
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'Each heartbeat has a name of its own.',
    })
    .describe('Where NotAfter says that it is alive.'),
  views: z
    .array(savedViewSchema)
    .max(50, 'At most 50 saved views.')
    .refine((views) => new Set(views.map(({ name }) => name)).size === views.length, {
      error: 'Each view has a name of its own.',
    })
    .describe('Filters of the list of hosts under a name, for the sidebar of the page.'),
  updates: z
    .enum(['off', 'weekly'], { error: 'updates is off or weekly.' })
    .describe('Whether the desktop app looks for a newer version every week. Nothing is loaded unasked.'),
  api: apiSettingsSchema.describe(
    'The HTTP API of the desktop app; `notafter serve` has it in any case, where its options say.',
  ),
};

/** What holds until somebody changes it, and in a file from before a field existed. */
const defaults: { readonly [Field in keyof typeof fields]: z.output<(typeof fields)[Field]> } = {
  notifications: true,
  caFiles: [],
  proxy: null,
  ehloName: null,
  fetchRevocation: false,
  timeoutSeconds: 15,
  checksAtOnce: 10,
  checksPerHost: 4,
  retentionDays: 400,
  pause: null,
  thresholds: defaultThresholds,
  alerts: inheritedRules,
  tagRules: [],
  quietHours: null,
  sound: false,
  webhooks: [],
  channels: [],
  heartbeats: [],
  views: [],
  updates: 'off',
  api: apiOff,
};

/** What holds for all jobs. */
export const settingsSchema = z
  .strictObject(withDefaults(fields, defaults))
  .describe('What holds for all jobs.');
export type Settings = z.infer<typeof settingsSchema>;

/** Changes to settings: only the fields given change. The files that they name are files of this computer. */
export const settingsPatchSchema = patchOf({
  ...fields,
  caFiles: fields.caFiles.superRefine(localPaths((files) => files.map((file, index) => [[index], file]))),
  webhooks: fields.webhooks.superRefine(
    localPaths((hooks) => hooks.map(({ caFile }, index) => [[index, 'caFile'], caFile])),
  ),
  channels: fields.channels.superRefine(
    localPaths((channels) => channels.map(({ caFile }, index) => [[index, 'caFile'], caFile])),
  ),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
