import { writeFileSync } from 'node:fs';
import { errorCode } from '../engine/error-code.ts';
import { UsageError } from './exit-status.ts';

/**
 * Writes what a command produced to a file that only its owner can read, or to standard output.
 * @param path path of the file; undefined: standard output
 * @throws UsageError where the file cannot be written
 */
export function writeOutput(text: string, path: string | undefined, output: NodeJS.WriteStream): void {
  if (path === undefined) return void output.write(text);
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${errorCode(error)}).`, { cause: error });
  }
}
