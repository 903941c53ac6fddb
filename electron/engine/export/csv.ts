import { stringify } from 'csv-stringify/sync';
import { guessStarttls } from '../../../shared/domain/target-text.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { Schedule } from '../../../shared/schema/schedule.ts';
import { isFileTarget } from '../../../shared/schema/target.ts';
import { formatThreshold } from '../../../shared/schema/thresholds.ts';
import { csvColumns, type JobRow, tagsToCell, toCell } from '../../../shared/text/job-csv.ts';
import type { JobStanding } from '../jobs/job-query.ts';

/** What is written for people, and passed over when it is read. */
const standing = ['status', 'expires', 'issuer', 'accepted'] as const;

/** Writes jobs and their status as CSV (RFC 4180), with a header. The byte order mark has Excel read it as UTF-8. */
export function writeCsv(jobs: Iterable<JobStanding>): string {
  const rows = [...jobs].map(({ job, status, lastCheck }) => {
    const cells = {
      ...rowOf(job),
      status,
      expires: lastCheck?.expiresAt ?? '',
      issuer: lastCheck?.issuer ?? '',
      accepted: acceptedCell(job, lastCheck),
    };
    return [...csvColumns, ...standing].map((column) => toCell(cells[column] ?? ''));
  });
  return stringify([[...csvColumns, ...standing], ...rows], {
    bom: true,
    record_delimiter: 'windows',
    quoted_match: /^\s|\s$|\r/,
  });
}

/** The accepted problems of the last result, each with its reason. */
function acceptedCell({ accepted }: Job, lastCheck: JobStanding['lastCheck']): string {
  const codes = (lastCheck?.problems ?? []).filter((problem) => problem.accepted).map(({ code }) => code);
  return codes
    .map((code) => `${code}: ${accepted.find((one) => one.code === code)?.reason ?? ''}`)
    .join('; ');
}

function rowOf({ target, name, tags, notes, schedule, thresholds, paused }: Job): JobRow {
  return {
    ...(isFileTarget(target)
      ? { file: target.file, 'passphrase file': target.passphraseFile ?? '' }
      : {
          host: target.host,
          port: String(target.port),
          servername: target.servername ?? '',
          starttls: target.starttls ?? (guessStarttls(target.port) === null ? '' : 'none'),
        }),
    name,
    tags: tagsToCell(tags),
    notes,
    ...scheduleCells(schedule),
    warning: formatThreshold(thresholds.warning),
    critical: formatThreshold(thresholds.critical),
    paused: paused ? 'yes' : 'no',
  };
}

function scheduleCells(schedule: Schedule): JobRow {
  switch (schedule.type) {
    case 'adaptive':
      return { schedule: 'adaptive' };
    case 'interval':
      return { schedule: String(schedule.minutes) };
    case 'cron':
      return { schedule: schedule.pattern, timezone: schedule.timezone ?? '' };
  }
}
