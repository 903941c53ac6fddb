import { isDeepStrictEqual } from 'node:util';
import type { Source } from '../../../shared/schema/source.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { keptJobs, targetsOf } from './kept-jobs.ts';
import type { Scanned } from './source-scan.ts';

interface Applied {
  store: ConfigStore;
  jobs: JobService;
  monitor: Monitor;
}

/** Brings the jobs of a source into line with what was found in it: all of it goes to disk in one write. @throws StoreWriteError */
export async function applyScan(
  source: Source,
  scanned: Scanned,
  { store, jobs, monitor }: Applied,
): Promise<void> {
  const { entries, added, gone, back, forgotten, changed } = scanned;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const before = new Map(source.entries.map((entry) => [entry.id, entry]));
  for (const id of gone) {
    const entry = byId.get(id);
    if (entry) byId.set(id, { ...entry, wasPaused: jobs.get(id)?.paused ?? false });
  }
  const next = { ...source, entries: [...byId.values()] };
  const isSame = isDeepStrictEqual(next.entries, source.entries);
  const targets = new Map([...targetsOf(next)].filter(([id]) => jobs.get(id)));
  await Promise.all([
    isSame ? undefined : store.setSource(next),
    jobs.addAll(keptJobs(next, added)),
    jobs.moveKept(targets),
    jobs.standDown(gone),
    jobs.editAll(
      new Map(back.filter((id) => !before.get(id)?.wasPaused).map((id) => [id, { paused: false }])),
    ),
    jobs.removeKept(forgotten),
  ]);
  const news = new Set([...changed, ...back]);
  const known = [...news].filter((id) => jobs.get(id)?.paused === false);
  if (known.length > 0) monitor.checkAll(known);
}
