import { randomBytes } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Source, StoredEntry } from '../../../shared/schema/source.ts';
import { errorCode } from '../error-code.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import type { FoundFiles } from './find-files.ts';
import { type Current, containerOf, currentOf, type FoundEntry, matchEntries } from './identity.ts';
import type { SourceReader } from './readers.ts';

/** Maximum number of certificates that a source watches. */
export const maxEntries = 2_000;
/** A name that a program uses while it replaces a file is gone after so long, in milliseconds. */
const settleMs = 100;
const dayMs = 86_400_000;

/** What was found of one container, and the stamp that changes with it. */
interface ContainerState {
  stamp: string;
  state: 'certificates' | 'others' | 'unreadable';
  /** Why it cannot be read; null: it can. */
  message: string | null;
}

/** What a look through a source has found, against what was known of it. */
export interface Scanned {
  entries: StoredEntry[];
  /** Entries that are new. */
  added: StoredEntry[];
  /** Ids of entries whose certificate is another, or cannot be read any more: they are to be checked. */
  changed: string[];
  /** Ids of entries that are not there any more, for now. */
  gone: string[];
  /** Ids of entries that were gone and are there again. */
  back: string[];
  /** Ids of entries that were gone for so long that they are forgotten. */
  forgotten: string[];
}

/** Looks through one source, and remembers of each file what it was, so that what has not changed is not read again. */
export class SourceScan {
  readonly #reader: SourceReader;
  readonly #containers = new Map<string, ContainerState>();
  /** Containers that held certificates and do not: their file may be in the middle of being written. */
  readonly #doubtful = new Set<string>();
  #found: FoundFiles | null = null;
  #isFull = false;
  /** Whether this look has waited for what is new already. */
  #settled = false;
  scannedAt: number | null = null;

  constructor(reader: SourceReader) {
    this.#reader = reader;
  }

  /** Has everything read again at the next look. */
  forget(): void {
    this.#found = null;
    this.#containers.clear();
    this.#doubtful.clear();
  }

  /** After so long everything is found and read again, in milliseconds. */
  get everyMs(): number {
    return this.#reader.everyMs;
  }

  get found(): FoundFiles | null {
    return this.#found;
  }

  get isCut(): boolean {
    return this.#isFull || (this.#found?.isCut ?? false);
  }

  count(state: ContainerState['state']): number {
    let count = 0;
    for (const container of this.#containers.values()) count += Number(container.state === state);
    return count;
  }

  /** Why files cannot be read, each as a sentence. */
  get messages(): string[] {
    const folders = (this.#found?.unreadable ?? []).map(
      ({ path, code }) => `${path} cannot be read (${code}).`,
    );
    return [...folders, ...[...this.#containers.values()].flatMap(({ message }) => message ?? [])];
  }

  /** Whether nothing has changed since the last look, without reading any content. */
  async isUnchanged(signal: AbortSignal): Promise<boolean> {
    return this.#found !== null && this.#doubtful.size === 0 && this.#reader.isUnchanged(this.#found, signal);
  }

  /**
   * Looks through the source: finds its files and reads those that have changed.
   * @param isElsewhere whether another source has a file already
   * @throws the signal's reason where it aborts
   */
  async scan(
    source: Source,
    now: number,
    isElsewhere: (file: string) => boolean,
    signal: AbortSignal,
  ): Promise<Scanned> {
    const found = await this.#reader.find(source, signal);
    this.#settled = false;
    const files = [...found.files].filter(([file]) => !isElsewhere(file));
    const groups = Map.groupBy(files, ([file]) => containerOf(file));
    for (const key of [...this.#containers.keys()]) if (!groups.has(key)) this.#containers.delete(key);
    const known = Map.groupBy(source.entries, ({ container }) => container);
    const changes = new Changes(source, now);
    for (const [key, members] of groups) {
      signal.throwIfAborted();
      const stamp = members.map(([file, own]) => `${file} ${own}`).join('\n');
      if (this.#containers.get(key)?.stamp === stamp) continue;
      const entries = known.get(key) ?? [];
      const names = members.map(([file]) => file);
      if (entries.length === 0 && this.#found !== null && !(await this.#hasCome(names, signal))) continue;
      await this.#read(source, { key, stamp, files: names }, entries, changes, signal);
      await setImmediate();
    }
    for (const [key, entries] of known) if (!groups.has(key) && !isHidden(key, found)) changes.lose(entries);
    this.#found = found;
    this.scannedAt = now;
    const scanned = changes.conclude();
    this.#isFull = scanned.isFull;
    return scanned;
  }

  /** Whether a file that was not there before stays: `ln -sf` makes a link under another name and moves it into its place. */
  async #hasCome(files: readonly string[], signal: AbortSignal): Promise<boolean> {
    await setTimeout(this.#settled ? 0 : settleMs, undefined, { signal });
    this.#settled = true;
    for (const file of files) if ((await this.#reader.stampOf(file)) !== null) return true;
    return false;
  }

  /** Reads the files of a container. @returns why the first cannot be read, and how many are not there any more */
  async #readFiles(source: Source, files: readonly string[], signal: AbortSignal) {
    const all: FoundEntry[] = [];
    let failure: UnreachableError | null = null;
    let gone = 0;
    for (const file of files) {
      try {
        all.push(...(await this.#reader.read(source, file, signal)));
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        if (isGone(error)) gone += 1;
        else failure ??= error;
      }
    }
    return { all, failure, gone };
  }

  async #read(
    source: Source,
    { key, stamp, files }: { key: string; stamp: string; files: readonly string[] },
    known: readonly StoredEntry[],
    changes: Changes,
    signal: AbortSignal,
  ): Promise<void> {
    const { all, failure, gone } = await this.#readFiles(source, files, signal);
    // What went between finding and reading is found, or missed, at the next look.
    if (gone === files.length && known.length === 0) return;
    const isEmpty = all.length === 0 && known.some(({ vanishedAt }) => vanishedAt === null);
    if (isEmpty && !this.#doubtful.has(key)) {
      this.#doubtful.add(key);
      this.#containers.delete(key);
      return;
    }
    this.#doubtful.delete(key);
    if (failure !== null && all.length === 0) {
      this.#containers.set(key, { stamp, state: 'unreadable', message: failure.message });
      changes.hide(known);
      return;
    }
    const state = all.length > 0 ? 'certificates' : 'others';
    this.#containers.set(key, { stamp, state, message: failure?.message ?? null });
    changes.compare(key, known, currentOf(all));
  }
}

/** Whether a file could not be read since it is not there any more. */
function isGone(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (errorCode(cause) === 'ENOENT') return true;
  return false;
}

/** Whether what is known of a container may be there all the same: its folder cannot be read. */
function isHidden(container: string, { unreadable, missing, isCut }: FoundFiles): boolean {
  const isBelow = (path: string) => {
    const folder = path.replace(/[\\/]$/, '');
    return (
      container === path || (container.startsWith(folder) && /[\\/]/.test(container[folder.length] ?? ''))
    );
  };
  return isCut || unreadable.some(({ path }) => isBelow(path)) || missing.some(isBelow);
}

/** Gathers how the entries of a source have changed. */
class Changes {
  readonly #source: Source;
  readonly #now: number;
  readonly #entries: Map<string, StoredEntry>;
  readonly #lost: StoredEntry[] = [];
  readonly #new: { container: string; current: Current }[] = [];
  readonly #changed = new Set<string>();
  readonly #back: string[] = [];

  constructor(source: Source, now: number) {
    this.#source = source;
    this.#now = now;
    this.#entries = new Map(source.entries.map((entry) => [entry.id, entry]));
  }

  /** What cannot be read keeps its place: its check says why. */
  hide(known: readonly StoredEntry[]): void {
    for (const { id } of known) this.#changed.add(id);
  }

  lose(known: readonly StoredEntry[]): void {
    this.#lost.push(...known);
  }

  compare(container: string, known: readonly StoredEntry[], current: readonly Current[]): void {
    const { kept, gone, added } = matchEntries(known, current);
    for (const { known: before, current: now } of kept) this.#keep(before, container, now);
    this.lose(gone);
    this.#new.push(...added.map((one) => ({ container, current: one })));
  }

  #keep(before: StoredEntry, container: string, current: Current): void {
    const { fingerprint256, vanishedAt } = before;
    this.#entries.set(before.id, { ...before, ...entryOf(container, current), vanishedAt: null });
    if (fingerprint256 !== current.found.fingerprint256) this.#changed.add(before.id);
    if (vanishedAt !== null) this.#back.push(before.id);
  }

  conclude(): Scanned & { isFull: boolean } {
    const { forgetDays } = this.#source;
    // A file that was renamed is the same place.
    const moved = new Set<StoredEntry>();
    const added: StoredEntry[] = [];
    let isFull = false;
    for (const { container, current } of this.#new) {
      const from = this.#lost.find(
        (one) => !moved.has(one) && one.fingerprint256 === current.found.fingerprint256,
      );
      if (from) {
        moved.add(from);
        this.#keep(from, container, current);
        continue;
      }
      if (this.#entries.size >= maxEntries) {
        isFull = true;
        continue;
      }
      const entry: StoredEntry = {
        id: randomBytes(6).toString('hex'),
        ...entryOf(container, current),
        vanishedAt: null,
        isIgnored: false,
        wasPaused: false,
      };
      this.#entries.set(entry.id, entry);
      added.push(entry);
    }
    const gone: string[] = [];
    for (const entry of this.#lost) {
      if (moved.has(entry) || entry.vanishedAt !== null) continue;
      this.#entries.set(entry.id, { ...entry, vanishedAt: new Date(this.#now).toISOString() });
      gone.push(entry.id);
    }
    const forgotten = [...this.#entries.values()]
      .filter(
        ({ vanishedAt }) => vanishedAt !== null && this.#now - Date.parse(vanishedAt) >= forgetDays * dayMs,
      )
      .map(({ id }) => id);
    for (const id of forgotten) this.#entries.delete(id);
    return {
      entries: [...this.#entries.values()],
      added,
      changed: [...this.#changed],
      gone: gone.filter((id) => !forgotten.includes(id)),
      back: this.#back,
      forgotten,
      isFull,
    };
  }
}

function entryOf(container: string, { found, supersedes }: Current) {
  const { file, label, alias, role, hasKey, subject, validTo, fingerprint256, key, names } = found;
  const { passphraseFile } = found;
  const own = { file, label, alias, role, hasKey, subject, validTo, fingerprint256, supersedes };
  return { ...own, container, key, names, passphraseFile };
}
