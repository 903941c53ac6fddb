import { createPrivateKey } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ClientKeyAnswer, ClientKeyTask } from './client-key.ts';

// SAFETY: client-key.ts alone starts this file, with a task.
const { key, format, passphrase = '' } = workerData as ClientKeyTask;

function answer(): ClientKeyAnswer {
  try {
    const opened = createPrivateKey({ key: Buffer.from(key), format, type: 'pkcs8', passphrase });
    return { pem: opened.export({ type: 'pkcs8', format: 'pem' }).toString() };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(answer());
