import { jobName } from '../domain/job-name.ts';
import { byUrgency, expiryOf, needsPerson } from '../domain/job-urgency.ts';
import { problemKind } from '../domain/problems/problem-kinds.ts';
import { isCounted } from '../domain/severity.ts';
import type { JobView } from '../schema/job.ts';
import { count, expiryWords } from './words.ts';

/** What is the matter with one job, after its name: `expires in 2 days`, `cannot be reached`. */
function matter(job: JobView, now: number): string {
  const { lastCheck, status } = job;
  if (!lastCheck) return 'has not been checked yet';
  if (status === 'unreachable') return 'cannot be reached';
  const [worst] = lastCheck.problems.filter(isCounted);
  if (worst && worst.code !== 'expired' && worst.code !== 'expiring')
    return problemKind(worst.code)?.matter ?? 'has a problem';
  if (!lastCheck.expiresAt) return 'showed no certificate';
  return `${expiryOf(job) < now ? 'expired' : 'expires'} ${expiryWords(lastCheck.expiresAt, now)}`;
}

export interface Headline {
  /** `3 of 128 certificates need you`. */
  title: string;
  /** `mail.example.com expires in 2 days.` */
  detail: string;
  /** The job that the detail is about. */
  jobId: string | null;
}

/** The one sentence that matters, and the job that it is about. */
export function headline(jobs: readonly JobView[], now: number): Headline {
  if (jobs.length === 0)
    return { title: 'Nothing is watched yet', detail: 'Add a host to begin.', jobId: null };
  const needy = jobs.filter(needsPerson);
  const worst = needy.reduce<JobView | undefined>(
    (best, job) => (!best || byUrgency(job, best) < 0 ? job : best),
    undefined,
  );
  if (worst) {
    const title = `${needy.length.toLocaleString('en')} of ${count(jobs.length, 'certificate')} ${needy.length === 1 ? 'needs' : 'need'} you`;
    return { title, detail: `${jobName(worst)} ${matter(worst, now)}.`, jobId: worst.id };
  }
  const watched = jobs.filter(({ paused }) => !paused);
  if (watched.length === 0)
    return { title: 'Everything is paused', detail: 'Nothing is checked until you resume.', jobId: null };
  const unchecked = watched.filter(({ status }) => status === 'pending').length;
  if (unchecked === watched.length) {
    return {
      title: `${count(unchecked, 'certificate')} to look at`,
      detail: 'The first checks run now.',
      jobId: null,
    };
  }
  const first = watched.reduce((best, job) => (expiryOf(job) < expiryOf(best) ? job : best));
  const title =
    watched.length === 1
      ? 'The certificate is fine'
      : `All ${count(watched.length - unchecked, 'certificate')} are fine`;
  return { title, detail: `${jobName(first)} ${matter(first, now)}, the first to do so.`, jobId: first.id };
}
