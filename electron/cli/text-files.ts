import { existsSync, readFileSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { decodeText } from '../../shared/text/decode-text.ts';
import { errorCode } from '../engine/error-code.ts';
import { readFault } from '../engine/file-fault.ts';
import { OutputError, UsageError } from './exit-status.ts';
import { writePrivateFile } from './private-file.ts';

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
 * Writes what a command produced to a file that only its owner can read, or to standard output.
 * @param path path of the file; undefined: standard output
 * @throws UsageError where the path is wrong, OutputError where the disk is full or broken
 */
export function writeOutput(
  text: string | Uint8Array,
  path: string | undefined,
  output: NodeJS.WriteStream,
): void {
  if (path === undefined) return void output.write(text);
  try {
    writePrivateFile(path, text);
  } catch (error) {
    const sentence = outputFault(path, error);
    throw diskFaults.has(errorCode(error) ?? '')
      ? new OutputError(sentence, { cause: error })
      : new UsageError(sentence, { cause: error });
  }
}

const diskFaults = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

function outputFault(path: string, error: unknown): string {
  const folder = dirname(resolve(path));
  const code = errorCode(error);
  if (!existsSync(folder)) return `${path} cannot be written: the folder ${folder} does not exist.`;
  if (code === 'EISDIR') return `${path} is a folder, not a file.`;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? `${path} cannot be written: the disk is full. Free up space, or choose another place.`
    : `${path} cannot be written (${code}).`;
}
