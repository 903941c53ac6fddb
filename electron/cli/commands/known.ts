import { forJson, forTerminal } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import { renderTable } from '../formats/table.ts';
import { findKnownPlaces, type KnownPlace } from './known-places.ts';

export interface KnownOptions {
  known: boolean;
  add: boolean;
  data?: string;
  format: 'table' | 'json';
}

/** `notafter files --known`: lists the places in which programs keep certificates, and makes sources of them. */
export async function runKnown(
  { add, data, format }: KnownOptions,
  output: NodeJS.WriteStream,
): Promise<void> {
  const places = await findKnownPlaces();
  if (add) return addPlaces(places, data, output);
  if (format === 'json') return void output.write(`${forJson(JSON.stringify(places, null, 2))}\n`);
  output.write(
    places.length === 0
      ? 'No well-known certificate location exists on this machine.\n'
      : renderTable(
          ['SOURCE', 'PATH'],
          places.map(({ name, path }) => [name, path]),
          output,
        ),
  );
}

/** Places of one name are one source. Those that are there already are left as they are. */
async function addPlaces(
  places: readonly KnownPlace[],
  data: string | undefined,
  output: NodeJS.WriteStream,
): Promise<void> {
  const { findRemote } = await import('../api-client.ts');
  const remote = findRemote(data);
  const known = new Set((await remote.sources.list()).items.map(({ name }) => name));
  for (const [name, some] of Map.groupBy(places, (place) => place.name)) {
    if (known.has(name)) {
      output.write(`${forTerminal(name)} already exists.\n`);
      continue;
    }
    const { entries } = await remote.sources.add({ name, paths: some.map(({ path }) => path) });
    output.write(`${forTerminal(name)} watches ${count(entries, 'certificate')}.\n`);
  }
}
