import { alertsContract } from './alerts.ts';
import { channelsContract } from './channels.ts';
import { discoveriesContract } from './discoveries.ts';
import { hooksContract } from './hooks.ts';
import { jobsContract } from './jobs.ts';
import { reportContract } from './report.ts';
import { reportsContract } from './reports.ts';
import { sourcesContract } from './sources.ts';
import { serviceContract } from './system.ts';
import { transferContract } from './transfer.ts';

/** Everything the engine can be asked, by the page, by scripts and by the command line. */
export const contract = {
  jobs: jobsContract,
  alerts: alertsContract,
  channels: channelsContract,
  hooks: hooksContract,
  sources: sourcesContract,
  discoveries: discoveriesContract,
  report: reportContract,
  reports: reportsContract,
  transfer: transferContract,
  ...serviceContract,
};
