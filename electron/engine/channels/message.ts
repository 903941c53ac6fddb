import { createHash, randomUUID } from 'node:crypto';
import { jobName } from '../../../shared/domain/job-name.ts';
import { worstSeverity } from '../../../shared/domain/severity.ts';
import type { Alert, AlertSeverity } from '../../../shared/schema/alert.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { SearchMessage } from '../../../shared/schema/saved-search.ts';
import { formatTarget, type Target } from '../../../shared/schema/target.ts';
import { digestWords, upgradeWords } from '../alerts/digest-text.ts';

/** A job in the message to a hook. */
interface ToldJob {
  id: string;
  name: string;
  address: string;
  target: Target;
  tags: string[];
}

/** The message to a hook. `version` changes with every breaking change. */
export interface HookMessage {
  version: 1;
  /** Names the message: one that is sent again, since no answer came, has the same. */
  id: string;
  /**
   * `digest`: many alerts at once; `resolved`: an alert that people were notified of is no longer true; `discovery`: what a saved search found,
   * without alerts; `report`: a scheduled report; `test`: a test message.
   */
  event: 'alert' | 'digest' | 'resolved' | 'discovery' | 'report' | 'test';
  at: string;
  severity: AlertSeverity;
  title: string;
  body: string;
  alerts: { alert: Alert; job: ToldJob | null }[];
  /** Of a report alone: the whole of it in each form. */
  report?: { text: string; html: string; csv: string };
}

type FindJob = (id: string) => Job | undefined;

export function alertMessage(
  event: 'alert' | 'resolved',
  alert: Alert,
  job: FindJob,
  now: number,
): HookMessage {
  const { severity, title, body } = alert;
  return {
    version: 1,
    id: idOf(event, [alert]),
    event,
    at: new Date(now).toISOString(),
    severity,
    title: event === 'resolved' ? `Resolved: ${title}` : title,
    body,
    alerts: [{ alert, job: toldJob(job(alert.jobId)) }],
  };
}

/** Many alerts at once, or the one that there is. @param isByRules whether newer rules found them: a single one is a digest then, too */
export function digestMessage(
  alerts: readonly Alert[],
  job: FindJob,
  now: number,
  isByRules = false,
): HookMessage {
  const [only] = alerts;
  if (only && alerts.length === 1 && !isByRules) return alertMessage('alert', only, job, now);
  const nameOf = (id: string) => toldJob(job(id))?.name ?? 'a deleted host';
  return {
    version: 1,
    id: idOf('digest', alerts),
    event: 'digest',
    at: new Date(now).toISOString(),
    severity: worstSeverity(alerts.map(({ severity }) => severity)),
    ...(isByRules ? upgradeWords : digestWords)(alerts, nameOf),
    alerts: alerts.map((alert) => ({ alert, job: toldJob(job(alert.jobId)) })),
  };
}

/**
 * Returns the id of a message: the same for the same alerts as bad as they were, so that one that is sent twice, since the program
 * was ended between sending and writing that down, is known by it.
 */
function idOf(event: HookMessage['event'], alerts: readonly Alert[]): string {
  const told = alerts.map(({ jobId, key, raisedAt, kind, severity }) => [
    jobId,
    key,
    raisedAt,
    kind,
    severity,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([event, told]))
    .digest('hex')
    .slice(0, 32);
}

/** Returns what a message is about: one alert's own key, so that its messages keep their order; a digest has a separate key. */
export function messageKey(alerts: readonly Alert[]): string {
  const [only] = alerts;
  return only && alerts.length === 1 ? `${only.jobId} ${only.key}` : `digest ${randomUUID()}`;
}

/** An alert with its host as a channel knows it. */
export type StateEntry = HookMessage['alerts'][number];

/** Returns an alert with its host as it is called now. */
export function stateEntry(alert: Alert, job: FindJob): StateEntry {
  return { alert, job: toldJob(job(alert.jobId)) };
}

/** Returns a message with open alerts and those that were just resolved, for channels that keep a state. */
export function stateMessage(alerts: readonly StateEntry[], job: FindJob, now: number): HookMessage {
  const plain = alerts.map(({ alert }) => alert);
  return { ...digestMessage(plain, job, now), alerts: [...alerts] };
}

/** The message about a run of a saved search. @param runId the run: a message that is sent again has the same id */
export function discoveryMessage(runId: number, told: SearchMessage, now: number): HookMessage {
  const id = createHash('sha256')
    .update(JSON.stringify(['discovery', runId, told.title]))
    .digest('hex');
  return {
    version: 1,
    id: id.slice(0, 32),
    event: 'discovery',
    at: new Date(now).toISOString(),
    ...told,
    alerts: [],
  };
}

/**
 * Makes one message of several that wait for a chat: of each alert the newest, in the order in which they came, and what searches found
 * behind them.
 */
export function mergeMessages(messages: readonly HookMessage[], job: FindJob, now: number): HookMessage {
  const searches = messages.filter(({ event }) => event === 'discovery');
  const others = messages.filter(({ event }) => event !== 'discovery');
  const [first, ...rest] = others.length === 0 ? searches : [mergeAlerts(others, job, now), ...searches];
  if (!first) throw new Error('There is no message to merge.');
  const behind = rest.map(({ title, body }) => `${title}\n${body}`);
  const severity = worstSeverity([first, ...rest].map((one) => one.severity));
  return { ...first, severity, body: [first.body, ...behind].join('\n\n') };
}

function mergeAlerts(messages: readonly HookMessage[], job: FindJob, now: number): HookMessage {
  const newest = new Map<number, Alert>();
  for (const { alert } of messages.flatMap(({ alerts }) => alerts)) {
    newest.delete(alert.id);
    newest.set(alert.id, alert);
  }
  return digestMessage([...newest.values()], job, now);
}

export function testMessage(now: number): HookMessage {
  return {
    version: 1,
    id: randomUUID(),
    event: 'test',
    at: new Date(now).toISOString(),
    severity: 'info',
    title: 'NotAfter can reach you here',
    body: 'This is a test: nothing is wrong.',
    alerts: [],
  };
}

function toldJob(job: Job | undefined): ToldJob | null {
  if (!job) return null;
  const { id, target, tags } = job;
  return { id, name: jobName(job), address: formatTarget(target), target, tags };
}
