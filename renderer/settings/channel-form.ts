import { type Channel, commonFieldNames, fieldsOf } from '../../shared/schema/channels/channel.ts';
import type { ChannelField } from '../../shared/schema/channels/fields.ts';
import { type ChannelType, channelTypes } from '../../shared/schema/channels/types.ts';

/** A channel as it is typed: every field as a text. */
export type ChannelDraft = Record<string, string>;

/** Stands in a draft for a secret that is kept. */
export const keptSecret = '\u0000kept';

/** Returns what the form of a channel begins with. @param values fields of a new one, such as a pasted address */
export function draftOf(type: ChannelType, values: Readonly<Record<string, unknown>>): ChannelDraft {
  const own = Object.entries(fieldsOf(type)).map(([name, field]) => [
    name,
    textOf(values[name] ?? defaultOf(field)),
  ]);
  return {
    name: textOf(values['name'] ?? channelTypes[type].title.toLowerCase().replaceAll(' ', '-')),
    severity: textOf(values['severity'] ?? 'info'),
    tags: textOf(values['tags'] ?? []),
    notTags: textOf(values['notTags'] ?? []),
    // SAFETY: each entry is a name and a text.
    ...(Object.fromEntries(own) as ChannelDraft),
  };
}

function defaultOf({ schema }: ChannelField): unknown {
  const parsed = schema.safeParse(undefined);
  return parsed.success ? parsed.data : '';
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(lineOf).join('\n');
  if (typeof value === 'object') return 'file' in value ? `file:${String(value.file)}` : keptSecret;
  return String(value);
}

function lineOf(item: unknown): string {
  const isPair = typeof item === 'object' && item !== null && 'name' in item && 'value' in item;
  return isPair ? `${String(item.name)}: ${String(item.value)}` : String(item);
}

/**
 * Returns the channel that a draft describes, for the engine to read. What the form does not ask for stays as it was.
 * @param before the channel that is edited; null: a new one
 */
export function channelOf(type: ChannelType, draft: ChannelDraft, before: Channel | null): Channel {
  const own = Object.entries(fieldsOf(type)).map(([name, field]) => [
    name,
    fieldValue(field, draft[name] ?? ''),
  ]);
  const kept = Object.entries(before ?? {}).filter(([name]) => commonFieldNames.includes(name));
  // SAFETY: the engine's schema reads it, and answers with an error at the field.
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(own.filter(([, value]) => value !== undefined)),
    type,
    name: (draft['name'] ?? '').trim(),
    severity: draft['severity'],
    tags: linesOf(draft['tags'] ?? ''),
    notTags: linesOf(draft['notTags'] ?? ''),
  } as Channel;
}

function fieldValue({ input }: ChannelField, text: string): unknown {
  switch (input) {
    case 'list':
      return linesOf(text);
    case 'lines':
      return text.split('\n').filter((line) => line.trim() !== '');
    case 'pairs':
      return linesOf(text).map((line) => {
        const [name = '', ...value] = line.split(':');
        return { name: name.trim(), value: value.join(':').trim() };
      });
    case 'number':
      return text.trim() === '' ? undefined : Number(text);
    case 'secret':
      if (text === keptSecret) return { set: true };
      return text.startsWith('file:') ? { file: text.slice('file:'.length) } : text || undefined;
    default:
      return text.trim() === '' ? undefined : text;
  }
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
