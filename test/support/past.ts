import tls from 'node:tls';
import { Engine } from '../../electron/engine/engine.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { type JobInput, jobInputSchema } from '../../shared/schema/job.ts';
import { ManualClock } from './manual-clock.ts';
import type { Issued } from './pki.ts';
import { openConf } from './test-engine.ts';
import { listen, type TestServer } from './tls-server.ts';

const day = 86_400_000;

export interface Past {
  job: JobInput;
  /** What the server showed from so many days ago on, the oldest first; the last is what it shows now. */
  certificates: { fromDaysAgo: number; leaf: Issued; behind: readonly Issued[] }[];
  everyDays: number;
}

/**
 * Lets a job live through its past in a data folder: a real engine checks a real server on a clock that runs from then
 * to now. Answers the server, which goes on showing what it shows last.
 */
export async function liveThrough(folder: string, caFile: string, past: Past): Promise<TestServer> {
  const now = Date.now();
  const [first] = past.certificates;
  if (!first) throw new Error('A past needs a certificate.');
  const contextOf = ({ leaf, behind }: Past['certificates'][number]) => ({
    cert: [leaf, ...behind].map(({ pem }) => pem).join(''),
    key: leaf.key,
  });
  const server = tls.createServer(contextOf(first));
  server.on('tlsClientError', () => undefined);
  const listening = await listen(server);
  const clock = new ManualClock(now - first.fromDaysAgo * day);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const engine = new Engine({
    folder: openDataFolder(folder),
    openConfig: openConf,
    clock,
    log,
    version: '0.0.0',
    caFiles: [caFile],
  });
  const job = jobInputSchema.parse({
    ...past.job,
    target: { host: 'localhost', port: listening.port, starttls: null },
  });
  const { id } = await engine.jobs.add(job);
  for (let daysAgo = first.fromDaysAgo; daysAgo > 0.1; daysAgo -= past.everyDays) {
    clock.set(now - daysAgo * day);
    const shown = past.certificates.findLast(({ fromDaysAgo }) => fromDaysAgo >= daysAgo);
    if (shown) server.setSecureContext(contextOf(shown));
    await engine.checks.checkNow(id);
  }
  await engine.stop();
  return listening;
}
