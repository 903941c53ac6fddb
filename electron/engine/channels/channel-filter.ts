import { compareSeverity } from '../../../shared/domain/severity.ts';
import type { Alert, AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ChannelCommon } from '../../../shared/schema/channels/channel.ts';
import type { Job } from '../../../shared/schema/job.ts';

type FindJob = (id: string) => Job | undefined;

/** Which messages a channel is for. */
type Filter = Pick<ChannelCommon, 'severity' | 'tags' | 'enabled' | 'notTags' | 'kinds'>;

/** What a message is about. */
interface Subject {
  /** The kind of its alert; null: it is of none, such as what a search found. */
  kind: Alert['kind'] | null;
  tags: readonly string[];
}

/** Whether the filter of a channel selects an alert. */
export function passesFilter(alert: Alert, job: FindJob, channel: Filter): boolean {
  return isUrgentFor(alert.severity, channel) && isFor(alert, job, channel);
}

/** Whether an alert is one of a channel's hosts and kinds, however urgent it is. */
export function isFor({ jobId, kind }: Alert, job: FindJob, channel: Filter): boolean {
  return isAbout({ kind, tags: job(jobId)?.tags ?? [] }, channel);
}

/** Whether a message is one of a channel's tags and kinds, however urgent it is. One that is for some kinds alone gets nothing without a kind. */
export function isAbout({ kind, tags: own }: Subject, channel: Filter): boolean {
  const { enabled, tags, notTags, kinds } = channel;
  if (!enabled || (kinds.length > 0 && (kind === null || !kinds.includes(kind)))) return false;
  if (own.some((tag) => notTags.includes(tag))) return false;
  return tags.length === 0 || own.some((tag) => tags.includes(tag));
}

/** Whether a message is urgent enough for a channel. */
export function isUrgentFor(severity: AlertSeverity, channel: Filter): boolean {
  return compareSeverity(severity, channel.severity) <= 0;
}
