import { readFileSync, writeFileSync } from 'node:fs';
import { decodeText } from '../../shared/text/decode-text.ts';
import { errorCode } from '../engine/error-code.ts';
import { UsageError } from './exit-status.ts';

/**
 * Reads a text that a command is given: UTF-8, UTF-16 with its mark, else Windows-1252, as editors and PowerShell write it.
 * @param path path of the file; `-`: standard input
 * @throws UsageError where it cannot be read
 */
export function readTextFile(path: string): ReturnType<typeof decodeText> {
  try {
    return decodeText(readFileSync(path === '-' ? process.stdin.fd : path));
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new UsageError(`${path} cannot be read (${code}).`, { cause: error });
  }
}

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
