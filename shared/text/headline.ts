import { jobName } from '../domain/job-name.ts';
import { byUrgency, expiryOf, needsPerson } from '../domain/job-urgency.ts';
import { problemKind } from '../domain/problems/problem-kinds.ts';
import { isCounted } from '../domain/severity.ts';
import type { JobView } from '../schema/job.ts';
import { count, digits, expiryWords } from './words.ts';

/** What a summary goes by: of a job, what its sentences name, and how it stood last. */
export type SummarizedJob = Pick<JobView, 'id' | 'name' | 'target' | 'paused' | 'status' | 'lastCheck'>;

/** Says how one job is, after its name: `expires in 2 days`, `cannot be reached`. */
export function matter(job: SummarizedJob, now: number): string {
  const { lastCheck, status } = job;
  if (!lastCheck) return 'has not been checked yet';
  if (status === 'unreachable') return 'cannot be reached';
  const [worst] = lastCheck.problems.filter(isCounted);
  if (worst && worst.code !== 'expired' && worst.code !== 'expiring')
    return problemKind(worst.code)?.matter ?? 'has a problem';
  if (!lastCheck.expiresAt) return 'showed no certificate';
  return `${expiryOf(job) < now ? 'expired' : 'expires'} ${expiryWords(lastCheck.expiresAt, now)}`;
}

/** Names the host that expires next, or the one that expired first where all have. */
function soonestWords(job: SummarizedJob, now: number): string {
  const expiry = expiryOf(job);
  if (expiry === Number.POSITIVE_INFINITY) return 'None of them showed a certificate.';
  return `${jobName(job)} ${expiry < now ? 'expired' : 'expires next,'} ${expiryWords(expiry, now)}.`;
}

/** Adds how many hosts are still to be checked, so that a good or bad result is not taken for the whole. */
function uncheckedWords(jobs: readonly SummarizedJob[]): string {
  const unchecked = jobs.filter(({ paused, status }) => !paused && status === 'pending').length;
  if (unchecked === 0) return '';
  return ` ${count(unchecked, 'host')} not checked yet.`;
}

/** `3 of 128 need attention` */
export function attentionWords(needy: number, total: number): string {
  return `${digits(needy)} of ${digits(total)} ${needy === 1 ? 'needs' : 'need'} attention`;
}

export interface Headline {
  /** `3 of 128 need attention`. */
  title: string;
  /** `mail.example.com expires in 2 days.` */
  detail: string;
  /** The job that the detail is about. */
  jobId: string | null;
}

/** Returns the one sentence that matters, and the job that it is about. */
export function headline(jobs: readonly SummarizedJob[], now: number): Headline {
  if (jobs.length === 0) return { title: 'No hosts yet', detail: 'Add a host to start.', jobId: null };
  const needy = jobs.filter(needsPerson);
  const worst = needy.reduce<SummarizedJob | undefined>(
    (best, job) => (!best || byUrgency(job, best) < 0 ? job : best),
    undefined,
  );
  if (worst) {
    return {
      title: attentionWords(needy.length, jobs.length),
      detail: `${jobName(worst)} ${matter(worst, now)}.${uncheckedWords(jobs)}`,
      jobId: worst.id,
    };
  }
  const watched = jobs.filter(({ paused }) => !paused);
  if (watched.length === 0)
    return { title: 'All hosts are paused', detail: 'Resume a host to check it.', jobId: null };
  const unchecked = watched.filter(({ status }) => status === 'pending').length;
  if (unchecked === watched.length) {
    return {
      title: `Checking ${count(unchecked, 'host')}`,
      detail: 'The first results arrive soon.',
      jobId: null,
    };
  }
  // An accepted host may have expired already: it is not the next to expire.
  const ahead = watched.filter((job) => expiryOf(job) >= now);
  const first = (ahead.length > 0 ? ahead : watched).reduce((best, job) =>
    expiryOf(job) < expiryOf(best) ? job : best,
  );
  return { title: okTitle(watched.length, unchecked), detail: soonestWords(first, now), jobId: first.id };
}

/** @param watched number of hosts that are not paused @param unchecked how many of them have no result yet */
function okTitle(watched: number, unchecked: number): string {
  if (watched === 1) return 'The host is OK';
  if (unchecked === 0) return `All ${digits(watched)} hosts are OK`;
  return `${digits(watched - unchecked)} of ${count(watched, 'host')} checked, all OK`;
}
