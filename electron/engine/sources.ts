import type { Job } from '../../shared/schema/job.ts';
import type { Settings } from '../../shared/schema/settings.ts';
import type { Thresholds } from '../../shared/schema/thresholds.ts';

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
}
