import { derKind } from './forms/identify.ts';
import { keystoreForm } from './forms/keystore.ts';
import { type Container, readContainer } from './read-container.ts';
import { readContainerInWorker } from './read-in-worker.ts';

/** Texts up to here are parsed at once: a thread costs more. */
const maxAtOnce = 32 * 1024;
/** PEM is no text to parse: this is a system's whole bundle of CAs. */
const maxPemAtOnce = 256 * 1024;

/**
 * Reads what bytes are and the certificates in them, in a worker thread where that may take long.
 * @param passphrase for PKCS#12; null: none was given
 * @throws FormError as `readContainer`; the signal's reason where it aborts
 */
export async function readContent(
  content: Buffer,
  passphrase: string | null,
  signal: AbortSignal,
): Promise<Container> {
  return isQuick(content)
    ? readContainer(content, passphrase)
    : readContainerInWorker({ content, passphrase }, signal);
}

/** Whether reading takes a time that grows with the file's size alone, and hardly. */
export function isQuick(content: Buffer): boolean {
  if (content[0] === 0x30) return content.length <= maxAtOnce && derKind(content) !== 'pkcs12';
  if (keystoreForm(content) !== null) return true;
  if (content.length <= maxAtOnce) return true;
  const begins = content.subarray(0, maxAtOnce).toString('latin1').trimStart().startsWith('-----BEGIN ');
  return begins && content.length <= maxPemAtOnce;
}
