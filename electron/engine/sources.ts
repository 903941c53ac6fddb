import type { Job } from '../../shared/schema/job.ts';
import type { Settings } from '../../shared/schema/settings.ts';
import type { Threshold, Thresholds } from '../../shared/schema/thresholds.ts';

/** Where a part reads jobs. */
export interface JobSource {
  get(id: string): Job | undefined;
  list(): Iterable<Job>;
}

/** Where a part reads the settings, and what holds for a job by them. */
export interface RuleSource {
  readonly settings: Settings;
  /** Returns the thresholds of a job: its own, or those of its tags or the settings. */
  thresholdsOf(job: Job): Thresholds;
  /** Returns the further notification points of a job: its own, or those of its tags or the settings. */
  notifyAtOf(job: Job): readonly Threshold[];
}
