import { setTimeout } from 'node:timers/promises';
import type { Job } from '../../../shared/schema/job.ts';
import type { Source, StoredEntry } from '../../../shared/schema/source.ts';
import type { FileEntry } from '../probe/files/entries.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import { currentOf, type FoundEntry, matchEntries } from './identity.ts';
import type { Readable, SourceReaders } from './readers.ts';

/** Waits before a missing file is read again, since it may be in the middle of a replacement, in milliseconds. */
const usualPauses = [200, 1_000, 3_000];
/** Files of which the last reading is shared by the checks of their entries. */
const maxShared = 4;

export interface EntryReaderOptions {
  sources: { source(id: string): Source | undefined };
  readers: SourceReaders;
  pauses?: readonly number[];
}

/** Reads the certificate of a job that a source keeps: the one that its entry is now, whatever it was. */
export class EntryReader {
  readonly #options: EntryReaderOptions;
  readonly #shared = new Map<string, { stamp: string; reading: Promise<FoundEntry[]> }>();

  constructor(options: EntryReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads the entry of a job.
   * @throws UnreachableError `file` where it cannot be read, or is not there; the signal's reason where it aborts
   */
  async read({ id, origin }: Pick<Job, 'id' | 'origin'>, signal: AbortSignal): Promise<FileEntry[]> {
    const source = origin ? this.#options.sources.source(origin.sourceId) : undefined;
    const entry = source?.entries.find((one) => one.id === id);
    if (!source || !entry)
      throw new UnreachableError('file', 'The source that kept this job is gone.', {
        remedy: 'Delete the job.',
      });
    const { pauses = usualPauses } = this.#options;
    // certbot and Kubernetes take a file away for a moment before its successor is there.
    const waits = entry.vanishedAt === null ? pauses : [];
    for (const pause of waits) {
      const found = await this.#attempt(source, entry, signal);
      if (!(found instanceof UnreachableError)) return found;
      await setTimeout(pause, undefined, { signal });
    }
    const found = await this.#attempt(source, entry, signal);
    if (found instanceof UnreachableError) throw found;
    return found;
  }

  async #attempt(
    source: Source,
    entry: StoredEntry,
    signal: AbortSignal,
  ): Promise<FileEntry[] | UnreachableError> {
    let all: FoundEntry[];
    try {
      all = await this.#load(source, entry.file, signal);
    } catch (error) {
      if (error instanceof UnreachableError) return error;
      throw error;
    }
    const known = source.entries.filter(
      ({ container, file }) => container === entry.container && file === entry.file,
    );
    const { kept } = matchEntries(known, currentOf(all));
    const found = kept.find((one) => one.known.id === entry.id)?.current.found;
    if (!found) return new UnreachableError('file', `${entry.file} no longer holds this certificate.`);
    const { label, alias, role, hasKey, chain } = found;
    return [{ label, alias, role, hasKey, chain }];
  }

  /** Entries of one file that are checked together read it once. */
  async #load(source: Readable & { id: string }, file: string, signal: AbortSignal): Promise<FoundEntry[]> {
    const reader = this.#options.readers[source.kind];
    const key = `${source.id} ${file}`;
    const stamp = await reader.stampOf(file);
    const known = this.#shared.get(key);
    // A reading that failed, or that ended with its check, is of no use to another.
    if (known && stamp !== null && known.stamp === stamp)
      return known.reading.catch(() => reader.read(source, file, signal));
    const reading = reader.read(source, file, signal);
    if (stamp === null) return reading;
    this.#shared.delete(key);
    this.#shared.set(key, { stamp, reading });
    reading.catch(() => this.#shared.delete(key));
    const [oldest] = this.#shared.keys();
    if (this.#shared.size > maxShared && oldest !== undefined) this.#shared.delete(oldest);
    return reading;
  }
}
