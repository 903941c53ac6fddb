import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { describeSchedule } from '../../../../shared/schema/describe-schedule.ts';
import type { Checks } from '../../../../shared/schema/event.ts';
import type { JobStatus, JobView } from '../../../../shared/schema/job.ts';
import { formatTarget } from '../../../../shared/schema/target.ts';
import { forJson, forTerminal, toCell } from '../../../../shared/text/foreign-text.ts';
import { interruptionWords } from '../../../../shared/text/interruption.ts';
import { count, dateInWords, expiryWords, utcTime } from '../../../../shared/text/words.ts';
import type { Remote } from '../../api-client.ts';
import type { RemoteContext } from '../../command-group.ts';
import { statusMarks } from '../../formats/result-text.ts';
import { renderTable } from '../../formats/table.ts';

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
export async function listJobs({ remote, output }: RemoteContext, options: ListOptions): Promise<void> {
  const { format, ...query } = options;
  const { items, total } = await remote.jobs.list(query);
  switch (format) {
    case 'json':
      output.write(`${forJson(JSON.stringify(items, null, 2))}\n`);
      return;
    case 'jsonl':
      for (const job of items) output.write(`${forJson(JSON.stringify(job))}\n`);
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
      mark && !paused ? { text: `${mark.sign} ${word}`, style: mark.colour } : `  ${word}`,
      name ? `${name} (${formatTarget(target)})` : formatTarget(target),
      lastCheck?.expiresAt ? expiryWords(lastCheck.expiresAt, now) : '',
      describeSchedule(schedule),
      tags.join(', '),
      id,
    ];
  });
  return renderTable(['STATUS', 'JOB', 'EXPIRES', 'SCHEDULE', 'TAGS', 'ID'], rows, stream);
}

function jobCsv(jobs: readonly JobView[]): string {
  const header = ['id', 'target', 'name', 'status', 'expires', 'issuer', 'tags', 'paused'];
  const rows = jobs.map(({ id, target, name, status, lastCheck, tags, paused }) =>
    [
      id,
      formatTarget(target),
      name,
      status,
      lastCheck?.expiresAt ?? '',
      lastCheck?.issuer ?? '',
      tags.join(';'),
      paused ? 'yes' : 'no',
    ].map((text) => toCell(forTerminal(text))),
  );
  return stringify([header, ...rows], { record_delimiter: 'windows' });
}

function progressWords({ running, waiting }: Checks): string {
  return waiting === 0 ? `${running} running` : `${running} running, ${waiting} waiting`;
}

/** `status` */
export async function printStatus({ remote, output }: RemoteContext, json: boolean): Promise<void> {
  const [status, { url, tokenFile }, { total: openAlerts }] = await Promise.all([
    remote.status(),
    remote.access.get(),
    remote.alerts.list({ open: true, limit: 1 }),
  ]);
  const dataDir = dirname(tokenFile);
  if (json) {
    output.write(`${forJson(JSON.stringify({ ...status, url, dataDir, openAlerts }, null, 2))}\n`);
    return;
  }
  const { byStatus, jobs, paused, checks, warning, offlineSince, pause, version, interruption } = status;
  const counts = Object.entries(byStatus).filter(([, many]) => many > 0);
  const lines = [
    `NotAfter ${version} watches ${count(jobs, 'job')}${counts.length > 0 ? `: ${counts.map(([word, many]) => `${many} ${word}`).join(', ')}` : ''}.`,
    ...(paused > 0 ? [`${count(paused, 'job')} paused.`] : []),
    ...(checks.running + checks.waiting > 0 ? [`Checks: ${progressWords(checks)}.`] : []),
    openAlerts === 0 ? 'No open alerts.' : `${count(openAlerts, 'open alert')}.`,
    `Page: ${url ?? 'the desktop app'}`,
    `Data folder: ${dataDir}`,
    ...(pause
      ? [pause.until ? `All checks are paused until ${utcTime(pause.until)}.` : 'All checks are paused.']
      : []),
    ...(offlineSince ? [`This machine has been offline since ${offlineSince}.`] : []),
    ...(warning ? [warning] : []),
    ...(interruption ? [interruptionWords(interruption, dateInWords)] : []),
  ];
  output.write(`${lines.map(forTerminal).join('\n')}\n`);
}
