import { runInWorker, WorkerMemoryError } from '../../worker.ts';
import type { EntryRole, FileEntry, WatchedEntry } from './entries.ts';
import { FormError } from './forms/held.ts';
import type { Container } from './read-container.ts';

/** A file to be read. */
interface Content {
  content: Uint8Array;
  passphrase: string | null;
}

/** What the thread is to do: to read a file, and to tell what of it is to be judged or watched. */
export type ContainerTask = Content & { wanted: 'container' | 'entries' | readonly EntryRole[] };

/** What was wanted, or why the file cannot be read, as the end of a sentence. */
export type ContainerAnswer =
  | { container: Container }
  | { entries: FileEntry[] }
  | { watched: WatchedEntry[] }
  | { sentence: string };

/** What a file of 10 MiB needs, and no more. */
const maxMegabytes = 256;

/**
 * Reads a file in a worker thread: deriving the keys of PKCS#12 takes as long as the file says, parsing a large text
 * takes its time, and only ending the thread ends either.
 * @throws FormError as `readContainer`; the signal's reason where it aborts
 */
export async function readContainerInWorker(content: Content, signal: AbortSignal): Promise<Container> {
  const answer = await ask({ ...content, wanted: 'container' }, signal);
  if (!('container' in answer)) throw new Error('The thread gave another answer.');
  return { ...answer.container, held: answer.container.held.map(revive) };
}

/** Finds in a worker thread what of a file is to be judged. @throws FormError as `entriesIn`; the signal's reason */
export async function readEntriesInWorker(content: Content, signal: AbortSignal): Promise<FileEntry[]> {
  const answer = await ask({ ...content, wanted: 'entries' }, signal);
  if (!('entries' in answer)) throw new Error('The thread gave another answer.');
  return answer.entries.map(reviveChain);
}

/** Finds in a worker thread what of a file is to be watched. @throws FormError as `readContainer`; the signal's reason */
export async function readWatchedInWorker(
  content: Content,
  roles: readonly EntryRole[],
  signal: AbortSignal,
): Promise<WatchedEntry[]> {
  const answer = await ask({ ...content, wanted: roles }, signal);
  if (!('watched' in answer)) throw new Error('The thread gave another answer.');
  return answer.watched.map(reviveChain);
}

function reviveChain<Entry extends { chain: Buffer[] }>(entry: Entry): Entry {
  return { ...entry, chain: entry.chain.map((der) => Buffer.from(der)) };
}

async function ask(task: ContainerTask, signal: AbortSignal): Promise<ContainerAnswer> {
  const options = { beside: import.meta.url, name: 'container-worker', task, maxMegabytes, signal };
  try {
    return await runInWorker(options, (answer: ContainerAnswer) => {
      if ('sentence' in answer) throw new FormError(answer.sentence);
      return answer;
    });
  } catch (error) {
    if (error instanceof WorkerMemoryError)
      throw new FormError('takes too much memory to read.', { cause: error });
    throw error;
  }
}

/** Between threads a Buffer arrives as a plain array of octets. */
function revive(held: Container['held'][number]): Container['held'][number] {
  return { ...held, der: Buffer.from(held.der), chain: held.chain.map((der) => Buffer.from(der)) };
}
