import { type AlertCause, alertText } from '../../../shared/domain/alerts/kinds.ts';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { dateInWords } from '../../../shared/text/words.ts';
import type { AlertMemory } from './alert-memory.ts';
import type { KeyedAlert } from './alert-store.ts';
import type { AlertJob } from './alerter-options.ts';
import { isAboutExpiry } from './conditions.ts';
import { digestWords, upgradeWords } from './digest-text.ts';
import { leafOf } from './leaf-change.ts';

/** What is known for so long may have changed since. */
const oldNewsMs = 86_400_000;
/** An alert that waited for longer is worded again: "in 2 hours" grows stale. */
const staleMs = 60_000;

export interface NotificationTextOptions {
  jobs: { get(id: string): AlertJob | undefined };
  /** When a job was checked last, in milliseconds since the epoch; null: that is not known. */
  results: { facts(id: string): { checkedAt: number | null } };
  memory: Pick<AlertMemory, 'memory'>;
}

type Words = Pick<Alert, 'title' | 'body'>;

/** Words alerts as seen from a time. */
export class NotificationText {
  readonly #options: NotificationTextOptions;

  constructor(options: NotificationTextOptions) {
    this.#options = options;
  }

  /** Words an alert. Of expiry it says, too, how old the news is that it goes by. */
  of(job: AlertJob, cause: AlertCause, now: number): Words {
    const { title, body } = alertText(jobName(job), cause, now);
    const { checkedAt } = this.#options.results.facts(job.id);
    const isOld = isAboutExpiry(cause.kind) && checkedAt !== null && now - checkedAt >= oldNewsMs;
    return { title, body: isOld ? `${body} Last checked on ${dateInWords(checkedAt)}.` : body };
  }

  /** Rewrites the text of an alert that waited, as of now: "in 2 hours" is out of date. */
  again(alert: KeyedAlert, wordedAt: number, now: number): Words {
    const { jobs, memory } = this.#options;
    const job = jobs.get(alert.jobId);
    if (!job || !isAboutExpiry(alert.kind) || now - wordedAt < staleMs) return alert;
    const { leaves, failing } = memory.memory(alert.jobId);
    const leaf = leaves.find(({ fingerprint }) => fingerprint === leafOf(alert));
    const unseenSince = failing?.since ?? null;
    return leaf ? this.of(job, { kind: alert.kind, leaf, leaves, unseenSince }, now) : alert;
  }

  /** Returns the alerts of a job that got another name, by that. */
  renamed(alerts: readonly KeyedAlert[], before: AlertJob, job: AlertJob): KeyedAlert[] {
    const [from, to] = [before, job].map(jobName);
    if (from === undefined || to === undefined || from === to) return [];
    return alerts
      .filter(({ title }) => title.startsWith(from))
      .map((alert) => ({ ...alert, title: to + alert.title.slice(from.length) }));
  }

  digest(alerts: readonly Alert[]): Words {
    return digestWords(alerts, this.#nameOf);
  }

  /** Words the summary of what newer rules change. */
  upgrade(alerts: readonly Alert[]): Words {
    return upgradeWords(alerts, this.#nameOf);
  }

  readonly #nameOf = (jobId: string): string => {
    const job = this.#options.jobs.get(jobId);
    return job ? jobName(job) : 'a deleted host';
  };
}
