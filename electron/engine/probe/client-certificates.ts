import type { Connection } from '../../../shared/schema/connection.ts';
import { ClientKeyError, openClientKey } from './client-key.ts';
import { InputFileError, loadInputFile, loadModifiedMs, loadPassphrase } from './files/input-file.ts';
import { createReadingContexts, type ReadingContexts } from './tls-contexts.ts';

type ClientCertificate = NonNullable<Connection['clientCertificate']>;

const maxContexts = 200;

const fields = {
  cert: 'connection.clientCertificate.certFile',
  key: 'connection.clientCertificate.keyFile',
  passphrase: 'connection.clientCertificate.passphraseFile',
};

interface ClientFiles {
  cert: Buffer;
  key: Buffer;
  passphrase: string | undefined;
}

/** Reading contexts that carry a client certificate, one for each, built when first needed and when its files change. */
export class ClientContexts {
  readonly #contexts = new Map<string, ReadingContexts>();

  /**
   * Reads the files of a client certificate for a check, without blocking other checks.
   * @throws InputFileError where the certificate, the key or the passphrase cannot be used; the signal's reason where it aborts
   */
  async load(certificate: ClientCertificate, signal: AbortSignal): Promise<ReadingContexts> {
    const { certFile, keyFile, passphraseFile } = certificate;
    const modified: number[] = [];
    for (const path of pathsOf(certificate)) modified.push(await loadModifiedMs(path, signal));
    const known = this.#contexts.get(keyOf(certificate, modified));
    if (known) return known;
    const files = {
      cert: await loadInputFile('The client certificate', fields.cert, certFile, signal),
      key: await loadInputFile('The client key', fields.key, keyFile, signal),
      passphrase:
        passphraseFile === null ? undefined : await loadPassphrase(fields.passphrase, passphraseFile, signal),
    };
    return await this.#build(certificate, modified, files, signal);
  }

  async #build(
    certificate: ClientCertificate,
    modified: number[],
    { cert, key, passphrase }: ClientFiles,
    signal: AbortSignal,
  ): Promise<ReadingContexts> {
    const { certFile, keyFile } = certificate;
    let context: ReadingContexts;
    try {
      context = createReadingContexts({ cert, key: await openClientKey(key, passphrase, signal) });
    } catch (error) {
      signal.throwIfAborted();
      const sentence =
        error instanceof ClientKeyError
          ? `The client key ${keyFile} ${error.message}.`
          : `The key ${keyFile} does not match ${certFile}, or its passphrase is wrong.`;
      throw new InputFileError(fields.key, keyFile, sentence);
    }
    if (this.#contexts.size >= maxContexts) this.#contexts.clear();
    this.#contexts.set(keyOf(certificate, modified), context);
    return context;
  }
}

function pathsOf({ certFile, keyFile, passphraseFile }: ClientCertificate): string[] {
  return [certFile, keyFile, ...(passphraseFile === null ? [] : [passphraseFile])];
}

function keyOf(certificate: ClientCertificate, modified: readonly number[]): string {
  return JSON.stringify(pathsOf(certificate).map((path, index) => [path, modified[index]]));
}
