import type { JobView } from '../../../shared/schema/job.ts';
import { count } from '../../../shared/text/words.ts';
import { showUndoToast } from '../../components/undo-toast.tsx';
import { announce } from '../../lib/announce.ts';
import type { Api } from '../../lib/api.ts';
import { reportFailure } from '../../lib/report-failure.ts';

type Field = 'tags' | 'schedule' | 'thresholds';

/** Hosts that had the same values, and those values. */
interface Former {
  ids: readonly string[];
  patch: Partial<Pick<JobView, Field>>;
}

/** Puts hosts together that had the same values of some fields, so that few calls bring them back. */
function formerValues(jobs: readonly JobView[], fields: readonly Field[]): Former[] {
  const found = new Map<string, Former>();
  for (const job of jobs) {
    const patch: Former['patch'] = Object.fromEntries(fields.map((field) => [field, job[field]]));
    const key = JSON.stringify(patch);
    const ids = found.get(key)?.ids ?? [];
    found.set(key, { ids: [...ids, job.id], patch });
  }
  return [...found.values()];
}

/**
 * Offers to undo an edit of many hosts for ten seconds.
 * @param jobs the hosts as they were before @param what was edited: `Tags`
 */
export function offerUndoOfEdit(
  api: Api,
  jobs: readonly JobView[],
  fields: readonly Field[],
  what: string,
): void {
  const message = `${what} of ${count(jobs.length, 'host')} changed`;
  const undo = async () => {
    for (const former of formerValues(jobs, fields))
      await api.jobs.editMany({ ...former, ids: [...former.ids] });
  };
  showUndoToast({
    key: `edit ${Date.now()}`,
    message,
    label: `Undo changing ${what.toLowerCase()}`,
    undo: () => void reportFailure(undo(), `Could not undo changing ${what.toLowerCase()}`),
  });
  announce(`${message}. Press Control Z to undo.`);
}
