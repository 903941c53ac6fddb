import { type AlertRules, inheritedRules } from '../../../../shared/schema/alert-rules.ts';
import { parseSchedule, type Schedule } from '../../../../shared/schema/schedule.ts';
import { formatTarget, isFileTarget, type Target, targetKey } from '../../../../shared/schema/target.ts';
import {
  defaultThresholds,
  notifyAtHelp,
  parseNotifyAt,
  parseThreshold,
  type Thresholds,
  thresholdHelp,
} from '../../../../shared/schema/thresholds.ts';
import { forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { type ConnectionOptions, readConnectionFields } from '../../connection-options.ts';
import { UsageError } from '../../exit-status.ts';
import { type StarttlsOption, starttlsOf } from '../../options.ts';
import { fromCaller, parseCallersTarget, targetRefusal } from '../../paths.ts';
import { findJob, findJobs, jobsOfTarget, namedIds } from './find.ts';

export interface JobFields extends ConnectionOptions {
  starttls?: StarttlsOption;
  servername?: string;
  name?: string;
  tag?: string[];
  notes?: string;
  schedule?: string;
  timezone?: string;
  warning?: string;
  critical?: string;
  notifyAt?: string;
  ca?: string[];
  passphraseFile?: string;
  duplicate?: boolean;
  paused?: boolean;
}

/** @throws UsageError with the sentence of the schema */
function readSchedule(text: string, timezone: string | undefined): Schedule {
  const parsed = parseSchedule(text, timezone);
  if (!parsed.ok) throw new UsageError(`--${parsed.field}: ${parsed.message}`);
  return parsed.schedule;
}

/** The rules of a new job. */
const inherited = { thresholds: defaultThresholds, alerts: inheritedRules };

/** @param before the job's rules: what is not named stays */
function readFields(
  { name, tag, notes, schedule, timezone, warning, critical, notifyAt, ca, paused }: JobFields,
  before: { thresholds: Thresholds; alerts: AlertRules } = inherited,
) {
  if (timezone !== undefined && schedule === undefined)
    throw new UsageError('--timezone needs a cron pattern in --schedule.');
  const threshold = (option: 'warning' | 'critical', text: string) => {
    const read = parseThreshold(text);
    if (read === undefined) throw new UsageError(`--${option}: ${thresholdHelp}`);
    return read;
  };
  return {
    ...(name === undefined ? {} : { name }),
    // An empty word clears them.
    ...(tag === undefined ? {} : { tags: tag.filter((one) => one !== '') }),
    ...(notes === undefined ? {} : { notes }),
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule, timezone) }),
    ...(warning === undefined && critical === undefined
      ? {}
      : {
          thresholds: {
            warning: warning === undefined ? before.thresholds.warning : threshold('warning', warning),
            critical: critical === undefined ? before.thresholds.critical : threshold('critical', critical),
          },
        }),
    ...(notifyAt === undefined ? {} : { alerts: { ...before.alerts, notifyAt: readNotifyAt(notifyAt) } }),
    ...(ca === undefined ? {} : { caFiles: ca.filter((one) => one !== '').map(fromCaller) }),
    ...(paused === undefined ? {} : { paused }),
  };
}

/** @throws UsageError with what to write */
function readNotifyAt(text: string): AlertRules['notifyAt'] {
  const points = parseNotifyAt(text);
  if (points === undefined) throw new UsageError(`--notify-at: ${notifyAtHelp}`);
  return points;
}

/** `jobs add`: prints the id of each job that was added. Nothing is added if a target cannot be read, or has a job already. */
export async function addJobs(
  { remote, output }: RemoteContext,
  hosts: readonly string[],
  options: JobFields,
): Promise<void> {
  const connection = readConnectionFields(options, options.passphraseFile);
  const fields = { ...readFields(options), connection };
  const targets = hosts.map((host) => readTarget(host, options));
  if (options.duplicate !== true) await refuseDuplicates(remote, targets);
  for (const { target, ...noted } of targets) {
    const { id } = await remote.jobs.add({ target, ...noted, ...fields });
    output.write(`${id}  ${forTerminal(formatTarget(target))}\n`);
  }
}

function readTarget(host: string, { starttls, servername, passphraseFile, clientCert }: JobFields) {
  const parsed = parseCallersTarget(host);
  if (!parsed.ok)
    throw new UsageError(
      targetRefusal(host, parsed.message, 'To read hosts from standard input, use notafter jobs import -.'),
    );
  const isFile = isFileTarget(parsed.target);
  if (!isFile && passphraseFile && clientCert === undefined)
    throw new UsageError(
      `--passphrase-file: only a certificate file and a client key have a passphrase, and ${host} is a host.`,
    );
  if (isFile && (starttls !== undefined || servername))
    throw new UsageError(`${host} is a certificate file: it has no --starttls and no --servername.`);
  const target: Target = {
    ...parsed.target,
    ...(starttls === undefined ? {} : { starttls: starttlsOf(starttls) }),
    ...(servername ? { servername } : {}),
    ...(isFile && passphraseFile ? { passphraseFile: fromCaller(passphraseFile) } : {}),
  };
  return { target, ...(parsed.note === undefined ? {} : { notes: parsed.note }) };
}

/** @throws UsageError with the jobs that watch one of the targets already */
async function refuseDuplicates(
  remote: RemoteContext['remote'],
  targets: readonly { target: Target }[],
): Promise<void> {
  const sentences: string[] = [];
  const seen = new Set<string>();
  for (const { target } of targets) {
    const [job] = await jobsOfTarget(remote, target);
    if (job) sentences.push(`${formatTarget(target)} is already watched by job ${job.id}.`);
    else if (seen.has(targetKey(target))) sentences.push(`${formatTarget(target)} is given twice.`);
    seen.add(targetKey(target));
  }
  if (sentences.length > 0)
    throw new UsageError(
      `${sentences.join(' ')} Nothing was added. Change a job with notafter jobs edit, or add another with --duplicate.`,
    );
}

/** `jobs edit` */
export async function editJob(
  { remote, output }: RemoteContext,
  word: string,
  { starttls, servername, passphraseFile, ...options }: JobFields & { host?: string; port?: number },
): Promise<void> {
  const job = await findJob(remote, word);
  const { host, port } = options;
  const target = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(starttls === undefined ? {} : { starttls: starttlsOf(starttls) }),
    ...(servername === undefined ? {} : { servername: servername || null }),
    ...(passphraseFile === undefined || !isFileTarget(job.target)
      ? {}
      : { passphraseFile: passphraseFile === '' ? null : fromCaller(passphraseFile) }),
  };
  const connection = readConnectionFields(options, passphraseFile);
  const patch = {
    ...readFields(options, job),
    ...(Object.keys(connection).length > 0 ? { connection: { ...job.connection, ...connection } } : {}),
    ...(Object.keys(target).length > 0 ? { target } : {}),
  };
  if (Object.keys(patch).length === 0)
    throw new UsageError('Nothing to change. See notafter jobs edit --help.');
  const edited = await remote.jobs.edit({ id: job.id, revision: job.revision, ...patch });
  output.write(`Changed ${forTerminal(formatTarget(edited.target))}.\n`);
}

/** `jobs remove` */
export async function removeJobs(
  { remote, output }: RemoteContext,
  words: readonly string[],
  all: boolean,
): Promise<void> {
  const found = await findJobs(remote, words, all);
  if (found.length === 0) return void output.write('There are no jobs.\n');
  const { jobs } = await remote.jobs.removeMany({ ids: found.map(({ id }) => id) });
  output.write(`Deleted ${count(jobs, 'job')}.\n`);
}

/** `jobs pause` */
export async function pauseJobs(
  { remote, output }: RemoteContext,
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
  { remote, output }: RemoteContext,
  words: readonly string[],
  all: boolean,
): Promise<void> {
  const ids = await namedIds(remote, words, all);
  const { jobs } = await remote.jobs.resumeAll(ids);
  output.write(all ? 'Checks resumed.\n' : `Resumed ${count(jobs, 'job')}.\n`);
}
