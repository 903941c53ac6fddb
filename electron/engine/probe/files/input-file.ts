import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { filePathProblem } from '../../../../shared/domain/file-path.ts';
import { readFault } from '../../file-fault.ts';
import { isHeldDatabase } from '../../held-databases.ts';
import { rejectOnAbort } from '../../reject-on-abort.ts';
import { liesOutside } from './file-roots.ts';

/** Nothing that is read here is larger: certificates, keys, passphrases. */
const maxBytes = 10 * 1024 * 1024;
const pieceBytes = 64 * 1024;

/** A pipe or a device never holds the opening up, and a terminal does not become ours. Windows knows neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** A file that the user named cannot be used, with the sentence that says so and the field that names it. */
export class InputFileError extends Error {
  override name = 'InputFileError';
  readonly path: string;
  readonly field: string;
  constructor(field: string, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.field = field;
    this.path = path;
  }
}

/** A file named in a job or a setting: the noun that its errors begin with (`The CA file`), and the field that names it. */
interface NamedFile {
  what: string;
  field: string;
  path: string;
}

/**
 * Reads a regular file of this computer, up to 10 MiB, without blocking anything else. Paths of the network and of devices are not opened;
 * directories, pipes, sockets and devices are not read, and a file that grows is read to the bound.
 * @throws InputFileError; the signal's reason where it aborts, also while the disk does not answer
 */
export async function loadInputFile(
  what: string,
  field: string,
  path: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const file: NamedFile = { what, field, path };
  refusePath(file);
  signal.throwIfAborted();
  using aborted = rejectOnAbort(signal);
  try {
    return await Promise.race([load(file, signal), aborted.promise]);
  } catch (error) {
    signal.throwIfAborted();
    throw asInputFileError(file, error);
  }
}

async function load(file: NamedFile, signal: AbortSignal): Promise<Buffer> {
  if (await liesOutside(file.path)) throw outside(file);
  const stats = await stat(file.path);
  requireRegular(file, stats);
  if (await isHeldDatabase(stats)) throw held(file);
  signal.throwIfAborted();
  await using handle: FileHandle = await open(file.path, openFlags);
  requireRegular(file, await handle.stat());
  const pieces = new Pieces(file);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, null);
    if (bytesRead === 0) return pieces.whole();
    pieces.add(buffer.subarray(0, bytesRead));
  }
}

/**
 * Returns when a file was changed last, in milliseconds since the epoch; 0 where there is none, or it is not opened by its path.
 * @throws the signal's reason where it aborts
 */
export async function loadModifiedMs(path: string, signal: AbortSignal): Promise<number> {
  if (filePathProblem(path) !== null) return 0;
  signal.throwIfAborted();
  using aborted = rejectOnAbort(signal);
  const asking = liesOutside(path).then((isOutside) => (isOutside ? 0 : timeOf(path)));
  return await Promise.race([asking, aborted.promise]);
}

function timeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0, // It is not there, or not ours to see: who reads it says so.
  );
}

/** Refuses a path that may not be read (`serve --files-root`), before anything is known of it. @throws InputFileError */
export async function refuseOutside(what: string, field: string, path: string): Promise<void> {
  if (await liesOutside(path)) throw outside({ what, field, path });
}

/** Loads the first line of a passphrase file. @throws as `loadInputFile` */
export async function loadPassphrase(field: string, path: string, signal: AbortSignal): Promise<string> {
  return firstLine(await loadInputFile('The passphrase file', field, path, signal));
}

function firstLine(content: Buffer): string {
  return content.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

/** What was read of a file so far, within the bound. */
class Pieces {
  readonly #file: NamedFile;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor(file: NamedFile) {
    this.#file = file;
  }

  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > maxBytes) throw tooLarge(this.#file);
    this.#pieces.push(piece);
  }

  whole(): Buffer {
    return Buffer.concat(this.#pieces, this.#length);
  }
}

function refusePath({ what, field, path }: NamedFile): void {
  const problem = filePathProblem(path);
  if (problem !== null) throw new InputFileError(field, path, `${what} cannot be read. ${problem}`);
}

function requireRegular(file: NamedFile, stats: Stats): void {
  if (!stats.isFile()) {
    const what = stats.isDirectory() ? 'a folder' : 'not a regular file';
    throw new InputFileError(file.field, file.path, `${file.what} ${file.path} is ${what}.`);
  }
  if (stats.size > maxBytes) throw tooLarge(file);
}

function outside({ what, field, path }: NamedFile): InputFileError {
  return new InputFileError(
    field,
    path,
    `${what} ${path} lies outside of the folders that this service reads (--files-root).`,
  );
}

function held({ what, field, path }: NamedFile): InputFileError {
  return new InputFileError(field, path, `${what} ${path} is a database that NotAfter has open.`);
}

function tooLarge({ what, field, path }: NamedFile): InputFileError {
  return new InputFileError(field, path, `${what} ${path} is too large.`);
}

function asInputFileError({ what, field, path }: NamedFile, error: unknown): InputFileError {
  if (error instanceof InputFileError) return error;
  return new InputFileError(field, path, readFault(`${what} ${path}`, error), { cause: error });
}
