import { readPorts } from '../../../../shared/domain/discovery/ports.ts';
import type { NewSavedSearch } from '../../../../shared/schema/saved-search.ts';
import { wireName } from '../../../../shared/schema/target.ts';
import { InputFileError } from '../../probe/files/input-file.ts';
import { namedHosts } from '../names/named-hosts.ts';
import { NameSourceError, readNames } from '../names/read-names.ts';
import { type PlannedSearch, planSearch } from '../plan-search.ts';
import type { NamedHost } from '../search-text.ts';

/** What a saved search is planned with. */
export interface PlanParts {
  /** Returns the names in the certificates of watched hosts. @throws the signal's reason where it aborts */
  watchedNames: (signal: AbortSignal) => Promise<readonly string[]>;
  mayScanPublic: boolean;
}

type Fields = Pick<
  NewSavedSearch,
  'targets' | 'files' | 'watched' | 'names' | 'ports' | 'exclude' | 'limits'
>;

/**
 * Plans a saved search as it is now: its files are read again each time. A file that cannot be read is named in the notes, and the rest is
 * searched. Sends nothing.
 * @returns the plan, and whether a file could not be read: then the search reaches less than it should
 * @throws the signal's reason where it aborts
 */
export async function planSavedSearch(
  search: Fields,
  { watchedNames, mayScanPublic }: PlanParts,
  signal: AbortSignal,
): Promise<{ planned: PlannedSearch; notes: string[]; isPartial: boolean }> {
  const ports = readPorts(search.ports);
  const files = await Promise.all(search.files.map((file) => readFile(file, signal)));
  const watched = search.watched ? (await watchedNames(signal)).map(watchedHost) : [];
  const names = search.names.map((name) => wireName(name.toLowerCase()) ?? name);
  const planned = await planSearch({
    places: search.targets,
    ports: ports.ok ? ports.ports : [],
    printers: ports.ok ? ports.printers : [],
    exclude: search.exclude,
    names,
    hosts: [...files.flatMap(({ hosts }) => hosts), ...watched],
    limits: search.limits,
    mayScanPublic,
    isUnattended: true,
  });
  return {
    planned,
    notes: files.flatMap(({ notes }) => notes),
    isPartial: files.some(({ isRead }) => !isRead),
  };
}

const watchedHost = (host: string): NamedHost => ({ host, port: null, address: null });

async function readFile(
  { format, path }: NewSavedSearch['files'][number],
  signal: AbortSignal,
): Promise<{ hosts: NamedHost[]; notes: string[]; isRead: boolean }> {
  try {
    const read = await readNames({ format, file: path }, signal);
    return { hosts: namedHosts(read), notes: read.notes, isRead: true };
  } catch (error) {
    if (!(error instanceof NameSourceError || error instanceof InputFileError)) throw error;
    return { hosts: [], notes: [error.message], isRead: false };
  }
}
