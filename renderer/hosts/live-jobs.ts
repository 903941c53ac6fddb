import type { Checks, EngineEvent, EngineState } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';

/** What the page shows of the engine at one moment. */
export interface LiveSnapshot {
  jobs: readonly JobView[];
  /** State of NotAfter itself. */
  state: EngineState;
  /** How far the checks are, as the engine counts them. */
  checks: Checks;
  /** Number of alert events since the page opened. */
  alertsHeard: number;
}

const allIsWell: EngineState = {
  warning: null,
  offlineSince: null,
  pause: null,
  quietUntil: null,
  desktop: null,
  interruption: null,
  failingChannels: [],
};

export const noChecks: Checks = { done: 0, running: 0, waiting: 0, runningIds: [] };

export const emptySnapshot: LiveSnapshot = { jobs: [], state: allIsWell, checks: noChecks, alertsHeard: 0 };

/** The jobs that a page knows, kept up to date by the engine's events. */
export class LiveJobs {
  readonly #jobs = new Map<string, JobView>();
  #state = allIsWell;
  #checks = noChecks;
  #alertsHeard = 0;

  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  replaceAll(jobs: readonly JobView[]): void {
    this.#jobs.clear();
    for (const job of jobs) this.#jobs.set(job.id, job);
  }

  setState(status: EngineState): void {
    const { warning, offlineSince, pause, quietUntil, desktop, interruption, failingChannels } = status;
    this.#state = { warning, offlineSince, pause, quietUntil, desktop, interruption, failingChannels };
  }

  setChecks(checks: Checks): void {
    this.#checks = checks;
  }

  /** Applies an event. Returns whether there is something new to show. */
  apply(event: EngineEvent): boolean {
    if (event.type === 'job-changed' || event.type === 'check-finished')
      this.#jobs.set(event.job.id, event.job);
    else if (event.type === 'job-removed') this.#jobs.delete(event.id);
    else if (event.type === 'alert' || event.type === 'digest' || event.type === 'alert-changed')
      this.#alertsHeard += 1;
    else if (event.type === 'state-changed') this.#state = event.state;
    else if (event.type === 'checks-changed') this.#checks = event.checks;
    else return false;
    return true;
  }

  snapshot(): LiveSnapshot {
    return {
      jobs: [...this.#jobs.values()],
      state: this.#state,
      checks: this.#checks,
      alertsHeard: this.#alertsHeard,
    };
  }
}
