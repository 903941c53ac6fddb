import { Worker } from 'node:worker_threads';

/** A thread took more memory than it may. */
export class WorkerMemoryError extends Error {
  override name = 'WorkerMemoryError';
}

export interface WorkerOptions {
  /** Where the thread's file is from: `import.meta.url` of the module beside it. */
  beside: string;
  /** The thread's file without its ending, as vite.config.ts names it too. */
  name: string;
  task: unknown;
  /** Of the thread's heap. */
  maxMegabytes: number;
  /** Ends the thread. */
  signal: AbortSignal;
}

/** From the sources, and from either place that the bundler gives a module: beside the thread's file, or in a folder of chunks. */
function urlOf({ beside, name }: WorkerOptions): URL {
  if (beside.endsWith('.ts')) return new URL(`./${name}.ts`, beside);
  return new URL(beside.includes('/chunks/') ? `../${name}.js` : `./${name}.js`, beside);
}

/**
 * Runs a task in a worker thread, which gets it as `workerData`, and passes on its messages. Work whose length an untrusted file
 * decides does not block the event loop, and ends with the signal.
 * @param receive takes each message, and returns the result once it is complete; `undefined`: more follows, and is requested by a
 * message, so that no turn has to handle everything
 * @throws WorkerMemoryError; the thread's own error; the signal's reason where it aborts
 */
export function runInWorker<Message, Result>(
  options: WorkerOptions,
  receive: (message: Message) => Result | undefined,
): Promise<Result> {
  const { task, maxMegabytes, signal } = options;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const worker = new Worker(urlOf(options), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
  });
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.on('message', (message: Message) => {
    try {
      const result = receive(message);
      if (result === undefined) worker.postMessage('more');
      else resolve(result);
    } catch (error) {
      reject(error);
    }
  });
  worker.once('error', (error: NodeJS.ErrnoException) => {
    const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isTooLarge ? new WorkerMemoryError('The thread took too much memory.', { cause: error }) : error);
  });
  worker.once('exit', () => reject(new Error('The thread ended without an answer.')));
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort);
    void worker.terminate();
  });
}
