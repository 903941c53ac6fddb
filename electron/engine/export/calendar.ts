import { createHash } from 'node:crypto';
import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import { jobName } from '../../../shared/domain/job-name.ts';
import { formatTarget } from '../../../shared/schema/target.ts';
import type { JobStanding } from '../jobs/job-query.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * When the certificates expire that were seen last, as a calendar (RFC 5545): one event for each job, at the
 * earliest notAfter of the leaf and what it is verified by, and for nobody a reason to be busy.
 * @param now milliseconds since the epoch
 */
export function writeCalendar(jobs: Iterable<JobStanding>, now: number): string {
  const calendar = ical({
    name: 'Certificates that expire',
    prodId: { company: 'NotAfter', product: 'NotAfter' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 6 * 60 * 60,
  });
  for (const { job, lastCheck } of jobs) {
    if (!lastCheck?.expiresAt) continue;
    const place = formatTarget(job.target);
    calendar.createEvent({
      // The same certificate of the same job stays the same event; a renewed one moves it.
      id: `${createHash('sha256').update(job.id).digest('hex').slice(0, 32)}@notafter`,
      sequence: Math.max(0, Math.floor(Date.parse(lastCheck.expiresAt) / dayMs)),
      stamp: new Date(now),
      start: new Date(lastCheck.expiresAt),
      end: new Date(lastCheck.expiresAt),
      summary: `Certificate of ${jobName(job)} expires`,
      description: [
        place,
        lastCheck.issuer && `Issued by ${lastCheck.issuer}`,
        lastCheck.limitedBy && `“${lastCheck.limitedBy}”, further up the chain, expires then`,
        job.notes,
      ]
        .filter(Boolean)
        .join('\n'),
      transparency: ICalEventTransparency.TRANSPARENT,
      categories: job.tags.map((name) => ({ name })),
    });
  }
  return calendar.toString();
}
