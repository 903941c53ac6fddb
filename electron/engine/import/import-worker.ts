import { parentPort, workerData } from 'node:worker_threads';
import type { ImportMessage, ImportTask } from './load-import.ts';
import { readImport } from './read-import.ts';

/** So many items are read by the other side in one turn. */
const perMessage = 250;

// SAFETY: load-import.ts alone starts this file, with a task.
const { body, format, contentType } = workerData as ImportTask;
const read = readImport(body, format, contentType);
const send = (message: ImportMessage) => parentPort?.postMessage(message);

if ('message' in read) send({ message: read.message });
else {
  let at = 0;
  const next = () => {
    const items = read.items.slice(at, at + perMessage);
    at += perMessage;
    send({ format: read.format, items, isLast: at >= read.items.length });
  };
  parentPort?.on('message', next);
  next();
}
