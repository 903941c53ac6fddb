import { z } from 'zod';
import { alertRulesSchema, inheritedRules, tagRulesSchema } from './alert-rules.ts';
import { proxySchema } from './connection.ts';
import { defaultThresholds, thresholdsSchema } from './thresholds.ts';
import { dailyHoursSchema } from './time-window.ts';
import { webhookSchema } from './webhook.ts';

/** A pause of everything: until a time, or until told (null). */
export const pauseSchema = z.strictObject({
  until: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .nullable()
    .describe('When it ends by itself; null: when it is told to.'),
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

/** What holds for all jobs. Each field has a default, so that a file from before the field existed still reads. */
export const settingsSchema = z
  .strictObject({
    notifications: z
      .boolean()
      .describe('Whether alerts are shown as notifications by the desktop.')
      .default(true),
    caFiles: z
      .array(z.string().min(1, 'A CA file is a path.').max(4096))
      .max(100, 'At most 100 CA files.')
      .describe('Paths of PEM files whose certificates every job trusts beside Mozilla’s roots.')
      .default([]),
    proxy: proxySchema.nullable().describe('Proxy for every job that names none of its own.').default(null),
    fetchRevocation: z
      .boolean()
      .describe('Whether the CA is asked if a certificate was revoked (OCSP, CRL). It learns what you watch.')
      .default(false),
    timeoutSeconds: z
      .number()
      .min(1, 'A check gets at least one second.')
      .max(120, 'A check gets at most two minutes.')
      .describe('Deadline of a whole check.')
      .default(15),
    checksAtOnce: z
      .int()
      .min(1, 'At least one check runs at once.')
      .max(200, 'At most 200 checks run at once.')
      .describe('How many checks run at the same time.')
      .default(10),
    checksPerHost: z
      .int()
      .min(1, 'At least one check of a host runs at once.')
      .max(200, 'At most 200 checks of a host run at once.')
      .describe('How many checks of one host run at the same time.')
      .default(4),
    retentionDays: z
      .int()
      .min(1, 'Results are kept for at least a day.')
      .max(3650, 'Results are kept for at most ten years.')
      .describe('How long results are kept.')
      .default(400),
    pause: pauseSchema.nullable().describe('The pause of all checks; null: none.').default(null),
    thresholds: thresholdsSchema.default(defaultThresholds),
    alerts: alertRulesSchema
      .describe('What is alerted, for jobs and tags that do not say.')
      .default(inheritedRules),
    tagRules: z
      .array(tagRulesSchema)
      .max(200, 'At most 200 tags have rules of their own.')
      .refine((rules) => new Set(rules.map(({ tag }) => tag)).size === rules.length, {
        error: 'Each tag has its rules once.',
      })
      .describe('Thresholds and alerts for the jobs of a tag.')
      .default([]),
    quietHours: dailyHoursSchema
      .nullable()
      .describe('Hours in which only critical alerts are said; the others wait. Null: none.')
      .default(null),
    sound: z.boolean().describe('Whether notifications make a sound.').default(false),
    webhooks: z
      .array(webhookSchema)
      .max(20, 'At most 20 webhooks.')
      .refine((hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length, {
        error: 'Each webhook has a name of its own.',
      })
      .describe('Where alerts are sent beside the notifications.')
      .default([]),
    updates: z
      .enum(['off', 'weekly'], { error: 'updates is off or weekly.' })
      .describe('Whether the desktop app looks for a newer version every week. Nothing is loaded unasked.')
      .default('off'),
    api: apiSettingsSchema
      .describe(
        'The HTTP API of the desktop app; `notafter serve` has it in any case, where its options say.',
      )
      .default(apiOff),
  })
  .describe('What holds for all jobs.');
export type Settings = z.infer<typeof settingsSchema>;

/** Changes to settings: only the fields given change. Defaults must not fill in the others. */
export const settingsPatchSchema = z.strictObject({
  notifications: settingsSchema.shape.notifications.removeDefault().optional(),
  caFiles: settingsSchema.shape.caFiles.removeDefault().optional(),
  proxy: settingsSchema.shape.proxy.removeDefault().optional(),
  fetchRevocation: settingsSchema.shape.fetchRevocation.removeDefault().optional(),
  timeoutSeconds: settingsSchema.shape.timeoutSeconds.removeDefault().optional(),
  checksAtOnce: settingsSchema.shape.checksAtOnce.removeDefault().optional(),
  checksPerHost: settingsSchema.shape.checksPerHost.removeDefault().optional(),
  retentionDays: settingsSchema.shape.retentionDays.removeDefault().optional(),
  pause: settingsSchema.shape.pause.removeDefault().optional(),
  thresholds: settingsSchema.shape.thresholds.removeDefault().optional(),
  alerts: settingsSchema.shape.alerts.removeDefault().optional(),
  tagRules: settingsSchema.shape.tagRules.removeDefault().optional(),
  quietHours: settingsSchema.shape.quietHours.removeDefault().optional(),
  sound: settingsSchema.shape.sound.removeDefault().optional(),
  webhooks: settingsSchema.shape.webhooks.removeDefault().optional(),
  updates: settingsSchema.shape.updates.removeDefault().optional(),
  api: settingsSchema.shape.api.removeDefault().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
