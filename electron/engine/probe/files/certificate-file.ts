import type { FileTarget } from '../../../../shared/schema/target.ts';
import { UnreachableError } from '../unreachable.ts';
import { type EntryRole, entriesIn, type FileEntry, type WatchedEntry, watchedEntriesOf } from './entries.ts';
import { FormError } from './forms/held.ts';
import { InputFileError, loadInputFile, loadPassphrase } from './input-file.ts';
import { type Container, readContainer } from './read-container.ts';
import { isQuick, readContent } from './read-content.ts';
import { readEntriesInWorker, readWatchedInWorker } from './read-in-worker.ts';

/**
 * Reads what is to be judged of a certificate file, whatever its form.
 * @throws UnreachableError `file` where there is no certificate to be had; the signal's reason where it aborts
 */
export async function readCertificateFile(target: FileTarget, signal: AbortSignal): Promise<FileEntry[]> {
  try {
    const { content, passphrase } = await loadContent(target, signal);
    if (isQuick(content)) return entriesIn(readContainer(content, passphrase));
    return await readEntriesInWorker({ content, passphrase }, signal);
  } catch (error) {
    throw asUnreachable(target, error);
  }
}

/**
 * Reads the certificates of a file that have one of the roles: none where it holds none of them, or is no certificate file.
 * @throws UnreachableError `file` where it cannot be read; the signal's reason where it aborts
 */
export async function readWatchedFile(
  target: FileTarget,
  roles: readonly EntryRole[],
  signal: AbortSignal,
): Promise<WatchedEntry[]> {
  try {
    const { content, passphrase } = await loadContent(target, signal);
    if (isQuick(content)) return watchedEntriesOf(readContainer(content, passphrase).held, roles);
    return await readWatchedInWorker({ content, passphrase }, roles, signal);
  } catch (error) {
    throw asUnreachable(target, error);
  }
}

/** What a file cannot be read for, as a result tells it; every other error as it is. */
function asUnreachable({ file }: FileTarget, error: unknown): unknown {
  if (error instanceof FormError)
    return new UnreachableError('file', `${file} ${error.message}`, { cause: error });
  if (error instanceof InputFileError) return new UnreachableError('file', error.message, { cause: error });
  return error;
}

/**
 * Opens a file and tells what it is.
 * @throws FormError, InputFileError; the signal's reason where it aborts
 */
export async function openContainer(target: FileTarget, signal: AbortSignal): Promise<Container> {
  const { content, passphrase } = await loadContent(target, signal);
  return readContent(content, passphrase, signal);
}

async function loadContent({ file, passphraseFile }: FileTarget, signal: AbortSignal) {
  const content = await loadInputFile('The certificate file', 'file', file, signal);
  const passphrase =
    passphraseFile === null ? null : await loadPassphrase('passphraseFile', passphraseFile, signal);
  return { content, passphrase };
}
