import { Worker } from 'node:worker_threads';
import { UnreachableError } from '../unreachable.ts';

export interface Pkcs12Task {
  content: Uint8Array;
  passphrase: string;
  path: string;
}

/** The certificates in DER, or why there are none. */
export type Pkcs12Answer = { certificates: Uint8Array[] } | { sentence: string };

/** What a file of 10 MiB needs, and no more. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** From the sources, and from either place that the bundler gives this module: beside the worker, or in a folder of chunks. */
function workerUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./pkcs12-worker.ts', here);
  return new URL(here.includes('/chunks/') ? '../pkcs12-worker.js' : './pkcs12-worker.js', here);
}

/**
 * Reads a PKCS#12 file in a thread of its own: deriving the keys of a file takes as long as the file says, and only ending the
 * thread ends it.
 * @throws UnreachableError `file` where it is none, or the passphrase is wrong; the signal's reason where it aborts
 */
export function readPkcs12InWorker(task: Pkcs12Task, signal: AbortSignal): Promise<Buffer[]> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
  const worker = new Worker(workerUrl(), { workerData: task, resourceLimits });
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.once('message', (answer: Pkcs12Answer) => {
    if ('sentence' in answer) reject(new UnreachableError('file', answer.sentence));
    else resolve(answer.certificates.map((der) => Buffer.from(der)));
  });
  worker.once('error', (error: NodeJS.ErrnoException) => {
    const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isTooLarge ? new UnreachableError('file', `${task.path} takes too much memory to read.`) : error);
  });
  worker.once('exit', () => reject(new Error('The worker ended without an answer.')));
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    void worker.terminate();
  });
}
