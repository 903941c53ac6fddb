import { alertsRouter } from './alerts.ts';
import { os } from './base.ts';
import { channelsRouter } from './channels.ts';
import { discoveriesRouter } from './discoveries.ts';
import { hooksRouter } from './hooks.ts';
import { jobsRouter } from './jobs.ts';
import { reportHandler } from './report.ts';
import { reportsRouter } from './reports.ts';
import { sourcesRouter } from './sources.ts';
import { serviceRouter } from './system.ts';
import { transferRouter } from './transfer.ts';

export type { AccessControl, RouterContext } from './base.ts';

/** The contract, implemented: every line is a call into the engine. */
export const router = os.router({
  jobs: jobsRouter,
  alerts: alertsRouter,
  channels: channelsRouter,
  hooks: hooksRouter,
  sources: sourcesRouter,
  discoveries: discoveriesRouter,
  report: reportHandler,
  reports: reportsRouter,
  transfer: transferRouter,
  ...serviceRouter,
});
