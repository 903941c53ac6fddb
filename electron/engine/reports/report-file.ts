import { createHash, randomBytes } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { InputFileError, refuseOutside } from '../probe/files/input-file.ts';

/** A report as it is written to a folder. */
export interface ReportFile {
  folder: string;
  /** What the report's files are called, as `fileStem` has it. */
  stem: string;
  /** Extension without its dot. */
  extension: string;
  /** The day in its name, as 2026-11-30. */
  day: string;
  content: string | Uint8Array;
}

/**
 * Writes a report to a folder, under the report's name and day. A file of the same day is replaced, as a whole.
 * @returns the path of the file
 * @throws InputFileError with a sentence where it cannot be written
 */
export async function writeReportFile({
  folder,
  stem,
  extension,
  day,
  content,
}: ReportFile): Promise<string> {
  await refuseFolder(folder);
  const path = join(folder, `certificates-${stem}-${day}.${extension}`);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // `wx`: a link that waits under the name is not followed. The rename replaces one, and does not follow it either.
    await writeFile(draft, content, { flag: 'wx', mode: 0o640 });
    await rename(draft, path);
    return path;
  } catch (error) {
    await rm(draft, { force: true });
    throw notWritten(path, error);
  }
}

/**
 * Returns what the files of a report are called: its name, in what every file system takes. Where that is the same for another report, also
 * but for its case or its composition, which some file systems ignore, a digest of its name tells them apart.
 * @param others names of all reports
 */
export function fileStem(name: string, others: readonly string[]): string {
  const isAlike = (other: string) => other !== name && comparable(other) === comparable(name);
  if (!others.some(isAlike)) return wordsOf(name);
  return `${wordsOf(name)}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

const wordsOf = (name: string) => name.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-|-$/g, '') || 'report';
const comparable = (name: string) => wordsOf(name).normalize('NFKC').toLowerCase();

function notWritten(path: string, cause: unknown): InputFileError {
  const reason = errorCode(cause) ?? 'no reason';
  return new InputFileError('folder', path, `${path} could not be written (${reason}).`, { cause });
}

/** @throws InputFileError where a report cannot be written to a folder */
export async function refuseFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) throw new InputFileError('folder', folder, 'The folder is a full path.');
  await refuseOutside('The folder', 'folder', folder);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new InputFileError('folder', folder, `There is no folder ${folder}.`);
}
