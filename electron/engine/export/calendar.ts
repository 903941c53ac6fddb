import { createHash } from 'node:crypto';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import { jobName } from '../../../shared/domain/job-name.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import { dateInWords } from '../../../shared/text/words.ts';
import type { JobStanding } from '../jobs/job-query.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface CalendarOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** Returns when the job's certificate was last seen to change, in milliseconds since the epoch; null: it was not. */
  changedAt: (jobId: string) => number | null;
  /** How many days before each event it reminds of itself; null: it does not. */
  alarmDays: number | null;
}

/** Revisions are counted in minutes from here, so that they fit the 32 bits of an integer (RFC 5545 §3.3.8). */
const firstRevisionMs = Date.UTC(2020, 0, 1);

/**
 * Writes when the certificates expire that were seen last, as a calendar (RFC 5545): one event for each job, on the day (UTC) of
 * the earliest notAfter of the leaf and what it is verified by, shown as free time.
 */
export function writeCalendar(
  jobs: Iterable<JobStanding>,
  { now, changedAt, alarmDays }: CalendarOptions,
): string {
  const calendar = ical({
    name: 'Certificates that expire',
    prodId: { company: 'NotAfter', product: 'NotAfter' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 6 * 60 * 60,
  });
  for (const { job, lastCheck } of jobs) {
    if (!lastCheck?.expiresAt) continue;
    const place = formatTarget(job.target);
    const revisedAt = Math.max(Date.parse(job.updatedAt), changedAt(job.id) ?? 0);
    const expiresAt = Date.parse(lastCheck.expiresAt);
    const day = Math.floor(expiresAt / dayMs) * dayMs;
    const event = calendar.createEvent({
      // The same certificate of the same job stays the same event; a renewed one moves it.
      id: `${createHash('sha256').update(job.id).digest('hex').slice(0, 32)}@notafter`,
      // It grows with each change, also where the next certificate expires sooner: clients ignore what does not (RFC 5546 §2.1.4).
      sequence: Math.max(0, Math.floor((revisedAt - firstRevisionMs) / 60_000)),
      stamp: new Date(now),
      lastModified: new Date(revisedAt),
      allDay: true,
      start: new Date(day),
      // The end is the first day after it (RFC 5545 §3.6.1, §3.8.2.2).
      end: new Date(day + dayMs),
      timezone: 'UTC',
      ...(isFileTarget(job.target) || job.target.starttls ? {} : { url: `https://${place}/` }),
      summary: `Certificate of ${jobName(job)} expires`,
      description: [
        place,
        `Expires on ${dateInWords(expiresAt)}`,
        lastCheck.issuer && `Issued by ${lastCheck.issuer}`,
        lastCheck.limitedBy && `“${lastCheck.limitedBy}”, further up the chain, expires then`,
        job.notes,
      ]
        .filter(Boolean)
        .join('\n'),
      transparency: ICalEventTransparency.TRANSPARENT,
      categories: job.tags.map((name) => ({ name })),
    });
    if (alarmDays !== null)
      event.createAlarm({ type: ICalAlarmType.display, trigger: alarmDays * 24 * 60 * 60 });
  }
  // Every line ends with CRLF, the last one too (RFC 5545 §3.1).
  return `${calendar.toString().trimEnd()}\r\n`;
}
