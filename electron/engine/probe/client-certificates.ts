import type { Connection } from '../../../shared/schema/connection.ts';
import { InputFileError, modifiedMs, readInputFile, readPassphrase } from './files/input-file.ts';
import { createReadingContexts, type ReadingContexts } from './tls-contexts.ts';

type ClientCertificate = NonNullable<Connection['clientCertificate']>;

const maxContexts = 200;

/** Reading contexts that carry a client certificate, one for each, built when first needed and when its files change. */
export class ClientContexts {
  readonly #contexts = new Map<string, ReadingContexts>();

  /** @throws InputFileError where the certificate, the key or the passphrase cannot be used */
  get({ certFile, keyFile, passphraseFile }: ClientCertificate): ReadingContexts {
    const paths = [certFile, keyFile, ...(passphraseFile === null ? [] : [passphraseFile])];
    const key = JSON.stringify(paths.map((path) => [path, modifiedMs(path)]));
    const known = this.#contexts.get(key);
    if (known) return known;
    const cert = readInputFile('The client certificate', 'connection.clientCertificate.certFile', certFile);
    const privateKey = readInputFile('The client key', 'connection.clientCertificate.keyFile', keyFile);
    const passphrase =
      passphraseFile === null
        ? undefined
        : readPassphrase('connection.clientCertificate.passphraseFile', passphraseFile);
    let context: ReadingContexts;
    try {
      context = createReadingContexts({
        cert,
        key: privateKey,
        ...(passphrase === undefined ? {} : { passphrase }),
      });
    } catch {
      const field = 'connection.clientCertificate.keyFile';
      throw new InputFileError(
        field,
        keyFile,
        `The key ${keyFile} does not go with ${certFile}, or its passphrase is wrong.`,
      );
    }
    if (this.#contexts.size >= maxContexts) this.#contexts.clear();
    this.#contexts.set(key, context);
    return context;
  }
}
