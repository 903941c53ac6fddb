import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { decodeText } from '../../shared/text/decode-text.ts';
import { errorCode } from '../engine/error-code.ts';
import { readFault } from '../engine/file-fault.ts';
import { UsageError } from './exit-status.ts';

/**
 * Reads a text that a command is given: UTF-8, UTF-16 with its mark, else Windows-1252, as editors and PowerShell write it.
 * @param path path of the file; `-`: standard input
 * @throws UsageError where it cannot be read
 */
export function readTextFile(path: string): ReturnType<typeof decodeText> {
  try {
    return decodeText(path === '-' ? readStandardInput() : readFileSync(path));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UsageError(readFault(inputName(path), error), { cause: error });
  }
}

/** Returns what sentences call the file of a text: its path, or standard input. */
export function inputName(path: string): string {
  return path === '-' ? 'Standard input' : path;
}

const standardInput = 0;
const pieceBytes = 64 * 1024;
/** How long to wait for more of a pipe that does not block, in milliseconds. */
const pauseMs = 20;

/**
 * Reads standard input to its end, whatever it is. `process.stdin` is left alone: its getter makes a pipe non-blocking (libuv's
 * uv_pipe_open), and the desktop's program on Windows has none. The program that starts this one may have made the pipe non-blocking, too.
 */
function readStandardInput(): Buffer {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const length = readPiece(piece);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, length));
  }
}

/** @returns how many bytes were read; 0 at the end */
function readPiece(piece: Buffer): number {
  for (;;) {
    try {
      return readSync(standardInput, piece);
    } catch (error) {
      // What Windows has for the end of a pipe (libuv's UV_EOF).
      if (errorCode(error) === 'EOF') return 0;
      if (errorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/**
 * A file that was there before is closed to others before anything is in it, and keeps what was in it where that fails. Pipes and devices
 * keep their rights.
 */
function writePrivately(path: string, text: string | Uint8Array): void {
  // Not `w`: that empties the file at once.
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    if (fstatSync(file).isFile()) {
      if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600);
      ftruncateSync(file);
    }
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes what a command produced to a file that only its owner can read, or to standard output.
 * @param path path of the file; undefined: standard output
 * @throws UsageError where the file cannot be written
 */
export function writeOutput(
  text: string | Uint8Array,
  path: string | undefined,
  output: NodeJS.WriteStream,
): void {
  if (path === undefined) return void output.write(text);
  try {
    writePrivately(path, text);
  } catch (error) {
    const folder = dirname(resolve(path));
    const sentence = existsSync(folder)
      ? `${path} cannot be written (${errorCode(error)}).`
      : `${path} cannot be written: the folder ${folder} does not exist.`;
    throw new UsageError(sentence, { cause: error });
  }
}
