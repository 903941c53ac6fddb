import { createHash } from 'node:crypto';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { Report, ReportTextFormat } from '../../../shared/schema/report.ts';
import type { ReportSchedule } from '../../../shared/schema/report-schedule.ts';
import { printable } from '../../../shared/text/foreign-text.ts';
import type { HookMessage } from '../channels/message.ts';
import { buildReport } from '../export/report/build-report.ts';
import { reportSummary, reportWriters } from '../export/report/write-report.ts';
import type { JobStanding } from '../jobs/job-query.ts';

/** What a report is made of. */
export interface ReportSource {
  /** Returns every job with its last check. */
  standings(): Iterable<JobStanding>;
  /** Returns when each job's certificate was last seen to change, in milliseconds since the epoch. */
  changeTimes(): ReadonlyMap<string, number>;
}

/** A report with what is needed to send it. */
export interface MadeReport {
  report: Report;
  message: HookMessage;
  /** Writes it in a format. */
  write(format: ReportTextFormat): string;
}

/** A chat has so many rows of a report; an email and the file have all that fit. */
const maxChatRows = 20;

/**
 * Makes a scheduled report.
 * @param dueAt the time that it is for, in milliseconds since the epoch: a message that is sent twice for it has the same id
 */
export function makeReport(
  { name, days, tag }: ReportSchedule,
  source: ReportSource,
  now: number,
  dueAt: number,
): MadeReport {
  const times = source.changeTimes();
  const changedAt = (id: string) => times.get(id) ?? null;
  const report = buildReport(source.standings(), { now, days, tag, changedAt });
  const write = (format: ReportTextFormat) => reportWriters[format].write(report);
  const message: HookMessage = {
    version: 1,
    id: createHash('sha256')
      .update(JSON.stringify(['report', name, dueAt]))
      .digest('hex')
      .slice(0, 32),
    event: 'report',
    at: new Date(now).toISOString(),
    severity: severityOf(report),
    title: `Certificate report: ${name}`,
    body: chatBody(report),
    alerts: [],
    report: { text: write('text'), html: write('html'), csv: write('csv') },
  };
  return { report, message, write };
}

/** Tells whether nothing expires and nothing needs attention. That certificates were renewed is no reason to write. */
export function isEmptyReport({ sections }: Report): boolean {
  return sections.every(({ section }) => section === 'changed');
}

function severityOf(report: Report): AlertSeverity {
  const has = (...names: readonly string[]) => report.sections.some(({ section }) => names.includes(section));
  if (has('expired')) return 'critical';
  return has('renewal-overdue', 'within-7-days', 'within-30-days', 'unreachable', 'problems')
    ? 'warning'
    : 'info';
}

function chatBody(report: Report): string {
  const rows = report.sections
    .filter(({ section }) => section !== 'changed')
    .flatMap(({ title, rows: found }) =>
      found.map(({ name, expiresAt }) => {
        const date = expiresAt === null ? '' : `, ${expiresAt.slice(0, 10)}`;
        return `• ${printable(name, 100)}: ${title.toLowerCase()}${date}`;
      }),
    );
  const more = rows.length - maxChatRows;
  return [
    reportSummary(report),
    ...rows.slice(0, maxChatRows),
    ...(more > 0 ? [`… and ${more.toLocaleString('en')} more`] : []),
  ].join('\n');
}
