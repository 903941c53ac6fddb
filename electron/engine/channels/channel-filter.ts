import { compareSeverity } from '../../../shared/domain/severity.ts';
import type { Alert, AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ChannelCommon } from '../../../shared/schema/channels/channel.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';

type FindJob = (id: string) => Job | undefined;

/** Which messages a webhook or channel is for. */
type Filter = Pick<Webhook, 'severity' | 'tags' | 'enabled'> &
  Partial<Pick<ChannelCommon, 'notTags' | 'kinds'>>;

/** What a message is about. */
interface Subject {
  /** The kind of its alert; null: it is of none, such as what a search found. */
  kind: Alert['kind'] | null;
  tags: readonly string[];
}

/** Whether the filter of a webhook or channel selects an alert. */
export function passesFilter(alert: Alert, job: FindJob, hook: Filter): boolean {
  return isUrgentFor(alert.severity, hook) && isFor(alert, job, hook);
}

/** Whether an alert is one of a webhook's hosts and kinds, however urgent it is. */
export function isFor({ jobId, kind }: Alert, job: FindJob, hook: Filter): boolean {
  return isAbout({ kind, tags: job(jobId)?.tags ?? [] }, hook);
}

/** Whether a message is one of a webhook's tags and kinds, however urgent it is. One that is for some kinds alone gets nothing without a kind. */
export function isAbout({ kind, tags: own }: Subject, hook: Filter): boolean {
  const { enabled, tags, notTags = [], kinds = [] } = hook;
  if (!enabled || (kinds.length > 0 && (kind === null || !kinds.includes(kind)))) return false;
  if (own.some((tag) => notTags.includes(tag))) return false;
  return tags.length === 0 || own.some((tag) => tags.includes(tag));
}

/** Whether a message is urgent enough for a webhook. */
export function isUrgentFor(severity: AlertSeverity, hook: Filter): boolean {
  return compareSeverity(severity, hook.severity) <= 0;
}
