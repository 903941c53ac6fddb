import { shortName } from '../../../../shared/domain/distinguished-name.ts';
import {
  type SourceEntry,
  type SourceInput,
  type SourceView,
  sourceInputSchema,
} from '../../../../shared/schema/source.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { FieldsError } from '../../field-options.ts';
import { renderTable } from '../../formats/table.ts';
import { fromCaller } from '../../paths.ts';

export interface SourceFields {
  name?: string;
  path?: string[];
  kind?: SourceInput['kind'];
  exclude?: string[];
  role?: NonNullable<SourceInput['roles']>;
  links?: SourceInput['links'];
  depth?: number;
  passphrase?: string[];
  forget?: number;
  tag?: string[];
  dryRun?: boolean;
}

/** What options say of a source: what is not named is left out. @throws UsageError */
function readFields({ exclude, role, links, depth, passphrase, forget, tag }: SourceFields) {
  return {
    ...(exclude === undefined ? {} : { exclude }),
    ...(role === undefined ? {} : { roles: role }),
    ...(links === undefined ? {} : { links }),
    ...(depth === undefined ? {} : { depth }),
    ...(passphrase === undefined ? {} : { passphrases: passphrase.map(readPassphrase) }),
    ...(forget === undefined ? {} : { forgetDays: forget }),
    ...(tag === undefined ? {} : { tags: tag.filter((one) => one !== '') }),
  };
}

function readPassphrase(text: string) {
  const at = text.lastIndexOf('=');
  if (at <= 0)
    throw new UsageError(`--passphrase ${text}: write it as GLOB=FILE, such as '**/*.p12=/etc/secret'.`);
  return { glob: text.slice(0, at), file: fromCaller(text.slice(at + 1)) };
}

/** Paths as the service needs them: it runs in another folder. */
function absolute(paths: readonly string[], kind: SourceInput['kind']): string[] {
  return kind === 'files' || kind === undefined
    ? paths.map((path) => (/^[~%$]/.test(path) ? path : fromCaller(path)))
    : [...paths];
}

/** `sources list` */
export async function listSources(
  { remote, output }: RemoteContext,
  { format }: { format: string },
): Promise<void> {
  const { items } = await remote.sources.list();
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (items.length === 0) return void output.write('There are no sources.\n');
  const rows = items.map(({ name, entries, files, paths, tags, warnings, id }) => [
    name,
    String(entries),
    String(files),
    paths.join(', '),
    tags.join(', '),
    warnings.join(' '),
    id,
  ]);
  output.write(renderTable(['SOURCE', 'WATCHED', 'FILES', 'PATHS', 'TAGS', 'WARNINGS', 'ID'], rows, output));
}

/** `sources add` */
export async function addSource(
  { remote, output }: RemoteContext,
  name: string,
  paths: readonly string[],
  options: SourceFields,
): Promise<void> {
  const { kind } = options;
  const parsed = sourceInputSchema.safeParse({
    name,
    ...(kind === undefined ? {} : { kind }),
    paths: absolute(paths, kind),
    ...readFields(options),
  });
  if (!parsed.success) throw new FieldsError(parsed.error.issues);
  if (!options.dryRun) {
    output.write(describe(await remote.sources.add(parsed.data)));
    return;
  }
  const { entries, total, files, warnings } = await remote.sources.plan(parsed.data);
  const rows = entries.map((one) => [
    one.file,
    one.label ?? '',
    one.role,
    shortName(one.subject) || one.subject,
    one.validTo.slice(0, 10),
  ]);
  if (rows.length > 0)
    output.write(renderTable(['FILE', 'ENTRY', 'ROLE', 'SUBJECT', 'EXPIRES'], rows, output));
  output.write(`${count(total, 'certificate')} in ${count(files, 'file')} would be watched.\n`);
  for (const warning of warnings) output.write(`${forTerminal(warning)}\n`);
}

/** `sources edit` */
export async function editSource(
  { remote, output }: RemoteContext,
  word: string,
  options: SourceFields,
): Promise<void> {
  const { id, kind } = await find(remote, word);
  const patch = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.path === undefined ? {} : { paths: absolute(options.path, kind) }),
    ...readFields(options),
  };
  if (Object.keys(patch).length === 0)
    throw new UsageError('Nothing to change. See notafter sources edit --help.');
  output.write(describe(await remote.sources.edit({ id, ...patch })));
}

/** `sources remove` */
export async function removeSource({ remote, output }: RemoteContext, word: string): Promise<void> {
  const { id, name, entries } = await find(remote, word);
  await remote.sources.remove({ id });
  output.write(`Deleted ${forTerminal(name)} and ${count(entries, 'job')}.\n`);
}

/** `sources scan`. @returns the exit status: 1 where a file cannot be read */
export async function scanSource({ remote, output }: RemoteContext, word: string): Promise<number> {
  const { id } = await find(remote, word);
  const view = await remote.sources.scan({ id });
  output.write(describe(view));
  return view.unreadable > 0 ? 1 : 0;
}

/** `sources entries` */
export async function listEntries(
  { remote, output }: RemoteContext,
  word: string,
  { format }: { format: string },
): Promise<void> {
  const { id } = await find(remote, word);
  const { items } = await remote.sources.entries({ id, limit: 10_000 });
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (items.length === 0) return void output.write('This source contains no certificates to watch.\n');
  const header = ['FILE', 'ENTRY', 'ROLE', 'SUBJECT', 'EXPIRES', 'STATE', 'ID'];
  output.write(renderTable(header, items.map(rowOf), output));
}

function rowOf({ file, label, role, hasKey, subject, validTo, state, id }: SourceEntry): string[] {
  const words = hasKey ? `${role} with key` : role;
  return [file, label ?? '', words, shortName(subject) || subject, validTo.slice(0, 10), state, id];
}

/** `sources ignore` @throws NoSuchJobError for an id that no certificate of the source has */
export async function ignoreEntries(
  { remote, output }: RemoteContext,
  word: string,
  ids: readonly string[],
  ignored: boolean,
): Promise<void> {
  const { id } = await find(remote, word);
  const { items } = await remote.sources.entries({ id, limit: 10_000 });
  const known = new Set(items.map((entry) => entry.id));
  const unknown = ids.find((one) => !known.has(one));
  if (unknown !== undefined)
    throw new NoSuchJobError(
      `${word} has no certificate with the id ${unknown}. See notafter sources entries.`,
    );
  const { entries } = await remote.sources.ignore({ id, entries: [...ids], ignored });
  output.write(`${ignored ? 'Ignored' : 'Watching'} ${count(entries, 'certificate')}.\n`);
}

function describe({ name, entries, files, warnings }: SourceView): string {
  const sentences = [
    `${name} watches ${count(entries, 'certificate')} in ${count(files, 'file')}.`,
    ...warnings,
  ];
  return sentences.map((sentence) => `${forTerminal(sentence)}\n`).join('');
}

/** A source by its name or id. @throws NoSuchJobError */
async function find(remote: RemoteContext['remote'], word: string): Promise<SourceView> {
  const { items } = await remote.sources.list();
  const source = items.find(({ id, name }) => name === word || id === word);
  if (!source) throw new NoSuchJobError(`No source matches ${word}.`);
  return source;
}
