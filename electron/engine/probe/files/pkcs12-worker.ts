import { parentPort, workerData } from 'node:worker_threads';
import { UnreachableError } from '../unreachable.ts';
import { readPkcs12 } from './pkcs12.ts';
import type { Pkcs12Answer, Pkcs12Task } from './read-in-worker.ts';

// SAFETY: read-in-worker.ts alone starts this file, with a task.
const { content, passphrase, path } = workerData as Pkcs12Task;

function answer(): Pkcs12Answer {
  try {
    return { certificates: readPkcs12(Buffer.from(content), passphrase, path) };
  } catch (error) {
    if (error instanceof UnreachableError) return { sentence: error.message };
    throw error;
  }
}

parentPort?.postMessage(answer());
