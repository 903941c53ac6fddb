import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import log from 'electron-log/node.js';
import { forLog, forLogLines } from '../../shared/text/foreign-text.ts';
import type { Log } from './log.ts';

const maxFileBytes = 2 * 1024 * 1024;

export interface FileLogOptions {
  path: string;
  /** Where lines go beside the file; null: nowhere. */
  echo: NodeJS.WritableStream | null;
}

/** A log that rotates by size, and says on a stream what it writes. electron-log's Node half runs on both runtimes. */
export function openFileLog({ path, echo }: FileLogOptions): Log {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch {
    // A disk that takes no folder takes no log: NotAfter runs without one.
  }
  const logger = log.create({ logId: path });
  // Otherwise it looks for a package.json above the working directory, and writes nothing where it finds none.
  logger.transports.file.setAppName('NotAfter');
  logger.transports.file.resolvePathFn = () => path;
  logger.transports.file.writeOptions = { encoding: 'utf8', flag: 'a', mode: 0o600 };
  logger.transports.file.maxSize = maxFileBytes;
  logger.transports.file.format = '{y}-{m}-{d} {h}:{i}:{s} {level} {text}';
  logger.transports.console.level = echo ? 'info' : false;
  logger.transports.console.writeFn = ({ message }) => echo?.write(`${message.data.map(String).join(' ')}\n`);
  logger.transports.console.format = '{h}:{i}:{s} {level} {text}';
  return {
    path,
    info: (line) => logger.info(forLog(line)),
    warn: (line) => logger.warn(forLog(line)),
    error: (line, error) =>
      logger.error(
        `${forLog(line)}: ${forLogLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
      ),
  };
}
