import type { ImportFormat } from '../../../shared/contract/import-report.ts';
import { runInWorker, WorkerMemoryError } from '../worker.ts';
import type { ImportItem } from './item.ts';
import { type ReadImport, readImport } from './read-import.ts';

/** What a thread is to read. */
export interface ImportTask {
  body: unknown;
  format: ImportFormat | undefined;
  contentType: string | undefined;
}

/** A part of what was read, or the sentence that says why it could not be read. */
export type ImportMessage =
  | { format: ImportFormat; items: ImportItem[]; isLast: boolean }
  | { message: string };

/** A text up to here takes a few milliseconds: a thread costs more. */
const maxAtOnce = 16 * 1024;
/** What 20 MiB of any format need where they are a list of jobs. */
const maxMegabytes = 512;
const timeoutMs = 30_000;

/**
 * Reads a text to import, as `readImport` does, without holding anything else up: a list of others may take as long and
 * as much memory as it likes. JSON that was read already is of this program's own API, and stays in this thread.
 * @returns the items, or the sentence that says why it could not be read at all
 */
export async function loadImport(
  body: unknown,
  format?: ImportFormat,
  contentType?: string,
): Promise<ReadImport | { message: string }> {
  if (typeof body !== 'string' || body.length <= maxAtOnce) return readImport(body, format, contentType);
  const task: ImportTask = { body, format, contentType };
  const signal = AbortSignal.timeout(timeoutMs);
  const items: ImportItem[] = [];
  try {
    return await runInWorker(
      { beside: import.meta.url, name: 'import-worker', task, maxMegabytes, signal },
      (message: ImportMessage): ReadImport | { message: string } | undefined => {
        if ('message' in message) return message;
        items.push(...message.items);
        return message.isLast ? { format: message.format, items } : undefined;
      },
    );
  } catch (error) {
    if (error instanceof WorkerMemoryError)
      return { message: 'This takes too much memory to read. Import it in parts.' };
    if (signal.aborted) return { message: 'This takes too long to read. Import it in parts.' };
    throw error;
  }
}
