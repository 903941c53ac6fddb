import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { jobDefaults, type NewJob, type Origin } from '../../../shared/schema/job.ts';
import type { Source, StoredEntry } from '../../../shared/schema/source.ts';
import type { FileTarget } from '../../../shared/schema/target.ts';

/** A job that a source keeps, as it is added: its id is that of its entry. */
export type KeptJob = NewJob & { id: string; origin: NonNullable<Origin> };

const maxEntryWords = 200;

/**
 * Returns the targets of a source's entries by their ids: the file, and which certificate of it where it holds several or names
 * it.
 */
export function targetsOf({ entries }: Pick<Source, 'entries'>): Map<string, FileTarget> {
  const inFile = Map.groupBy(entries, ({ file }) => file);
  return new Map(
    entries.map(({ id, file, label, subject, passphraseFile }) => {
      const isAlone = inFile.get(file)?.length === 1;
      const words = label ?? (isAlone ? '' : shortName(subject) || subject);
      const named = words === '' ? {} : { entry: words.slice(0, maxEntryWords) };
      return [id, { file, ...named, passphraseFile }];
    }),
  );
}

/** Returns the jobs of some entries of a source. */
export function keptJobs(source: Source, entries: readonly StoredEntry[]): KeptJob[] {
  const targets = targetsOf(source);
  return entries.flatMap(({ id }) => {
    const target = targets.get(id);
    const origin = { sourceId: source.id };
    return target ? [{ ...jobDefaults, id, origin, target, tags: [...source.tags] }] : [];
  });
}
