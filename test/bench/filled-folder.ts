import { mkdirSync, writeFileSync } from 'node:fs';
import { type BulkEdits, makeManyJobs } from '../support/many-jobs.ts';
import { Service } from '../support/service.ts';
import type { temporaryFolder } from '../support/temporary-folder.ts';

/** A data folder with jobs that were each checked once, by servers that are still there. */
export interface FilledFolder extends AsyncDisposable {
  dataFolder: string;
  /** What `serve` is given so that it trusts the servers. */
  caArgs: string[];
}

/** Fills `data` in the folder by a service, and ends that. */
export async function fillFolder(
  folder: ReturnType<typeof temporaryFolder>,
  size: number,
): Promise<FilledFolder> {
  const many: BulkEdits = await makeManyJobs(size);
  writeFileSync(folder.file('ca.pem'), many.root.pem);
  const dataFolder = folder.file('data');
  const caArgs = ['--ca', folder.file('ca.pem')];
  mkdirSync(dataFolder);
  const service = await Service.start(dataFolder, ...caArgs);
  await service.call('PATCH', '/settings', { checksAtOnce: 20, checksPerHost: 20 });
  const stop = new AbortController();
  const events = await service.events(stop.signal);
  await service.call('POST', '/jobs/import', { jobs: many.jobs });
  let left = size;
  if (left > 0)
    for await (const event of events) {
      if (event.type === 'check-finished') left -= 1;
      if (left === 0) break;
    }
  stop.abort();
  await service.end('SIGTERM');
  return { dataFolder, caArgs, [Symbol.asyncDispose]: () => many[Symbol.asyncDispose]() };
}
