import { InputFileError, loadModifiedMs } from '../probe/files/input-file.ts';
import { type CaFile, loadCaFile } from './ca-file.ts';

/** A CA file that was replaced is noticed within this time. */
const modifiedHoldsMs = 1_000;
/** So many are kept, those that were asked for last: more than all jobs of an installation name. */
const maxFiles = 1_000;

interface Known {
  modified: number;
  /** By `performance.now()`. */
  at: number;
  file: CaFile | InputFileError;
}

/** CA files as they were loaded last, each loaded again once it has changed. Only `load` asks the disk, which may not answer. */
export class CaFiles {
  readonly #known = new Map<string, Known>();
  #version = 0;

  /** Another one whenever a file was loaded that is not as it was. */
  get version(): number {
    return this.#version;
  }

  /** Whether there is nothing that `load` would ask the disk for. */
  isCurrent(paths: readonly string[]): boolean {
    return paths.every((path) => isFresh(this.#known.get(path)));
  }

  /**
   * Loads files without blocking anything else, each at the same time as the others. One that cannot be used is reported by `get`.
   * @throws the signal's reason where it aborts; files that were loaded by then are known
   */
  async load(paths: readonly string[], signal: AbortSignal): Promise<void> {
    await Promise.all([...new Set(paths)].map((path) => this.#load(path, signal)));
  }

  /** Returns when a file was changed last before it was loaded, in milliseconds since the epoch; 0 where it was not. */
  modifiedMs(path: string): number {
    return this.#known.get(path)?.modified ?? 0;
  }

  /** @throws InputFileError where the file was not loaded, cannot be read, or no certificate in it can */
  get(path: string): CaFile {
    const file = this.#known.get(path)?.file;
    if (file === undefined)
      throw new InputFileError('caFiles', path, `The CA file ${path} could not be read in time.`);
    if (file instanceof InputFileError) throw file;
    return file;
  }

  async #load(path: string, signal: AbortSignal): Promise<void> {
    const known = this.#known.get(path);
    if (isFresh(known)) return;
    const modified = await loadModifiedMs(path, signal);
    if (known?.modified === modified) return this.#keep(path, modified, known.file);
    this.#keep(path, modified, await outcomeOf(() => loadCaFile(path, signal)));
    this.#version += 1;
  }

  #keep(path: string, modified: number, file: CaFile | InputFileError): void {
    this.#known.delete(path);
    this.#known.set(path, { modified, at: performance.now(), file });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxFiles && oldest !== undefined) this.#known.delete(oldest);
  }
}

function isFresh(known: Known | undefined): boolean {
  return known !== undefined && performance.now() - known.at < modifiedHoldsMs;
}

async function outcomeOf(load: () => Promise<CaFile>): Promise<CaFile | InputFileError> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof InputFileError) return error;
    throw error;
  }
}
