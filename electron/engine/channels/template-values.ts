import type { Json, TemplatePath } from '../../../shared/domain/channels/message-template.ts';
import type { HookMessage } from './message.ts';

/** Returns what a template can name of a message; what is not known is left out. */
export function templateValues(message: HookMessage, key: string): Partial<Record<TemplatePath, Json>> {
  const { event, severity, title, body, at, alerts } = message;
  const [entry] = alerts;
  const only = alerts.length === 1 ? entry : undefined;
  const { job } = only ?? {};
  return {
    event,
    severity,
    title,
    body,
    at,
    key,
    // SAFETY: a message is made of JSON values; it is kept as JSON until it is sent.
    alerts: alerts.map((one) => ({ ...one.alert, job: one.job })) as unknown as Json,
    'job.name': job?.name ?? null,
    'job.id': job?.id ?? null,
    address: job?.address ?? null,
    tags: job?.tags ?? [],
    ...(only
      ? {
          'alert.kind': only.alert.kind,
          'alert.severity': only.alert.severity,
          'alert.title': only.alert.title,
          'alert.body': only.alert.body,
          'alert.raisedAt': only.alert.raisedAt,
        }
      : {}),
  };
}
