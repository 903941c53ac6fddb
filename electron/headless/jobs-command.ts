import { readFileSync, writeFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import type { ImportFormat } from '../../shared/contract/import-report.ts';
import type { JobStatus, JobView } from '../../shared/job.ts';
import { toCell } from '../../shared/job-csv.ts';
import { describeSchedule } from '../../shared/schedule.ts';
import { formatTarget, parseTarget, type StarttlsProtocol, targetKey } from '../../shared/target.ts';
import {
  defaultThresholds,
  parseThreshold,
  type Thresholds,
  thresholdHelp,
} from '../../shared/thresholds.ts';
import { count, expiryWords } from '../../shared/words.ts';
import { readSchedule } from '../engine/import/csv.ts';
import { Queue } from '../engine/schedule/queue.ts';
import { type CheckFormat, renderAll, renderOne } from './check-formats.ts';
import { NoSuchJobError, UsageError, worstStatus } from './exit-status.ts';
import type { Remote } from './remote.ts';
import { statusMarks } from './result-text.ts';
import { renderTable } from './table.ts';

/** What `jobs` commands need: the engine, and where to write. */
export interface JobsContext {
  remote: Remote;
  output: NodeJS.WriteStream;
}

export const listFormats = ['table', 'json', 'jsonl', 'csv'] as const;

export interface ListOptions {
  status?: JobStatus;
  tag?: string;
  search?: string;
  sort: NonNullable<NonNullable<Parameters<Remote['jobs']['list']>[0]>['sort']>;
  limit: number;
  format: (typeof listFormats)[number];
}

/** `jobs list` */
export async function listJobs({ remote, output }: JobsContext, options: ListOptions): Promise<void> {
  const { format, ...query } = options;
  const { items, total } = await remote.jobs.list(query);
  switch (format) {
    case 'json':
      output.write(`${JSON.stringify(items, null, 2)}\n`);
      return;
    case 'jsonl':
      for (const job of items) output.write(`${JSON.stringify(job)}\n`);
      return;
    case 'csv':
      output.write(jobCsv(items));
      return;
    case 'table':
      output.write(items.length === 0 ? 'There are no such jobs.\n' : jobTable(items, output));
      if (total > items.length)
        output.write(`${total - items.length} more; --limit shows more, --search and --tag less.\n`);
  }
}

function jobTable(jobs: readonly JobView[], stream: NodeJS.WriteStream): string {
  const now = Date.now();
  const rows = jobs.map(({ id, target, name, status, paused, lastCheck, tags, schedule }) => {
    const mark = status === 'pending' ? null : statusMarks[status];
    const word = paused ? 'paused' : status;
    return [
      mark && !paused ? styleText(mark.colour, `${mark.sign} ${word}`, { stream }) : `  ${word}`,
      name ? `${name} (${formatTarget(target)})` : formatTarget(target),
      lastCheck?.validTo ? expiryWords(lastCheck.validTo, now) : '',
      describeSchedule(schedule),
      tags.join(', '),
      id,
    ];
  });
  return renderTable(['STATUS', 'JOB', 'EXPIRES', 'CHECKED', 'TAGS', 'ID'], rows, stream);
}

function jobCsv(jobs: readonly JobView[]): string {
  const header = ['id', 'target', 'name', 'status', 'expires', 'issuer', 'tags', 'paused'];
  const rows = jobs.map(({ id, target, name, status, lastCheck, tags, paused }) =>
    [
      id,
      formatTarget(target),
      name,
      status,
      lastCheck?.validTo ?? '',
      lastCheck?.issuer ?? '',
      tags.join(';'),
      paused ? 'yes' : 'no',
    ].map(toCell),
  );
  return stringify([header, ...rows], { record_delimiter: 'windows' });
}

export interface JobFields {
  starttls?: StarttlsProtocol;
  servername?: string;
  name?: string;
  tag?: string[];
  notes?: string;
  schedule?: string;
  timezone?: string;
  warning?: string;
  critical?: string;
  ca?: string[];
  paused?: boolean;
}

/** @param before thresholds that stand: what is not named stays */
function readFields(
  { name, tag, notes, schedule, timezone, warning, critical, ca, paused }: JobFields,
  before: Thresholds = defaultThresholds,
) {
  if (timezone !== undefined && schedule === undefined)
    throw new UsageError('--timezone goes with the cron pattern of --schedule.');
  const threshold = (text: string) => {
    const read = parseThreshold(text);
    if (read === undefined) throw new UsageError(thresholdHelp);
    return read;
  };
  return {
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(notes === undefined ? {} : { notes }),
    // True because the engine's schema reads it: what is no schedule is refused there, at its field.
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule, timezone) as { type: 'adaptive' } }),
    ...(warning === undefined && critical === undefined
      ? {}
      : {
          thresholds: {
            warning: warning === undefined ? before.warning : threshold(warning),
            critical: critical === undefined ? before.critical : threshold(critical),
          },
        }),
    ...(ca === undefined ? {} : { caFiles: ca }),
    ...(paused === undefined ? {} : { paused }),
  };
}

/** `jobs add`: prints the id of each job that was added. Nothing is added where one of the targets is none. */
export async function addJobs(
  { remote, output }: JobsContext,
  hosts: readonly string[],
  options: JobFields,
): Promise<void> {
  const fields = readFields(options);
  const targets = hosts.map((host) => {
    const parsed = parseTarget(host);
    if (!parsed.ok) throw new UsageError(`${host}: ${parsed.message}`);
    const { starttls, servername } = options;
    return { ...parsed.target, ...(starttls ? { starttls } : {}), ...(servername ? { servername } : {}) };
  });
  for (const target of targets) {
    const { id } = await remote.jobs.add({ target, ...fields });
    output.write(`${id}  ${formatTarget(target)}\n`);
  }
}

/** `jobs edit` */
export async function editJob(
  { remote, output }: JobsContext,
  word: string,
  { starttls, servername, ...options }: JobFields & { host?: string; port?: number },
): Promise<void> {
  const job = await findJob(remote, word);
  const { host, port } = options;
  const target = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(starttls === undefined ? {} : { starttls }),
    ...(servername === undefined ? {} : { servername }),
  };
  const patch = {
    ...readFields(options, job.thresholds),
    ...(Object.keys(target).length > 0 ? { target } : {}),
  };
  if (Object.keys(patch).length === 0)
    throw new UsageError('Say what to change; see notafter jobs edit --help.');
  const edited = await remote.jobs.edit({ id: job.id, revision: job.revision, ...patch });
  output.write(`Changed ${formatTarget(edited.target)}.\n`);
}

/** The jobs that words name, or every job for `--all`. */
async function findJobs(remote: Remote, words: readonly string[], all: boolean): Promise<JobView[]> {
  if (all === words.length > 0) throw new UsageError('Name jobs, or say --all.');
  if (!all) return Promise.all(words.map((word) => findJob(remote, word)));
  const jobs: JobView[] = [];
  for (;;) {
    const { items, total } = await remote.jobs.list({ limit: 10_000, offset: jobs.length, sort: 'created' });
    jobs.push(...items);
    if (jobs.length >= total || items.length === 0) return jobs;
  }
}

/** A job by its id, its target or its name. @throws NoSuchJobError; UsageError where more than one is meant */
async function findJob(remote: Remote, word: string): Promise<JobView> {
  const parsed = parseTarget(word);
  const { items } = await remote.jobs.list({ search: searchWord(word, parsed), limit: 10_000 });
  const key = parsed.ok ? targetKey(parsed.target) : null;
  const exact = items.filter(
    ({ id, target, name }) =>
      id === word || name === word || targetKey(target) === key || formatTarget(target) === word,
  );
  const [job] = exact;
  if (exact.length > 1)
    throw new UsageError(`${word} is more than one job: ${exact.map(({ id }) => id).join(', ')}.`);
  if (job) return job;
  return remote.jobs.get({ id: word.slice(0, 64) }).catch((error: { code?: string }) => {
    throw error.code === 'NOT_FOUND' ? new NoSuchJobError(`There is no job ${word}.`) : error;
  });
}

function searchWord(word: string, parsed: ReturnType<typeof parseTarget>): string {
  const text = parsed.ok && 'host' in parsed.target ? parsed.target.host : word;
  return text.slice(0, 200);
}

/** `jobs remove` */
export async function removeJobs(
  { remote, output }: JobsContext,
  words: readonly string[],
  all: boolean,
): Promise<void> {
  const found = await findJobs(remote, words, all);
  if (found.length === 0) return void output.write('There are no jobs.\n');
  const { jobs } = await remote.jobs.removeMany({ ids: found.map(({ id }) => id) });
  output.write(`Deleted ${count(jobs, 'job')}.\n`);
}

/** The ids that words name; none for `--all`, which is about everything and not about each job. */
async function namedIds(remote: Remote, words: readonly string[], all: boolean): Promise<{ ids?: string[] }> {
  if (all && words.length === 0) return {};
  return { ids: (await findJobs(remote, words, all)).map(({ id }) => id) };
}

/** `jobs pause` */
export async function pauseJobs(
  { remote, output }: JobsContext,
  words: readonly string[],
  { all, for: minutes, until }: { all: boolean; for?: number; until?: string },
): Promise<void> {
  const end = { ...(minutes === undefined ? {} : { minutes }), ...(until === undefined ? {} : { until }) };
  const ids = await namedIds(remote, words, all);
  const { jobs } = await remote.jobs.pauseAll({ ...ids, ...end });
  output.write(all ? 'All checks are paused.\n' : `Paused ${count(jobs, 'job')}.\n`);
}

/** `jobs resume` */
export async function resumeJobs(
  { remote, output }: JobsContext,
  words: readonly string[],
  all: boolean,
): Promise<void> {
  const ids = await namedIds(remote, words, all);
  const { jobs } = await remote.jobs.resumeAll(ids);
  output.write(all ? 'Checks go on.\n' : `Resumed ${count(jobs, 'job')}.\n`);
}

const requestsAtOnce = 50;

/** `jobs check`: checks now and prints what was found. @returns the exit status */
export async function checkJobs(
  { remote, output }: JobsContext,
  words: readonly string[],
  { all, format }: { all: boolean; format: CheckFormat },
): Promise<number> {
  const jobs = await findJobs(remote, words, all);
  // The engine's own queue says how many run at once; so many requests wait for them.
  const queue = new Queue({ total: () => requestsAtOnce, perGroup: () => requestsAtOnce }, (id) =>
    remote.jobs.check({ id }),
  );
  const pending = jobs.map(async (job) => ({
    name: job.name || formatTarget(job.target),
    result: await queue.add(job.id, ''),
  }));
  const results = [];
  for (const one of pending) {
    const named = await one;
    results.push(named);
    output.write(renderOne(format, named, output) ?? '');
  }
  output.write(renderAll(format, results, output));
  return worstStatus(results.map(({ result }) => result));
}

/** `jobs import` @returns 0, or 1 where something could not be read */
export async function importJobs(
  { remote, output }: JobsContext,
  path: string,
  { format, dryRun, json }: { format?: ImportFormat; dryRun: boolean; json: boolean },
): Promise<number> {
  let body: string;
  try {
    body = readFileSync(path === '-' ? process.stdin.fd : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const headers = path.endsWith('.csv') ? { 'content-type': 'text/csv' } : {};
  const query = { dryRun, ...(format === undefined ? {} : { format }) };
  const report = await remote.jobs.import({ body, headers, query });
  if (json) output.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    for (const { line, text, outcome, message } of report.entries)
      if (message !== null || dryRun)
        output.write(`${path}:${line}: ${outcome}: ${text}${message === null ? '' : ` (${message})`}\n`);
    const { added, merged, duplicates, invalid } = report;
    output.write(
      `${dryRun ? 'Would add' : 'Added'} ${count(added, 'job')}; ${merged} merged, ${count(duplicates, 'duplicate')}, ${invalid} not understood (${report.format}).\n`,
    );
  }
  return report.invalid > 0 ? 1 : 0;
}

export const exportFormats = ['json', 'csv', 'ics', 'pem'] as const;

/** `jobs export` */
export async function exportJobs(
  { remote, output }: JobsContext,
  { format, output: path }: { format: (typeof exportFormats)[number]; output?: string },
): Promise<void> {
  const text = await exportText(remote, format);
  if (path === undefined) return void output.write(text);
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

async function exportText(remote: Remote, format: (typeof exportFormats)[number]): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(await remote.jobs.export(), null, 2)}\n`;
    case 'csv':
      return (await remote.jobs.exportCsv()).text();
    case 'ics':
      return (await remote.jobs.calendar()).text();
    case 'pem':
      return (await remote.jobs.certificates({})).text();
  }
}

/** `status` */
export async function printStatus({ remote, output }: JobsContext, json: boolean): Promise<void> {
  const status = await remote.status();
  if (json) return void output.write(`${JSON.stringify(status, null, 2)}\n`);
  const { byStatus, jobs, paused, checking, warning, offlineSince, pause, version } = status;
  const counts = Object.entries(byStatus).filter(([, many]) => many > 0);
  const lines = [
    `NotAfter ${version} watches ${count(jobs, 'job')}${counts.length > 0 ? `: ${counts.map(([word, many]) => `${many} ${word}`).join(', ')}` : ''}.`,
    ...(paused > 0 ? [`${count(paused, 'job')} paused.`] : []),
    ...(checking > 0 ? [`${count(checking, 'check')} run or wait.`] : []),
    ...(pause
      ? [pause.until ? `All checks are paused until ${pause.until}.` : 'All checks are paused.']
      : []),
    ...(offlineSince ? [`This machine is offline since ${offlineSince}.`] : []),
    ...(warning ? [warning] : []),
  ];
  output.write(`${lines.join('\n')}\n`);
}
