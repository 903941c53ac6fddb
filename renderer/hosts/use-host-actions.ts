import { jobName } from '../../shared/domain/job-name.ts';
import { type PauseLength, pauseRequest } from '../../shared/domain/pause.ts';
import { isCounted } from '../../shared/domain/severity.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count } from '../../shared/text/words.ts';
import { announce } from '../lib/announce.ts';
import { useApi } from '../lib/api-context.tsx';
import { notify } from '../lib/notify.ts';
import { reportFailure } from '../lib/report-failure.ts';

/** What can be done with hosts, from the list, the host page, keys and the palette alike. */
export interface HostActions {
  check(jobs: readonly JobView[]): void;
  edit(job: JobView): void;
  /** Opens the dialog that accepts a problem of hosts. @param code the problem; without it the dialog offers all */
  accept(jobs: readonly JobView[], code?: string): void;
  /** Copies the certificate of a host as PEM. */
  copyPem(job: JobView): void;
  tags(jobs: readonly JobView[]): void;
  schedule(jobs: readonly JobView[]): void;
  /** Pauses the hosts, or resumes them if all of them are paused. */
  togglePause(jobs: readonly JobView[]): void;
  pause(jobs: readonly JobView[], length: PauseLength): void;
  resume(jobs: readonly JobView[]): void;
  remove(jobs: readonly JobView[]): void;
}

/** A dialog about hosts that an action opens. */
export type HostDialog =
  | { kind: 'form'; job: JobView | null; example?: string; text?: string }
  | { kind: 'accept'; jobs: readonly JobView[]; code: string | undefined }
  | { kind: 'tags'; ids: readonly string[] }
  | { kind: 'schedule'; ids: readonly string[] };

/** @param onDialog opens a dialog @param onRemove hides hosts and deletes them a while later */
export function useHostActions(
  onDialog: (dialog: HostDialog) => void,
  onRemove: (jobs: readonly JobView[]) => void,
): HostActions {
  const api = useApi();
  const idsOf = (jobs: readonly JobView[]) => jobs.map(({ id }) => id);
  const nameOf = (jobs: readonly JobView[]) =>
    jobs.length === 1 && jobs[0] ? jobName(jobs[0]) : count(jobs.length, 'host');
  const run = async (call: Promise<unknown>, done: string, failure: string) => {
    if (await reportFailure(call, failure)) announce(done);
  };
  const pause = (jobs: readonly JobView[], length: PauseLength) =>
    void run(
      api.jobs.pauseAll({ ids: idsOf(jobs), ...pauseRequest(length, Date.now()) }),
      `${nameOf(jobs)} paused`,
      `Could not pause ${nameOf(jobs)}`,
    );
  const resume = (jobs: readonly JobView[]) =>
    void run(
      api.jobs.resumeAll({ ids: idsOf(jobs) }),
      `${nameOf(jobs)} resumed`,
      `Could not resume ${nameOf(jobs)}`,
    );
  return {
    check: (jobs) => {
      announce(`Checking ${nameOf(jobs)}`);
      void reportFailure(api.jobs.checkAll({ ids: idsOf(jobs) }), `Could not check ${nameOf(jobs)}`);
    },
    edit: (job) => onDialog({ kind: 'form', job }),
    copyPem: (job) =>
      void reportFailure(
        import('../host-detail/export-chain.ts').then(({ copyLeaf }) => copyLeaf(api, job)),
        'Could not copy the certificate',
      ),
    accept: (jobs, code) => {
      if (jobs.some(({ lastCheck }) => lastCheck?.problems.some(isCounted)))
        onDialog({ kind: 'accept', jobs, code });
      else
        notify({
          message: `${nameOf(jobs)} ${jobs.length === 1 ? 'has' : 'have'} no open problem to accept`,
        });
    },
    tags: (jobs) => onDialog({ kind: 'tags', ids: idsOf(jobs) }),
    schedule: (jobs) => onDialog({ kind: 'schedule', ids: idsOf(jobs) }),
    pause,
    resume,
    togglePause: (jobs) => (jobs.every(({ paused }) => paused) ? resume(jobs) : pause(jobs, 'resumed')),
    remove: (jobs) => {
      onRemove(jobs);
      announce(`${nameOf(jobs)} deleted. Press Control Z to undo.`);
    },
  };
}
