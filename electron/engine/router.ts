import { alertsRouter } from './router/alerts.ts';
import { os } from './router/base.ts';
import { hooksRouter } from './router/hooks.ts';
import { jobsRouter } from './router/jobs.ts';
import { serviceRouter } from './router/service.ts';

export type { AccessControl, RouterContext } from './router/base.ts';

/** The contract, implemented: every line is a call into the engine. */
export const router = os.router({
  jobs: jobsRouter,
  alerts: alertsRouter,
  hooks: hooksRouter,
  ...serviceRouter,
});
