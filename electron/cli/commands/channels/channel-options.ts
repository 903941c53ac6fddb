import { type Command, Help, Option } from 'commander';
import { alertKindNames } from '../../../../shared/domain/alerts/kinds.ts';
import { fieldsOf } from '../../../../shared/schema/channels/channel.ts';
import type { ChannelField } from '../../../../shared/schema/channels/fields.ts';
import {
  type ChannelType,
  channelTypeNames,
  channelTypes,
} from '../../../../shared/schema/channels/types.ts';
import { UsageError } from '../../exit-status.ts';
import { FieldsError, kebab } from '../../field-options.ts';
import { collect } from '../../options.ts';
import { fromCaller } from '../../paths.ts';
import { readTextFile } from '../../text-files.ts';

/** What the options of `channels add` and `edit` hold, by their names in camel case. */
export type ChannelOptions = Readonly<Record<string, string | string[] | boolean | undefined>>;

/** A secret is never an argument, which every user of a machine can read (`ps`): its option names a file. */
const optionName = (name: string, { input }: ChannelField) => (input === 'secret' ? `${name}File` : name);
const isRepeated = ({ input }: ChannelField) => ['list', 'lines', 'pairs'].includes(input);

/** Adds an option for each field that some type of channel has, and for what all have. The help lists those of the type that is named. */
export function withChannelOptions(command: Command): Command {
  const seen = new Set<string>();
  for (const type of channelTypeNames)
    for (const [name, field] of Object.entries(fieldsOf(type))) {
      const option = optionName(name, field);
      if (seen.has(option)) continue;
      seen.add(option);
      command.addOption(optionOf(name, field));
    }
  return command
    .configureHelp({ formatHelp: (one, help) => formatHelp(one, help, seen) })
    .addOption(
      new Option('--severity <SEVERITY>', 'minimum severity of alerts to send (default: info)').choices([
        'info',
        'warning',
        'critical',
      ]),
    )
    .option('--tag <TAG>', 'only alerts of hosts with this tag; may be repeated', collect)
    .option('--not-tag <TAG>', 'no alerts of hosts with this tag; may be repeated', collect)
    .addOption(
      new Option('--kind <KIND>', 'only alerts of this kind; may be repeated (default: all)')
        .choices(alertKindNames)
        .argParser(collectKind),
    )
    .option('--digest <WHEN>', 'now, hourly, or a time and zone such as 08:00@Europe/Berlin (default: now)')
    .option('--ca <FILE>', 'PEM file with certificates to trust for this channel')
    .option('--reach-by <PROXY>', 'jobs, none, or the address of a proxy (default: none)')
    .option('--each', 'send one message per alert, immediately')
    .option('--disabled', 'keep the channel, but send nothing to it');
}

function collectKind(kind: string, before: string[] | undefined): string[] {
  if (!alertKindNames.some((known) => known === kind))
    throw new UsageError(`--kind is one of ${alertKindNames.join(', ')}.`);
  return [...(before ?? []), kind];
}

function optionOf(name: string, field: ChannelField): Option {
  const option = optionName(name, field);
  const help = field.help.replace(/\.$/, '');
  // An acronym keeps its capitals.
  const begun = /^[A-Z][a-z ]/.test(help) ? `${help.charAt(0).toLowerCase()}${help.slice(1)}` : help;
  const isSecret = field.input === 'secret';
  const words = isSecret ? `file that contains it, or - for standard input: ${begun}` : begun;
  const made = new Option(`--${kebab(option)} <${isSecret ? 'FILE' : 'VALUE'}>`, words);
  return isRepeated(field) ? made.argParser(collect) : made;
}

/** What the help says of a field beside its meaning: whether it can be left out, and what it takes. */
function bounds({ schema, choices, input }: ChannelField): string {
  const unset = schema.safeParse(undefined);
  const isEmpty = unset.data === null || (Array.isArray(unset.data) && unset.data.length === 0);
  const notes = [
    ...(input === 'list' || input === 'pairs' ? ['may be repeated'] : []),
    ...(choices ? [`choices: ${choices.join(', ')}`] : []),
    ...(unset.success ? [] : ['required']),
    ...(unset.success && !isEmpty ? [`default: ${unset.data}`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

/** Writes the help with the options of the type that `--type` names, in that type's words; without one, with those of every type. */
function formatHelp(command: Command, help: Help, typed: ReadonlySet<string>): string {
  const type = channelTypeNames.find((name) => name === command.opts()['type']);
  const own = Object.entries(type ? fieldsOf(type) : {}).map(([name, field]) => {
    const option = optionOf(name, field);
    option.description += bounds(field);
    return option;
  });
  const visibleOptions = (one: Command) => [
    ...own,
    ...help.visibleOptions(one).filter((option) => !typed.has(option.attributeName())),
  ];
  // SAFETY: a copy with the prototype of a help is a help.
  const narrowed = Object.assign(Object.create(help), { visibleOptions }) as Help;
  const text = Help.prototype.formatHelp.call(narrowed, command, narrowed);
  return type ? text : `${text}\n${typeList}`;
}

const typeList = `Types, each with options of its type (notafter channels add --type TYPE --help):
${channelTypeNames.map((name) => `  ${name.padEnd(13)} ${channelTypes[name].about}`).join('\n')}
`;

/** Names fields of a type by its options: that of a secret is a file. */
export function byOption(type: ChannelType, refused: FieldsError): FieldsError {
  const fields = fieldsOf(type);
  const named = refused.issues.map(({ path = [], message }) => ({
    path: path.map((part) => {
      const field = typeof part === 'string' ? fields[part] : undefined;
      return field && typeof part === 'string' ? optionName(part, field) : part;
    }),
    message,
  }));
  return new FieldsError(named, { cause: refused });
}

/**
 * Returns the fields of a channel that options give.
 * @throws UsageError for an option that the type does not have, or a file that cannot be read
 */
export function readChannelOptions(type: ChannelType, options: ChannelOptions): Record<string, unknown> {
  const fields = fieldsOf(type);
  const known = new Set(Object.entries(fields).map(([name, field]) => optionName(name, field)));
  const foreign = channelTypeNames
    .flatMap((other) => Object.entries(fieldsOf(other)))
    .map(([name, field]) => optionName(name, field))
    .find((option) => options[option] !== undefined && !known.has(option));
  if (foreign !== undefined)
    throw new UsageError(
      known.has(`${foreign}File`)
        ? `${channelTypes[type].title} reads --${kebab(foreign)} from a file, because it is a secret: --${kebab(foreign)}-file FILE, or - for standard input.`
        : `${channelTypes[type].title} has no --${kebab(foreign)}. See notafter channels add --type ${type} --help.`,
    );
  const own = Object.entries(fields).flatMap(([name, field]) => {
    const given = options[optionName(name, field)];
    return given === undefined ? [] : [[name, readField(field, given)]];
  });
  return { ...Object.fromEntries(own), ...readCommon(options) };
}

function readField({ input }: ChannelField, given: string | string[] | boolean): unknown {
  if (input === 'pairs')
    return [given].flat().map((line) => {
      const [name = '', ...value] = String(line).split(/[:=]/);
      return { name: name.trim(), value: value.join(':').trim() };
    });
  if (input === 'number') return Number(given);
  return input === 'secret' ? readSecret(String(given)) : given;
}

/** The first line of a file, or of standard input. */
function readSecret(path: string): string {
  return readTextFile(path).text.split(/\r?\n/, 1)[0] ?? '';
}

function readCommon(options: ChannelOptions): Record<string, unknown> {
  const { severity, tag, notTag, kind, digest, ca, reachBy, each, disabled } = options;
  const given = {
    severity,
    tags: tag,
    notTags: notTag,
    kinds: kind,
    digest: typeof digest === 'string' ? readDigest(digest) : undefined,
    caFile: typeof ca === 'string' ? fromCaller(ca) : undefined,
    proxy: reachBy,
    grouped: each === true ? false : undefined,
    enabled: disabled === true ? false : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function readDigest(text: string): unknown {
  const [at, timezone] = text.split('@');
  return timezone === undefined ? text : { at, timezone };
}
