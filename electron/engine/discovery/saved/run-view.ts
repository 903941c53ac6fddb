import type { SearchRunView } from '../../../../shared/schema/saved-search.ts';
import type { StoredRun } from './run-store.ts';

const isoOf = (ms: number) => new Date(ms).toISOString();

/** Returns a run as people and scripts see it. */
export function runView(run: StoredRun): SearchRunView {
  const { id, discoveryId, startedAt, endedAt, state, progress, notes, reason } = run;
  return {
    id,
    discoveryId,
    startedAt: isoOf(startedAt),
    endedAt: endedAt === null ? null : isoOf(endedAt),
    state,
    progress,
    new: run.new,
    changed: run.changed,
    vanished: run.vanished,
    notes,
    reason,
  };
}
