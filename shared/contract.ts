import { alertsContract } from './contract/alerts.ts';
import { hooksContract } from './contract/hooks.ts';
import { jobsContract } from './contract/jobs.ts';
import { serviceContract } from './contract/service.ts';

/** Everything the engine can be asked, by the page, by scripts and by the command line. */
export const contract = {
  jobs: jobsContract,
  alerts: alertsContract,
  hooks: hooksContract,
  ...serviceContract,
};
