import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { jobDefaults, type NewJob, type Origin } from '../../../shared/schema/job.ts';
import type { Source, StoredEntry } from '../../../shared/schema/source.ts';
import type { FileTarget } from '../../../shared/schema/target.ts';

/** A job that a source keeps, as it is added: its id is that of its entry. */
export type KeptJob = NewJob & { id: string; origin: NonNullable<Origin> };

const maxEntryWords = 200;

/** Returns the target of an entry: its file, and which certificate of it where it holds several or names it. */
export function targetOf({ entries }: Pick<Source, 'entries'>, entry: StoredEntry): FileTarget {
  const { file, label, subject, passphraseFile } = entry;
  const isAlone = !entries.some((one) => one !== entry && one.id !== entry.id && one.file === file);
  const words = label ?? (isAlone ? '' : shortName(subject) || subject);
  const named = words === '' ? {} : { entry: words.slice(0, maxEntryWords) };
  return { file, ...named, passphraseFile };
}

/** Returns the job of an entry. */
export function keptJob(source: Source, entry: StoredEntry): KeptJob {
  return {
    ...jobDefaults,
    id: entry.id,
    origin: { sourceId: source.id },
    target: targetOf(source, entry),
    tags: [...source.tags],
  };
}
