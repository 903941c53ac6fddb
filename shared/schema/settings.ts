import { z } from 'zod';
import { alertRulesSchema, inheritedRules, tagRulesSchema } from './alert-rules.ts';
import { channelProxy, channelsSchema, maxKeptChannels, refuseAddresses } from './channels/channel.ts';
import { ehloNameSchema, proxySchema, refuseProxy } from './connection.ts';
import { patchOf, withDefaults } from './fields.ts';
import { heartbeatSchema } from './heartbeat.ts';
import { localPaths } from './local-path.ts';
import { reportScheduleSchema } from './report-schedule.ts';
import { savedViewSchema } from './saved-view.ts';
import { defaultThresholds, thresholdsSchema } from './thresholds.ts';
import { dailyHoursSchema } from './time-window.ts';
import { webhookSchema } from './webhook.ts';

/** A pause of everything: until a time, or until told (null). */
export const pauseSchema = z.strictObject({
  until: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .nullable()
    .describe('When it ends automatically; null: when you resume.'),
});
export type Pause = z.infer<typeof pauseSchema>;

const apiSettingsSchema = z.strictObject({
  enabled: z.boolean().describe('Whether programs on this machine can use the API.'),
  port: z
    .int({ error: 'A port is a whole number from 1024 to 65535.' })
    .min(1024, 'A port is a whole number from 1024 to 65535.')
    .max(65_535, 'A port is a whole number from 1024 to 65535.')
    .describe('TCP port on 127.0.0.1.'),
});
const apiOff = { enabled: false, port: 7443 };

/** The settings, each once: its rules and its sentence. Schemas, changes, defaults and the API's document follow from them. */
const fields = {
  notifications: z.boolean().describe('Whether alerts appear as desktop notifications.'),
  caFiles: z
    .array(z.string().min(1, 'A CA file is a path.').max(4096))
    .max(100, 'At most 100 CA files.')
    .describe('Paths of PEM files with certificates to trust in addition to Mozilla’s roots.'),
  proxy: proxySchema.nullable().describe('Proxy for all jobs without their own.'),
  ehloName: ehloNameSchema
    .nullable()
    .describe(
      'Name sent to mail servers in EHLO or LHLO, for jobs without their own; null: this machine’s fully qualified name, otherwise its address.',
    ),
  fetchRevocation: z
    .boolean()
    .describe(
      'Whether to ask the CA if a certificate was revoked (OCSP, CRL). The CA learns what you watch.',
    ),
  timeoutSeconds: z
    .number()
    .min(1, 'A check gets at least one second.')
    .max(120, 'A check gets at most two minutes.')
    .describe('Time limit of one check.'),
  checksAtOnce: z
    .int()
    .min(1, 'At least one check runs at once.')
    .max(200, 'At most 200 checks run at once.')
    .describe('Maximum number of concurrent checks.'),
  checksPerHost: z
    .int()
    .min(1, 'At least one check of a host runs at once.')
    .max(200, 'At most 200 checks of a host run at once.')
    .describe('Maximum number of concurrent checks per host.'),
  retentionDays: z
    .int()
    .min(1, 'Results are kept for at least a day.')
    .max(3650, 'Results are kept for at most ten years.')
    .describe('Days to keep results.'),
  pause: pauseSchema.nullable().describe('The pause of all checks; null: none.'),
  thresholds: thresholdsSchema,
  alerts: alertRulesSchema.describe('Default alert rules.'),
  tagRules: z
    .array(tagRulesSchema)
    .max(200, 'At most 200 tags can have rules.')
    .refine((rules) => new Set(rules.map(({ tag }) => tag)).size === rules.length, {
      error: 'Each tag has its rules once.',
    })
    .describe('Thresholds and alert rules per tag.'),
  quietHours: dailyHoursSchema
    .refine(({ from, to }) => from !== to, {
      path: ['to'],
      error: 'The end must differ from the start: quiet hours that never end would hold every warning.',
    })
    .nullable()
    .describe('Hours during which only critical alerts notify you; others wait. Null: none.'),
  quietUntil: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .nullable()
    .describe(
      'Until this time only critical alerts notify you, and others wait, as in quiet hours. Null or in the past: not now.',
    ),
  sound: z.boolean().describe('Whether notifications make a sound.'),
  channels: channelsSchema.describe(
    'Channels that alerts are sent to. Secrets are returned as {"set": true}; send that back to keep a secret.',
  ),
  heartbeats: z
    .array(heartbeatSchema)
    .max(5, 'At most 5 heartbeats.')
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'Two heartbeats cannot have the same name.',
    })
    .describe('A monitoring service that NotAfter calls regularly while it works correctly.'),
  reports: z
    .array(reportScheduleSchema)
    .max(10, 'At most 10 reports.')
    .refine((reports) => new Set(reports.map(({ name }) => name)).size === reports.length, {
      error: 'Two reports cannot have the same name.',
    })
    .describe('Reports that are sent regularly.'),
  views: z
    .array(savedViewSchema)
    .max(50, 'At most 50 saved views.')
    .refine((views) => new Set(views.map(({ name }) => name)).size === views.length, {
      error: 'Two views cannot have the same name.',
    })
    .describe('Saved filters of the list of hosts, shown in the sidebar.'),
  updates: z
    .enum(['off', 'weekly'], { error: 'updates is off or weekly.' })
    .describe('Whether the desktop app checks for updates every week. It downloads nothing without asking.'),
  api: apiSettingsSchema.describe(
    'HTTP API of the desktop app. `notafter serve` ignores it and uses its options.',
  ),
};

/** Defaults, also for fields that a file of an older version lacks. */
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
  quietUntil: null,
  sound: false,
  channels: [],
  heartbeats: [],
  reports: [],
  views: [],
  updates: 'off',
  api: apiOff,
};

/** Whether a setting is one value: yes or no, a number, a text. */
type IsValue<Output> = [Output] extends [boolean | number] ? true : string extends Output ? true : false;
export type ValueSetting = Exclude<
  {
    [Field in keyof typeof fields]: IsValue<z.output<(typeof fields)[Field]>> extends true ? Field : never;
  }[keyof typeof fields],
  'quietUntil' // A time that is set by a button, and never typed.
>;

/** How the page asks for a setting that is one value. */
export interface SettingControl {
  section: 'alerts' | 'checks';
  label: string;
  /** What it does, in a sentence. */
  help?: string;
  /** The setting that must be on for this one to have an effect. */
  needs?: ValueSetting;
}

/** The controls of all settings that are one value, in the order in which their section shows them. Others have separate forms. */
export const settingControls: { readonly [Field in ValueSetting]: SettingControl } = {
  notifications: { section: 'alerts', label: 'Show desktop notifications' },
  sound: { section: 'alerts', label: 'Play a sound', needs: 'notifications' },
  fetchRevocation: {
    section: 'checks',
    label: 'Check revocation with the CA',
    help: 'Uses OCSP or the CA’s revocation list, so the CA learns which certificates you watch. Stapled responses are always read.',
  },
  proxy: {
    section: 'checks',
    label: 'Proxy',
    help: 'For every host without its own proxy: http://, https://, socks5:// or socks4a://host:port',
  },
  ehloName: {
    section: 'checks',
    label: 'EHLO name (mail servers)',
    help: 'The name NotAfter gives to mail servers. If empty: this machine’s name.',
  },
  timeoutSeconds: { section: 'checks', label: 'Check timeout (seconds)' },
  checksAtOnce: { section: 'checks', label: 'Checks at the same time' },
  checksPerHost: { section: 'checks', label: 'Checks of one host at the same time' },
  retentionDays: { section: 'checks', label: 'Keep results for (days)' },
};

/** The channels that fit the shape that settings had before channels. Clients of that time read and write them here. */
const webhooks = z
  .array(webhookSchema)
  .max(maxKeptChannels, `At most ${maxKeptChannels} webhooks.`)
  .refine((hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length, {
    error: 'Two webhooks cannot have the same name.',
  })
  .meta({
    description:
      'Deprecated: use channels. The channels of types webhook, slack and teams that use nothing but these fields. A change edits and adds these channels, and deletes none.',
    deprecated: true,
  });

/** What holds for all jobs. */
export const settingsSchema = z
  .strictObject(withDefaults(fields, defaults))
  .describe('Settings for all jobs.');
export type Settings = z.infer<typeof settingsSchema>;

/** Settings as they are shown: without secrets. */
export const shownSettingsSchema = settingsSchema.extend({ webhooks }).describe('Settings for all jobs.');
export type ShownSettings = z.infer<typeof shownSettingsSchema>;

/** Changes to settings: only the fields given change. The files that they name are files of this computer. */
export const settingsPatchSchema = patchOf({
  ...fields,
  caFiles: fields.caFiles.superRefine(localPaths((files) => files.map((file, index) => [[index], file]))),
  webhooks: webhooks.superRefine(
    localPaths((hooks) => hooks.map(({ caFile }, index) => [[index, 'caFile'], caFile])),
  ),
  reports: fields.reports.superRefine(
    localPaths((reports) => reports.map(({ folder }, index) => [[index, 'folder'], folder])),
  ),
  channels: fields.channels
    .superRefine(localPaths((channels) => channels.map(({ caFile }, index) => [[index, 'caFile'], caFile])))
    .superRefine((channels, context) => {
      for (const [index, channel] of channels.entries()) {
        refuseProxy(channelProxy, [index, 'proxy'])(channel, context);
        refuseAddresses([index])(channel, context);
      }
    }),
  proxy: fields.proxy.superRefine(refuseProxy((proxy) => proxy)),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
