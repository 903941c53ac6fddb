import { parentPort, workerData } from 'node:worker_threads';
import { entriesIn, watchedEntriesOf } from './entries.ts';
import { FormError } from './forms/held.ts';
import { readContainer } from './read-container.ts';
import type { ContainerAnswer, ContainerTask } from './read-in-worker.ts';

// SAFETY: read-in-worker.ts alone starts this file, with a task.
const { content, passphrase, wanted } = workerData as ContainerTask;

function answer(): ContainerAnswer {
  try {
    const container = readContainer(Buffer.from(content), passphrase);
    if (wanted === 'container') return { container };
    if (wanted === 'entries') return { entries: entriesIn(container) };
    return { watched: watchedEntriesOf(container.held, wanted) };
  } catch (error) {
    if (error instanceof FormError) return { sentence: error.message };
    throw error;
  }
}

parentPort?.postMessage(answer());
