import { InputFileError, loadModifiedMs, modifiedMs } from '../probe/files/input-file.ts';
import { type CaFile, loadCaFile, readCaFile } from './ca-file.ts';

/** A CA file that was replaced is noticed within this time. */
const modifiedHoldsMs = 1_000;
/** What was loaded for a check holds until its end: nothing is asked of the disk meanwhile, which may not answer. */
const loadedHoldsMs = 120_000;
const maxFiles = 200;

interface Known {
  modified: number;
  /** By `performance.now()`. */
  at: number;
  file: CaFile | InputFileError;
}

/** CA files as they were read last, each read again once it has changed. */
export class CaFiles {
  readonly #known = new Map<string, Known>();

  /**
   * Reads files ahead, without holding anything else up: what `get` and `modifiedMs` are asked next is known. A file that cannot be
   * used is reported by `get`.
   * @throws the signal's reason where it aborts
   */
  async load(paths: readonly string[], signal: AbortSignal): Promise<void> {
    for (const path of new Set(paths)) {
      const known = this.#known.get(path);
      if (known && performance.now() - known.at < modifiedHoldsMs) continue;
      const modified = await loadModifiedMs(path, signal);
      if (known?.modified === modified) known.at = performance.now();
      else this.#keep(path, modified, await outcomeOf(() => loadCaFile(path, signal)));
    }
  }

  /** Returns when a file was changed last, in milliseconds since the epoch. */
  modifiedMs(path: string): number {
    const known = this.#known.get(path);
    if (known && performance.now() - known.at < loadedHoldsMs) return known.modified;
    return modifiedMs(path);
  }

  /** @throws InputFileError where the file cannot be read, or no certificate in it can */
  get(path: string): CaFile {
    const modified = this.modifiedMs(path);
    const known = this.#known.get(path);
    const file = known?.modified === modified ? known.file : this.#read(path, modified);
    if (file instanceof InputFileError) throw file;
    return file;
  }

  #read(path: string, modified: number): CaFile {
    const file = readCaFile(path);
    this.#keep(path, modified, file);
    return file;
  }

  #keep(path: string, modified: number, file: CaFile | InputFileError): void {
    if (this.#known.size >= maxFiles) this.#known.clear();
    this.#known.set(path, { modified, at: performance.now(), file });
  }
}

async function outcomeOf(load: () => Promise<CaFile>): Promise<CaFile | InputFileError> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof InputFileError) return error;
    throw error;
  }
}
