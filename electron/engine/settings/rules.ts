import { resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import type { Threshold, Thresholds } from '../../../shared/schema/thresholds.ts';
import type { RuleSource } from '../sources.ts';

/** What holds for a job by the settings as they are. */
export class Rules implements RuleSource {
  readonly #source: { readonly settings: Settings };

  constructor(source: { readonly settings: Settings }) {
    this.#source = source;
  }

  get settings(): Settings {
    return this.#source.settings;
  }

  thresholdsOf(job: Job): Thresholds {
    return resolveRules(job, this.settings).thresholds;
  }

  notifyAtOf(job: Job): readonly Threshold[] {
    return resolveRules(job, this.settings).alerts.notifyAt;
  }
}
