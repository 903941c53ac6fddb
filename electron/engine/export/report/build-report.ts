import { daysLeft } from '../../../../shared/domain/days.ts';
import { jobName } from '../../../../shared/domain/job-name.ts';
import { isCounted } from '../../../../shared/domain/severity.ts';
import type { Report, ReportRow, ReportSection, reportSections } from '../../../../shared/schema/report.ts';
import { formatTarget } from '../../../../shared/schema/target.ts';
import { count } from '../../../../shared/text/words.ts';
import type { JobStanding } from '../../jobs/job-query.ts';

type SectionName = (typeof reportSections)[number];

export interface ReportOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** How many days to look ahead. */
  days: number;
  /** Only jobs that carry it; null: all. */
  tag: string | null;
  /** Returns when the job's certificate was last seen to change, in milliseconds since the epoch; null: never. */
  changedAt: (jobId: string) => number | null;
}

const changeWindowMs = 7 * 24 * 60 * 60 * 1000;
const expiryCodes: readonly string[] = ['expired', 'expiring'];

/**
 * Builds the report of what expires and what needs attention. Each host is in the first section that fits, and in “changed” too
 * when its certificate changed within a week. Hosts that need nothing within the given days are only counted.
 */
export function buildReport(standings: Iterable<JobStanding>, options: ReportOptions): Report {
  const { now, days, tag, changedAt } = options;
  const rows = new Map<SectionName, ReportRow[]>();
  const add = (section: SectionName, row: ReportRow) => {
    const found = rows.get(section);
    if (found) found.push(row);
    else rows.set(section, [row]);
  };
  let watched = 0;
  let paused = 0;
  let pending = 0;
  let lastCheckedAt: string | null = null;
  for (const standing of standings) {
    const { job, status, lastCheck } = standing;
    if (tag !== null && !job.tags.includes(tag)) continue;
    watched += 1;
    paused += Number(job.paused);
    pending += Number(status === 'pending');
    if (lastCheck && (lastCheckedAt === null || lastCheck.checkedAt > lastCheckedAt))
      lastCheckedAt = lastCheck.checkedAt;
    const row = rowOf(standing, now);
    const section = sectionOf(standing, row, options);
    if (section !== null) add(section, row);
    const changed = changedAt(job.id);
    if (changed !== null && changed <= now && now - changed < changeWindowMs)
      add('changed', { ...row, note: `Changed on ${new Date(changed).toISOString().slice(0, 10)}` });
  }
  const titles: Record<SectionName, string> = {
    expired: 'Expired',
    'renewal-overdue': 'Renewal overdue',
    'within-7-days': 'Expire within 7 days',
    'within-30-days': 'Expire within 30 days',
    later: `Expire within ${days} days`,
    unreachable: 'Unreachable',
    problems: 'Other problems',
    changed: 'Certificate changed within 7 days',
  };
  // SAFETY: Object.keys lists the keys of the table above, in their order.
  const order = Object.keys(titles) as SectionName[];
  const sections = order.flatMap((section): ReportSection[] => {
    const found = rows.get(section);
    return found ? [{ section, title: titles[section], rows: found.toSorted(byExpiry) }] : [];
  });
  return {
    createdAt: new Date(now).toISOString(),
    days,
    tag,
    watched,
    paused,
    pending,
    lastCheckedAt,
    sections,
  };
}

/** Those without a certificate come last. Two without one are equal: infinity less infinity is no number. */
function byExpiry(one: ReportRow, other: ReportRow): number {
  const time = (row: ReportRow) =>
    row.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(row.expiresAt);
  return time(one) - time(other) || one.name.localeCompare(other.name, 'en', { numeric: true }) || 0;
}

function rowOf({ job, status, lastCheck }: JobStanding, now: number): ReportRow {
  const expiresAt = lastCheck?.expiresAt ?? null;
  const owner = job.tags.find((one) => one.startsWith('owner:'))?.slice('owner:'.length);
  return {
    jobId: job.id,
    name: jobName(job),
    address: formatTarget(job.target),
    status,
    expiresAt,
    daysLeft: expiresAt === null ? null : daysLeft(expiresAt, now),
    issuer: lastCheck?.issuer ?? null,
    tags: [...job.tags],
    owner: owner || null,
    note: noteOf(lastCheck),
  };
}

/** Everything wrong beside the date, which the row has already. */
function noteOf(lastCheck: JobStanding['lastCheck']): string | null {
  const problems = (lastCheck?.problems ?? [])
    .filter(isCounted)
    .filter((one) => !expiryCodes.includes(one.code));
  const [worst] = problems;
  if (!worst) return null;
  return problems.length === 1
    ? worst.message
    : `${worst.message} And ${count(problems.length - 1, 'more problem')}.`;
}

function sectionOf(
  { status, lastCheck }: JobStanding,
  { expiresAt, daysLeft: left }: ReportRow,
  { now, days }: ReportOptions,
): SectionName | null {
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'expired';
  if (lastCheck?.renewalOverdueAt && Date.parse(lastCheck.renewalOverdueAt) <= now) return 'renewal-overdue';
  if (left !== null && left < 7) return 'within-7-days';
  if (left !== null && left < 30) return 'within-30-days';
  if (status === 'unreachable') return 'unreachable';
  if (status === 'critical' || (status === 'warning' && noteOf(lastCheck) !== null)) return 'problems';
  return left !== null && left < days ? 'later' : null;
}
