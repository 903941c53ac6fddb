import { randomBytes } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { InputFileError, refuseOutside } from '../probe/files/input-file.ts';

/** A report as it is written to a folder. */
export interface ReportFile {
  folder: string;
  /** Name of the scheduled report. */
  name: string;
  /** Extension without its dot. */
  extension: string;
  /** The day in its name, as 2026-11-30. */
  day: string;
  content: string | Uint8Array;
}

/**
 * Writes a report to a folder, under its name and day. A file of the same day is replaced, as a whole.
 * @returns the path of the file
 * @throws InputFileError with a sentence where it cannot be written
 */
export async function writeReportFile({
  folder,
  name,
  extension,
  day,
  content,
}: ReportFile): Promise<string> {
  await refuseFolder(folder);
  const words = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-|-$/g, '') || 'report';
  const path = join(folder, `certificates-${words}-${day}.${extension}`);
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
