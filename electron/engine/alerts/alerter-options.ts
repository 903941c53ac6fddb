import type { Job } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import type { Quiet } from '../../../shared/schema/time-window.ts';
import type { Clock } from '../clock.ts';
import type { AlertEvent } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { AlertStorage } from './alert-memory.ts';
import type { NotificationQueueOptions } from './notification-queue.ts';

/** The job that an alert is about, and the rules that apply to it. */
export type AlertJob = Pick<
  Job,
  'id' | 'name' | 'target' | 'tags' | 'thresholds' | 'alerts' | 'accepted' | 'paused'
>;

export interface AlerterOptions {
  clock: Clock;
  storage: AlertStorage;
  rules: {
    readonly settings: Pick<Settings, 'thresholds' | 'alerts' | 'tagRules' | keyof Quiet> &
      Partial<Pick<Settings, 'pause'>>;
  };
  jobs: { get(id: string): AlertJob | undefined };
  /** When a job was checked last, in milliseconds since the epoch; null: that is not known. */
  results: { facts(id: string): { checkedAt: number | null } };
  log: Log;
  /**
   * Called when a condition that was not raised yet must be evaluated again: a maintenance window has ended, or it has
   * lasted. The callee observes the job again. @param keys of the conditions
   */
  onRelook: (jobId: string, keys: readonly string[]) => void;
  onReleased: NotificationQueueOptions['onReleased'];
  /** Takes what people are notified of, and how alerts change. */
  journal: { record(event: AlertEvent): void };
  /** In place of `rulesVersion`. */
  rulesVersion?: number;
}
