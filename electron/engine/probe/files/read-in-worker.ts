import { Worker } from 'node:worker_threads';
import { FormError } from './forms/held.ts';
import type { Container } from './read-container.ts';

export interface ContainerTask {
  content: Uint8Array;
  passphrase: string | null;
}

/** What the file is, or why it cannot be read, as the end of a sentence. */
export type ContainerAnswer = { container: Container } | { sentence: string };

/** What a file of 10 MiB needs, and no more. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** From the sources, and from either place that the bundler gives this module: beside the worker, or in a folder of chunks. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./container-worker.ts', here);
  return new URL(here.includes('/chunks/') ? '../container-worker.js' : './container-worker.js', here);
}

/**
 * Reads a file in a thread of its own: deriving the keys of PKCS#12 takes as long as the file says, parsing a large text
 * takes its time, and only ending the thread ends either.
 * @throws FormError as `readContainer`; the signal's reason where it aborts
 */
export function readInWorker(task: ContainerTask, signal: AbortSignal): Promise<Container> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Container>();
  const worker = new Worker(workerUrl(), { workerData: task, resourceLimits });
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.once('message', (answer: ContainerAnswer) => {
    if ('sentence' in answer) reject(new FormError(answer.sentence));
    else resolve({ ...answer.container, held: answer.container.held.map(revive) });
  });
  worker.once('error', (error: NodeJS.ErrnoException) => {
    const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isTooLarge ? new FormError('takes too much memory to read.') : error);
  });
  worker.once('exit', () => reject(new Error('The worker ended without an answer.')));
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    void worker.terminate();
  });
}

/** Between threads a Buffer arrives as a plain array of octets. */
function revive(held: Container['held'][number]): Container['held'][number] {
  return { ...held, der: Buffer.from(held.der), chain: held.chain.map((der) => Buffer.from(der)) };
}
