import { inheritedRules } from '../../shared/schema/alert-rules.ts';
import { defaultConnection } from '../../shared/schema/connection.ts';
import type { JobView, LastCheck } from '../../shared/schema/job.ts';

const day = 86_400_000;

/** A job as the page sees it, with so many days left. `days` null: never seen a certificate. */
export function jobView(
  host: string,
  days: number | null,
  now: number,
  more: Partial<JobView> & { problems?: LastCheck['problems'] } = {},
): JobView {
  const { problems = [], ...job } = more;
  const time = (offset: number) => new Date(now + offset * day).toISOString();
  const status = job.status ?? 'ok';
  return {
    id: host,
    origin: null,
    revision: 'r1',
    target: { host, port: 443, servername: null, starttls: null },
    name: '',
    schedule: { type: 'adaptive' },
    thresholds: { warning: null, critical: null },
    alerts: inheritedRules,
    accepted: [],
    tags: [],
    notes: '',
    caFiles: [],
    connection: defaultConnection,
    paused: false,
    pausedUntil: null,
    createdAt: time(-100),
    updatedAt: time(-100),
    checking: false,
    nextDueAt: time(1),
    lastCheck:
      status === 'pending'
        ? null
        : {
            checkedAt: time(0),
            status,
            problems,
            validFrom: days === null ? null : time(days - 90),
            validTo: days === null ? null : time(days),
            expiresAt: days === null ? null : time(days),
            limitedBy: null,
            fingerprint256: null,
            keywords: `${host} cn=${host}`,
            issuer: 'Example CA',
            missed: 0,
            expectedRenewalAt: null,
            renewalOverdueAt: null,
          },
    ...job,
    status,
  };
}
