import type { JobView } from '../../../../shared/schema/job.ts';
import {
  formatTarget,
  isFileTarget,
  type ParsedTarget,
  type Target,
  targetKey,
} from '../../../../shared/schema/target.ts';
import type { Remote } from '../../api-client.ts';
import { NoSuchJobError, UsageError } from '../../exit-status.ts';
import { parseCallersTarget } from '../../paths.ts';

/** The jobs that words name, or every job for `--all`. */
export async function findJobs(remote: Remote, words: readonly string[], all: boolean): Promise<JobView[]> {
  if (all === words.length > 0) throw new UsageError('Enter jobs, or use --all.');
  if (!all) return Promise.all(words.map((word) => findJob(remote, word)));
  const jobs: JobView[] = [];
  for (;;) {
    const { items, total } = await remote.jobs.list({ limit: 10_000, offset: jobs.length, sort: 'created' });
    jobs.push(...items);
    if (jobs.length >= total || items.length === 0) return jobs;
  }
}

/** A job by its id, its target or its name. @throws NoSuchJobError; UsageError where more than one is meant */
export async function findJob(remote: Remote, word: string): Promise<JobView> {
  const parsed = parseCallersTarget(word);
  const { items } = await remote.jobs.list({ search: searchWord(word, parsed), limit: 10_000 });
  const key = parsed.ok ? targetKey(parsed.target) : null;
  const exact = items.filter(
    ({ id, target, name }) =>
      id === word || name === word || targetKey(target) === key || formatTarget(target) === word,
  );
  const [job] = exact;
  if (exact.length > 1)
    throw new UsageError(
      `${word} matches several jobs: ${exact.map(({ id }) => id).join(', ')}. Use the id of one.`,
    );
  if (job) return job;
  return remote.jobs.get({ id: word.slice(0, 64) }).catch((error: { code?: string }) => {
    throw error.code === 'NOT_FOUND' ? new NoSuchJobError(`No job matches ${word}.`) : error;
  });
}

/** Returns the jobs that watch a target already. */
export async function jobsOfTarget(remote: Remote, target: Target): Promise<JobView[]> {
  const { items } = await remote.jobs.list({ search: placeOf(target).slice(0, 200), limit: 10_000 });
  return items.filter((job) => targetKey(job.target) === targetKey(target));
}

const placeOf = (target: Target) => (isFileTarget(target) ? target.file : target.host);

function searchWord(word: string, parsed: ParsedTarget): string {
  return (parsed.ok ? placeOf(parsed.target) : word).slice(0, 200);
}

/** The ids that words name; none for `--all`, which is about everything and not about each job. */
export async function namedIds(
  remote: Remote,
  words: readonly string[],
  all: boolean,
): Promise<{ ids?: string[] }> {
  if (all && words.length === 0) return {};
  return { ids: (await findJobs(remote, words, all)).map(({ id }) => id) };
}
