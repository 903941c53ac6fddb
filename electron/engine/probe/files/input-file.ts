import { readFileSync, statSync } from 'node:fs';

/** Nothing that is read here is larger: certificates, keys, passphrases. */
const maxBytes = 10 * 1024 * 1024;

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

/** @param what begins the sentence where it fails: `The CA file` @throws InputFileError */
export function readInputFile(what: string, field: string, path: string): Buffer {
  try {
    if (statSync(path).size > maxBytes)
      throw new InputFileError(field, path, `${what} ${path} is too large.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputFileError(field, path, `${what} ${path} cannot be read (${code}).`, { cause: error });
  }
}

/** The first line of a passphrase file. @throws InputFileError */
export function readPassphrase(field: string, path: string): string {
  return readInputFile('The passphrase file', field, path).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}
