import { z } from 'zod';
import { alertKindNames } from '../../domain/alerts/kinds.ts';
import { isMaskedAddress, mask } from '../../domain/masked-address.ts';
import { isOneLine } from '../../domain/plain-text.ts';
import { alertSeveritySchema } from '../alert.ts';
import { proxyMessage, proxySchema } from '../connection.ts';
import type { ChannelField, Secret } from './fields.ts';
import {
  type ChannelType,
  type ChannelTypeEntry,
  type ChannelValues,
  channelTypeNames,
  channelTypes,
} from './types.ts';

/** What channels took for a proxy before they had the rule of all proxies (`channelProxy`). */
const storedProxySchema = z.url({ protocol: /^(?:https?|socks5?)$/ }).max(2048);

const time = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const tags = z.array(z.string().max(60)).max(50);

/** What every channel has. */
export const commonFields = {
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name for the channel.')
    .max(60, 'A name has at most 60 characters.')
    .refine(isOneLine, 'A name is one line without control characters.')
    .refine((name) => name !== 'command' && name !== 'stdout', {
      error: 'The command line uses this name for its own channels.',
    })
    .describe('Name of the channel. Unique.'),
  enabled: z.boolean().default(true).describe('Whether alerts are sent there.'),
  severity: alertSeveritySchema.default('info').describe('Minimum severity of alerts to send.'),
  tags: tags.default([]).describe('Only alerts of hosts with one of these tags. Empty: all hosts.'),
  notTags: tags.default([]).describe('No alerts of hosts with one of these tags.'),
  kinds: z
    .array(z.enum(alertKindNames))
    .max(alertKindNames.length)
    .default([])
    .describe('Only alerts of these kinds. Empty: all kinds.'),
  resolved: z
    .boolean()
    .default(true)
    .describe('Whether to send a message when an alert is resolved. Incidents are always resolved.'),
  digest: z
    .union([
      z.enum(['now', 'hourly']),
      z.strictObject({
        at: z.string().regex(time, 'A time of day is written as 08:00.').describe('Time of day.'),
        timezone: z
          .string()
          .max(60)
          .refine(isTimeZone, { error: 'This time zone is unknown. Write one such as Europe/Berlin.' })
          .describe('IANA time zone.'),
      }),
    ])
    .default('now')
    .describe(
      'When to send messages: now, hourly, or once a day. Critical alerts are always sent immediately.',
    ),
  grouped: z
    .boolean()
    .default(true)
    .describe(
      'Whether alerts with the same cause are grouped into one message. false: one message per alert, immediately.',
    ),
  caFile: z
    .string()
    .min(1, 'A CA file is a path.')
    .max(4096)
    .nullable()
    .default(null)
    .describe(
      'PEM file with certificates to trust for this channel in addition to the usual roots; null: none.',
    ),
  proxy: z
    .union([z.enum(['jobs', 'none']), proxySchema, storedProxySchema], { error: proxyMessage })
    .default('none')
    .describe('jobs: through the proxy that checks use. none: directly. Otherwise the address of a proxy.'),
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // Intl knows no such zone.
  }
}

const commonSchema = z.strictObject(commonFields);
export type ChannelCommon = z.infer<typeof commonSchema>;
/** The names of the fields that every channel has. */
export const commonFieldNames: readonly string[] = Object.keys(commonFields);

/** Where alerts go: its type, what every channel has, and the type's own fields. */
export type Channel<Type extends ChannelType = ChannelType> = {
  [Each in Type]: ChannelCommon & { type: Each } & ChannelValues<Each>;
}[Type];

/** Returns the fields specific to a type. */
export function fieldsOf(type: ChannelType): Readonly<Record<string, ChannelField>> {
  return channelTypes[type].fields;
}

/** Returns the names of the fields of a type that are secrets. */
function secretFieldsOf(type: ChannelType): string[] {
  return Object.entries(fieldsOf(type)).flatMap(([name, { input }]) => (input === 'secret' ? [name] : []));
}

/** Returns the address of a channel's own proxy; null: it has none. */
export function channelProxy({ proxy }: Pick<Channel, 'proxy'>): string | null {
  return proxy === 'jobs' || proxy === 'none' ? null : proxy;
}

/** Returns where the secrets of a channel go, such as https://host:port. */
export function destinationOf(channel: Channel): string {
  const entry: ChannelTypeEntry = channelTypes[channel.type];
  return entry.destination(channel);
}

/** Fields of every channel that decide how secrets travel: who passes them on, and whose certificates are trusted. */
const commonRoute = { proxy: 'Proxy', caFile: 'CA file' } as const;

/**
 * Returns the labels of the fields by which two channels of one type send secrets to different places or in different ways; none: a
 * secret of the one may be kept for the other.
 */
export function changedRoute(before: Channel, after: Channel): string[] {
  const { route }: ChannelTypeEntry = channelTypes[before.type];
  const fields = fieldsOf(before.type);
  const own = route.filter((name) => !isSameRoute(routeValue(before, name), routeValue(after, name)));
  const common = (['proxy', 'caFile'] as const).filter((name) => before[name] !== after[name]);
  return [...own.map((name) => fields[name]?.label ?? name), ...common.map((name) => commonRoute[name])];
}

function routeValue(channel: Channel, field: string): unknown {
  // SAFETY: a channel is an object with named fields.
  return (channel as Record<string, unknown>)[field];
}

/** Compares values, and addresses as URLs: the one that a secret is sent to is compared to its path, since a host may serve many people. */
function isSameRoute(before: unknown, after: unknown): boolean {
  return JSON.stringify(before, asHref) === JSON.stringify(after, asHref);
}

const asHref = (_key: string, value: unknown) =>
  typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value) ? new URL(value).href : value;

/** Returns the schemas of all fields of a type. */
export function channelShape(type: ChannelType): Record<string, z.ZodType> {
  const own = Object.entries(fieldsOf(type)).map(([name, field]) => [name, field.schema]);
  return {
    type: z.literal(type).describe('Type of the channel.'),
    ...commonFields,
    // SAFETY: each field of the table has a schema.
    ...(Object.fromEntries(own) as Record<string, z.ZodType>),
  };
}

const schemas = channelTypeNames.map((type) => {
  const { title, about, ...entry }: ChannelTypeEntry = channelTypes[type];
  const schema = z.strictObject(channelShape(type));
  const checked = schema.superRefine((values, context) => {
    const found = entry.problem?.(values) ?? null;
    if (found) context.addIssue({ code: 'custom', path: [found.field], message: found.message });
  });
  return checked.describe(`${title}: ${about}.`);
});

/** A channel, as it is given and kept. */
// SAFETY: the options are built from the table that `Channel` is derived from.
export const channelSchema = z
  .discriminatedUnion('type', schemas as unknown as [(typeof schemas)[number], ...typeof schemas], {
    error: `type is one of ${channelTypeNames.join(', ')}.`,
  })
  .describe('A channel that alerts are sent to.') as unknown as z.ZodType<Channel, unknown>;

/** Channels that can be added. */
export const maxChannels = 40;
/** Channels that are kept: with 20 webhooks of an older version there may be more than can be added. */
export const maxKeptChannels = 60;

/**
 * Refuses addresses of other services in what is entered. What is kept may have one, such as a webhook of an older version that sends to
 * Mattermost in the format of Slack.
 */
export function refuseAddresses(place: readonly PropertyKey[] = []) {
  return (channel: Channel, context: z.RefinementCtx<unknown>): void => {
    for (const [field, { refuse }] of Object.entries(fieldsOf(channel.type))) {
      const text = routeValue(channel, field);
      const message = typeof text === 'string' && refuse && URL.canParse(text) ? refuse(new URL(text)) : null;
      if (message !== null) context.addIssue({ code: 'custom', path: [...place, field], message });
    }
  };
}

export const channelsSchema = z
  .array(channelSchema)
  .max(maxKeptChannels, `At most ${maxChannels} channels.`)
  .refine((channels) => new Set(channels.map(({ name }) => name)).size === channels.length, {
    error: 'Two channels cannot have the same name.',
  });

/** Changes of what a channel has besides its secrets and is not shown as it is. */
export interface HiddenParts {
  /** @param kept address by its place, such as `url`, `urls.1` or `proxy` */
  address(text: string, field: string): string;
  /** @param name of the header */
  value(text: string, field: string, name: string): string;
}

/** Returns a channel with its addresses changed, which may have passwords or tokens in them, and the values of its headers. */
export function mapHidden(channel: Channel, change: HiddenParts): Channel {
  const changed = Object.entries(fieldsOf(channel.type)).flatMap(([field, { hides }]) => {
    const value = hides && routeValue(channel, field);
    return value === undefined || value === null ? [] : [[field, hiddenPart(value, field, change)] as const];
  });
  const { proxy } = channel;
  const isAddress = proxy !== 'jobs' && proxy !== 'none';
  // SAFETY: texts take the place of texts.
  return {
    ...channel,
    ...(isAddress ? { proxy: change.address(proxy, 'proxy') } : {}),
    ...Object.fromEntries(changed),
  } as Channel;
}

function hiddenPart(value: unknown, field: string, change: HiddenParts): unknown {
  if (typeof value === 'string') return change.address(value, field);
  // SAFETY: fields that hide something have a text, a list of texts or a list of pairs.
  return (value as (string | { name: string; value: string })[]).map((item, index) =>
    typeof item === 'string'
      ? change.address(item, `${field}.${index}`)
      : { ...item, value: change.value(item.value, field, item.name) },
  );
}

/** Tells whether a channel lacks a secret or a part that is not shown, such as one that was exported. */
export function lacksSecrets(channel: Channel): boolean {
  let isLacking = false;
  mapSecrets(channel, (secret) => {
    isLacking ||= typeof secret === 'object' && 'set' in secret;
    return secret;
  });
  mapHidden(channel, {
    address: (text) => {
      isLacking ||= isMaskedAddress(text);
      return text;
    },
    value: (text) => {
      isLacking ||= text === mask;
      return text;
    },
  });
  return isLacking;
}

/** Returns a channel with each of its secrets changed. @param change gets the secret and the name of its field */
export function mapSecrets(channel: Channel, change: (secret: Secret, field: string) => Secret): Channel {
  const changed = secretFieldsOf(channel.type).flatMap((field) => {
    // SAFETY: the table says that the field is a secret, or null where it is optional.
    const secret = (channel as Record<string, unknown>)[field] as Secret | null | undefined;
    return secret === null || secret === undefined ? [] : [[field, change(secret, field)] as const];
  });
  // SAFETY: secrets take the place of secrets.
  return { ...channel, ...Object.fromEntries(changed) } as Channel;
}
