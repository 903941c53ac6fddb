import { runInWorker, WorkerMemoryError } from '../../worker.ts';
import { FormError } from './forms/held.ts';
import type { Container } from './read-container.ts';

export interface ContainerTask {
  content: Uint8Array;
  passphrase: string | null;
}

/** What the file is, or why it cannot be read, as the end of a sentence. */
export type ContainerAnswer = { container: Container } | { sentence: string };

/** What a file of 10 MiB needs, and no more. */
const maxMegabytes = 256;

/**
 * Reads a file in a thread of its own: deriving the keys of PKCS#12 takes as long as the file says, parsing a large text
 * takes its time, and only ending the thread ends either.
 * @throws FormError as `readContainer`; the signal's reason where it aborts
 */
export async function readInWorker(task: ContainerTask, signal: AbortSignal): Promise<Container> {
  const options = { beside: import.meta.url, name: 'container-worker', task, maxMegabytes, signal };
  try {
    return await runInWorker(options, (answer: ContainerAnswer) => {
      if ('sentence' in answer) throw new FormError(answer.sentence);
      return { ...answer.container, held: answer.container.held.map(revive) };
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
