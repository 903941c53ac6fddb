import { shortName } from '../../../../shared/domain/distinguished-name.ts';
import type { FindState, KeptFind } from '../../../../shared/schema/saved-search.ts';
import { isIpv6 } from '../../../../shared/schema/target.ts';
import { forJson } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { renderTable } from '../../formats/table.ts';
import { findSearch } from './run.ts';

const perPage = 5_000;

/** `discoveries finds` */
export async function listFinds(
  { remote, output }: RemoteContext,
  word: string | undefined,
  { format, state, search }: { format: string; state?: FindState; search?: string },
): Promise<void> {
  const discovery = word === undefined ? undefined : (await findSearch(remote, word)).id;
  const items: KeptFind[] = [];
  for (;;) {
    const page = await remote.discoveries.finds({
      ...(discovery === undefined ? {} : { discovery }),
      ...(state === undefined ? {} : { state }),
      ...(search === undefined ? {} : { search }),
      limit: perPage,
      offset: items.length,
    });
    items.push(...page.items);
    if (items.length >= page.total || page.items.length === 0) break;
  }
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
  if (items.length === 0) return void output.write('There are no such finds.\n');
  output.write(
    renderTable(
      ['ID', 'STATE', 'FOUND AT', 'NAME', 'EXPIRES', 'SUBJECT', 'ISSUER'],
      items.map(rowOf),
      output,
    ),
  );
}

function rowOf({ id, state, address, port, names, leaf }: KeptFind): string[] {
  return [
    String(id),
    state,
    isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`,
    names[0] ?? '',
    leaf ? leaf.validTo.slice(0, 10) : '',
    leaf ? shortName(leaf.subject) || leaf.subject : '',
    leaf ? shortName(leaf.issuer) || leaf.issuer : '',
  ];
}

/** `discoveries add-finds` */
export async function addFinds(
  { remote, output }: RemoteContext,
  ids: readonly string[],
  tags: readonly string[],
): Promise<void> {
  const { added, leftOut, missing } = await remote.discoveries.addFinds({
    ids: ids.map(readId),
    tags: [...tags],
  });
  const words = leftOut === 0 ? '' : ` ${leftOut} left out: watched already, or nothing to add.`;
  output.write(`Added ${count(added, 'job')}.${words}${missingWords(missing, ids)}\n`);
}

/** What `discoveries ignore` takes. */
export interface IgnoreOptions {
  rule?: string[];
  of?: string;
  undo: boolean;
}

/** `discoveries ignore` */
export async function ignoreFinds(
  { remote, output }: RemoteContext,
  ids: readonly string[],
  { rule, of, undo }: IgnoreOptions,
): Promise<void> {
  if (ids.length === 0 && rule === undefined) throw new UsageError('Name finds by their ids, or use --rule.');
  const discovery = of === undefined ? undefined : (await findSearch(remote, of)).id;
  const { finds, missing } = await remote.discoveries.ignoreFinds({
    ...(ids.length === 0 ? {} : { ids: ids.map(readId) }),
    ...(rule === undefined ? {} : { rule }),
    ...(discovery === undefined ? {} : { discovery }),
    ignored: !undo,
  });
  output.write(
    `${undo ? 'No longer ignored' : 'Ignored'}: ${count(finds, 'find')}.${missingWords(missing, ids)}\n`,
  );
}

/** Names how many ids no find has. @throws NoSuchJobError where that is all of them */
function missingWords(missing: number, ids: readonly string[]): string {
  if (missing === 0) return '';
  if (missing === ids.length)
    throw new NoSuchJobError(
      ids.length === 1 ? `No find has the id ${ids[0]}.` : 'No find has one of these ids.',
    );
  return missing === 1 ? ' No find has 1 of the ids.' : ` No find has ${missing} of the ids.`;
}

/** What `discoveries forget` takes. */
export interface ForgetOptions {
  of?: string;
  state?: FindState;
  /** In days. */
  notSeenFor?: number;
}

/** `discoveries forget` */
export async function forgetFinds(
  { remote, output }: RemoteContext,
  ids: readonly string[],
  { of, state, notSeenFor }: ForgetOptions,
): Promise<void> {
  if (ids.length === 0 && state === undefined && notSeenFor === undefined)
    throw new UsageError('Name finds by their ids, or use --state or --not-seen-for.');
  const discovery = of === undefined ? undefined : (await findSearch(remote, of)).id;
  const { finds } = await remote.discoveries.forgetFinds({
    ...(ids.length === 0 ? {} : { ids: ids.map(readId) }),
    ...(discovery === undefined ? {} : { discovery }),
    ...(state === undefined ? {} : { state }),
    ...(notSeenFor === undefined
      ? {}
      : { lastSeenBefore: new Date(Date.now() - notSeenFor * 86_400_000).toISOString() }),
  });
  output.write(`Forgot ${count(finds, 'find')}.\n`);
}

function readId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`“${text.slice(0, 40)}” is not the id of a find.`);
  return Number(text);
}
