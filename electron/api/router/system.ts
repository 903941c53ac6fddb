import type { statuses } from '../../../shared/schema/check-result.ts';
import type { Engine } from '../../engine/engine.ts';
import { os } from './base.ts';
import { follow } from './events.ts';

export const serviceRouter = {
  check: os.check.handler(({ input, signal, context: { engine } }) =>
    engine.probe.once({ ...input, ...(signal ? { signal } : {}) }),
  ),
  events: os.events.handler(({ signal, lastEventId, context: { engine, closing } }) =>
    follow(engine, lastEventId, [signal, closing]),
  ),
  settings: {
    get: os.settings.get.handler(({ context: { engine } }) => engine.settings.current),
    edit: os.settings.edit.handler(async ({ input, context: { engine } }) => {
      await engine.probe.testFiles(input.caFiles);
      await engine.channelEditor.consent(input.channels ?? []);
      return engine.settings.edit(input);
    }),
  },
  access: {
    get: os.access.get.handler(({ context: { access } }) => access.get()),
    rotateToken: os.access.rotateToken.handler(({ context: { access } }) => access.rotateToken()),
  },
  dismissInterruption: os.dismissInterruption.handler(({ context: { engine } }) => {
    engine.status.setInterruption(null);
    return undefined;
  }),
  status: os.status.handler(({ context: { engine } }) => countJobs(engine)),
};

function countJobs(engine: Engine) {
  const byStatus = { ok: 0, warning: 0, critical: 0, unreachable: 0, pending: 0 } satisfies Record<
    (typeof statuses)[number] | 'pending',
    number
  >;
  let paused = 0;
  for (const { job, status } of engine.jobs.withStatus()) {
    byStatus[status] += 1;
    paused += Number(job.paused);
  }
  return {
    version: engine.version,
    exampleFile: engine.exampleFile,
    logFile: engine.logFile,
    ...engine.status.state,
    jobs: engine.jobs.count,
    paused,
    checking: engine.checks.queueLength,
    checks: engine.checks.progress,
    byStatus,
  };
}
