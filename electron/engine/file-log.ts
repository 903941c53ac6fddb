import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import log from 'electron-log/node.js';
import { forLog, forLogLines } from '../../shared/text/foreign-text.ts';
import type { Log } from './log.ts';

const maxFileBytes = 2 * 1024 * 1024;
/** Lines of one moment go to the file together: to open, write and close it costs as much as the rest of a check. */
const batchMs = 200;
/** As much as this is written at once. */
const maxBatchLength = 32 * 1024;

export interface FileLogOptions {
  path: string;
  /** Where lines go beside the file; null: nowhere. */
  echo: NodeJS.WritableStream | null;
}

/**
 * A log that rotates by size, and says on a stream what it writes. What went well may wait for a moment; warnings and errors are written
 * at once, with all that came before them, and so is everything at the end of the process. electron-log's Node half runs on both runtimes.
 */
export function openFileLog({ path, echo }: FileLogOptions): Log {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch {
    // A disk that takes no folder takes no log: NotAfter runs without one.
  }
  const write = openWriter(path);
  const batch = new Batch((lines) => {
    write(lines.map(({ at, text }) => `${dayOf(at)} ${timeOf(at)} ${text}`).join('\n'));
    echo?.write(lines.map(({ at, text }) => `${timeOf(at)} ${text}\n`).join(''));
  });
  process.on('exit', () => batch.flush());
  return {
    path,
    info: (line) => batch.add(`info ${forLog(line)}`),
    warn: (line) => batch.add(`warn ${forLog(line)}`, true),
    error: (line, error) =>
      batch.add(
        `error ${forLog(line)}: ${forLogLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
        true,
      ),
    flush: () => batch.flush(),
  };
}

function openWriter(path: string): (text: string) => void {
  const logger = log.create({ logId: path });
  // Otherwise it looks for a package.json above the working directory, and writes nothing where it finds none.
  logger.transports.file.setAppName('NotAfter');
  logger.transports.file.resolvePathFn = () => path;
  logger.transports.file.writeOptions = { encoding: 'utf8', flag: 'a', mode: 0o600 };
  logger.transports.file.maxSize = maxFileBytes;
  logger.transports.file.format = '{text}';
  logger.transports.console.level = false;
  return (text) => logger.info(text);
}

interface Line {
  at: Date;
  text: string;
}

/** Lines that are written together. */
class Batch {
  readonly #write: (lines: readonly Line[]) => void;
  #lines: Line[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(write: (lines: readonly Line[]) => void) {
    this.#write = write;
  }

  add(text: string, isUrgent = false): void {
    this.#lines.push({ at: new Date(), text });
    this.#length += text.length;
    if (isUrgent || this.#length > maxBatchLength) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), batchMs).unref();
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#length = 0;
    this.#write(lines);
  }
}

const two = (number: number) => String(number).padStart(2, '0');
/** Local time, as a person reads the log. */
const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const timeOf = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
