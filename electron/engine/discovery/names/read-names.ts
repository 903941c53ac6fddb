import { dirname } from 'node:path';
import { type NameFormat, nameFormats } from '../../../../shared/domain/discovery/name-formats.ts';
import { readText } from '../../probe/files/forms/text.ts';
import { loadInputFile } from '../../probe/files/input-file.ts';
import { runInWorker, WorkerMemoryError } from '../../worker.ts';
import type { NamesRead } from './name-source.ts';

/** A source of names as written by the user. */
export interface NameSource {
  /** `auto`: told by the content. */
  format: NameFormat | 'auto';
  /** Its path; for a text that is given, what it is called in notes. */
  file: string;
  /** What was read elsewhere, such as standard input; left out: the file is read. */
  text?: string;
  /** Below which includes are opened; null: none are. Left out: the file's own folder, and none for a text that is given. */
  folder?: string | null;
}

/** What the thread is to do. */
export interface NamesTask {
  format: NameFormat;
  file: string;
  text: string;
  folder: string | null;
}

/** A text that names cannot be read from, with the sentence that says why. */
export class NameSourceError extends Error {
  override name = 'NameSourceError';
}

/** Characters of a text that is given: as many as a file may have bytes. */
const maxCharacters = 10 * 1024 * 1024;
/** What the largest texts need, and no more. */
const maxMegabytes = 512;
const maxMs = 60_000;

/**
 * Reads the names that a configuration contains, in a worker thread: the file decides how long it takes. Nothing of it is executed or
 * connected to, and only files below the folder are opened.
 * @throws NameSourceError where the text is of no kind that is known, or too large; InputFileError where the file cannot be read; the
 * signal's reason where it aborts
 */
export async function readNames(source: NameSource, signal: AbortSignal): Promise<NamesRead> {
  const { file, folder = source.text === undefined ? dirname(file) : null } = source;
  const text = source.text ?? readText(await loadInputFile('The file', 'file', file, signal));
  if (text === null) throw new NameSourceError(`${file} is not a text file.`);
  if (text.length > maxCharacters) throw new NameSourceError(`${file} is too large: 10 MiB at most.`);
  const { nameFormatOf, nameReaders } = await import('./readers.ts');
  const format = source.format === 'auto' ? nameFormatOf(text) : source.format;
  if (format === null) {
    const known = nameFormats.map((one) => nameReaders[one].title).join(', ');
    throw new NameSourceError(`${file} is not in a format that names can be read from: ${known}.`);
  }
  const task: NamesTask = { format, file, text, folder };
  const deadline = AbortSignal.timeout(maxMs);
  const ending = AbortSignal.any([signal, deadline]);
  const options = { beside: import.meta.url, name: 'names-worker', task, maxMegabytes, signal: ending };
  try {
    return await runInWorker(options, (read: NamesRead) => read);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted)
      throw new NameSourceError(`${file} takes more than ${maxMs / 1_000} seconds to read.`, {
        cause: error,
      });
    if (!(error instanceof WorkerMemoryError)) throw error;
    throw new NameSourceError(`${file} takes too much memory to read.`, { cause: error });
  }
}
