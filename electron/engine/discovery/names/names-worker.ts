import { parentPort, workerData } from 'node:worker_threads';
import { EnoughNames, NameCollection } from './collection.ts';
import type { NameReader } from './name-source.ts';
import type { NamesTask } from './read-names.ts';
import { nameReaders } from './readers.ts';

// SAFETY: read-names.ts alone starts this file, with a task. Its signal ends the thread.
const { format, file, text, folder } = workerData as NamesTask;
const collection = new NameCollection(folder, new AbortController().signal);
const reader: NameReader = nameReaders[format];
try {
  await reader.read({ file, text, depth: 0 }, collection);
} catch (error) {
  if (!(error instanceof EnoughNames)) throw error;
}
parentPort?.postMessage(collection.conclude());
