import type { FileTarget } from '../../../../shared/schema/target.ts';
import { UnreachableError } from '../unreachable.ts';
import { entriesOf, type FileEntry } from './entries.ts';
import { FormError } from './forms/held.ts';
import { derKind } from './forms/identify.ts';
import { keystoreForm } from './forms/keystore.ts';
import { InputFileError, loadInputFile, loadPassphrase } from './input-file.ts';
import { type Container, readContainer } from './read-container.ts';
import { readInWorker } from './read-in-worker.ts';

/** Texts up to here are parsed at once: a thread costs more. */
const maxAtOnce = 32 * 1024;

/**
 * Reads what is to be judged of a certificate file, whatever its form.
 * @throws UnreachableError `file` where there is no certificate to be had; the signal's reason where it aborts
 */
export async function readCertificateFile(target: FileTarget, signal: AbortSignal): Promise<FileEntry[]> {
  const { file } = target;
  try {
    const { held, is } = await openContainer(target, signal);
    if (held.length === 0) throw new FormError(`is ${is ?? 'a file without certificates'}.`);
    const entries = entriesOf(held);
    if (entries.length === 0) throw new FormError('holds a certificate that cannot be read: it is broken.');
    return entries;
  } catch (error) {
    if (error instanceof FormError)
      throw new UnreachableError('file', `${file} ${error.message}`, { cause: error });
    if (error instanceof InputFileError) throw new UnreachableError('file', error.message, { cause: error });
    throw error;
  }
}

/**
 * Opens a file and tells what it is.
 * @throws FormError, InputFileError; the signal's reason where it aborts
 */
export async function openContainer(
  { file, passphraseFile }: FileTarget,
  signal: AbortSignal,
): Promise<Container> {
  const content = await loadInputFile('The certificate file', 'file', file, signal);
  const passphrase =
    passphraseFile === null ? null : await loadPassphrase('passphraseFile', passphraseFile, signal);
  return isQuick(content)
    ? readContainer(content, passphrase)
    : readInWorker({ content, passphrase }, signal);
}

/** Whether reading takes a time that grows with the file's size alone, and hardly. */
function isQuick(content: Buffer): boolean {
  if (content[0] === 0x30) return content.length <= maxAtOnce && derKind(content) !== 'pkcs12';
  if (keystoreForm(content) !== null) return true;
  return (
    content.length <= maxAtOnce ||
    content.subarray(0, maxAtOnce).toString('latin1').trimStart().startsWith('-----BEGIN ')
  );
}
