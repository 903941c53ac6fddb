import { implement, ORPCError } from '@orpc/server';
import type { statuses } from '../../shared/check-result.ts';
import { contract } from '../../shared/contract.ts';
import type { EngineEvent } from '../../shared/event.ts';
import { InputFileError } from './check/check.ts';
import { CheckCancelled, MachineOffline } from './check-runner.ts';
import type { Engine } from './engine.ts';
import { exportJob, type ImportItem, readCsv, readHostLines, readJobList } from './importer.ts';
import { StoreWriteError } from './store/job-store.ts';

export interface RouterContext {
  engine: Engine;
}

/** What a person or a script can cause becomes an answer with a sentence; the rest is a bug and passes through. */
const os = implement(contract)
  .$context<RouterContext>()
  .use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof InputFileError) throw fieldError(error.field, error.message);
      if (error instanceof CheckCancelled) throw new ORPCError('CONFLICT', { message: error.message });
      if (error instanceof MachineOffline)
        throw new ORPCError('SERVICE_UNAVAILABLE', { message: error.message });
      if (error instanceof StoreWriteError)
        throw new ORPCError('INSUFFICIENT_STORAGE', { status: 507, message: error.message });
      throw error;
    }
  });

/** In the form in which oRPC reports what its schemas refuse. */
function fieldError(field: string, message: string): ORPCError<'BAD_REQUEST', unknown> {
  return new ORPCError('BAD_REQUEST', {
    message: 'Input validation failed',
    data: { issues: [{ path: field.split('.'), message }] },
  });
}

function found<Value>(value: Value | null, otherwise = 'There is no job with this id.'): Value {
  if (value === null) throw new ORPCError('NOT_FOUND', { message: otherwise });
  return value;
}

/** The contract, implemented: every line is a call into the engine. */
export const router = os.router({
  jobs: {
    list: os.jobs.list.handler(({ input, context: { engine } }) => engine.list(input)),
    add: os.jobs.add.handler(({ input, context: { engine } }) => {
      engine.testFiles(input.caFiles, input.connection);
      return engine.add(input);
    }),
    export: os.jobs.export.handler(({ context: { engine } }) => ({
      jobs: [...engine.jobs()].map(exportJob),
    })),
    import: os.jobs.import.handler(({ input, context: { engine } }) =>
      engine.import(readImport(input.body, input.headers?.['content-type'])),
    ),
    checkAll: os.jobs.checkAll.handler(({ input, context: { engine } }) => ({
      started: engine.checkAll(input?.ids),
    })),
    stopChecks: os.jobs.stopChecks.handler(({ context: { engine } }) => ({ stopped: engine.stopChecks() })),
    editMany: os.jobs.editMany.handler(async ({ input, context: { engine } }) => {
      engine.testFiles(input.patch.caFiles);
      return { jobs: await engine.editMany(input) };
    }),
    removeMany: os.jobs.removeMany.handler(async ({ input, context: { engine } }) => ({
      jobs: await engine.removeMany(input.ids),
    })),
    get: os.jobs.get.handler(({ input, context: { engine } }) => found(engine.detail(input.id))),
    edit: os.jobs.edit.handler(async ({ input: { id, ...patch }, context: { engine } }) => {
      engine.testFiles(patch.caFiles, patch.connection);
      return found(await engine.edit(id, patch));
    }),
    remove: os.jobs.remove.handler(async ({ input, context: { engine } }) => {
      found((await engine.remove(input.id)) || null);
      return undefined;
    }),
    check: os.jobs.check.handler(async ({ input, context: { engine } }) =>
      found(await engine.checkNow(input.id)),
    ),
    pause: os.jobs.pause.handler(async ({ input: { id, ...end }, context: { engine } }) =>
      found(await engine.edit(id, { paused: true, pausedUntil: pauseEnd(end, engine.now()) })),
    ),
    resume: os.jobs.resume.handler(async ({ input, context: { engine } }) =>
      found(await engine.edit(input.id, { paused: false })),
    ),
    pauseAll: os.jobs.pauseAll.handler(async ({ input: { ids, ...end }, context: { engine } }) => ({
      jobs: await engine.pause(ids ?? null, pauseEnd(end, engine.now())),
    })),
    resumeAll: os.jobs.resumeAll.handler(async ({ input, context: { engine } }) => ({
      jobs: await engine.resume(input.ids ?? null),
    })),
    chain: os.jobs.chain.handler(({ input, context: { engine } }) => ({
      pem: found(engine.lastChain(input.id)).map(encodePem),
    })),
    trend: os.jobs.trend.handler(({ input, context: { engine } }) => ({
      points: found(engine.trend(input.id)),
    })),
    history: os.jobs.history.handler(({ input, context: { engine } }) =>
      found(engine.history(input.id, input.limit, input.offset)),
    ),
  },
  check: os.check.handler(({ input, signal, context: { engine } }) =>
    engine.checkOnce({ ...input, ...(signal ? { signal } : {}) }),
  ),
  alerts: {
    list: os.alerts.list.handler(({ input, context: { engine } }) => engine.alerts(input)),
    acknowledge: os.alerts.acknowledge.handler(({ input, context: { engine } }) => ({
      alerts: engine.acknowledge(input.ids ?? null),
    })),
    snooze: os.alerts.snooze.handler(({ input: { id, until }, context: { engine } }) => {
      if (until !== 'renewed' && Date.parse(until) <= engine.now())
        throw fieldError('until', 'This time has passed.');
      const end = until === 'renewed' ? until : new Date(until).toISOString();
      return found(engine.snooze(id, end), 'There is no alert with this id.');
    }),
  },
  events: os.events.handler(({ signal, context: { engine } }) => follow(engine, signal)),
  settings: {
    get: os.settings.get.handler(({ context: { engine } }) => engine.settings),
    edit: os.settings.edit.handler(({ input, context: { engine } }) => {
      engine.testFiles(input.caFiles);
      return engine.editSettings(input);
    }),
  },
  status: os.status.handler(({ context: { engine } }) => countJobs(engine)),
});

const minuteMs = 60_000;

/** RFC 7468 §5. */
function encodePem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** ISO 8601; null: the pause ends when it is told to. */
function pauseEnd(
  end: { until?: string | undefined; minutes?: number | undefined },
  now: number,
): string | null {
  if (end.minutes !== undefined) return new Date(now + end.minutes * minuteMs).toISOString();
  return end.until === undefined ? null : new Date(end.until).toISOString();
}

function readImport(body: string | { jobs: unknown[] }, contentType: string | undefined): ImportItem[] {
  if (typeof body !== 'string') return readJobList(body.jobs);
  return contentType?.startsWith('text/csv') ? readCsv(body) : readHostLines(body);
}

/** A listener that falls this far behind is let go; it reads the list anew when it comes back. */
const mostUnread = 20_000;

/** Events from now on, until the signal aborts. */
async function* follow(
  engine: Engine,
  signal: AbortSignal | undefined,
): AsyncGenerator<EngineEvent, void, undefined> {
  let unread: EngineEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const unsubscribe = engine.subscribe((event) => {
    unread.push(event);
    wake.resolve();
  });
  const onAbort = () => wake.resolve();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal?.aborted && unread.length <= mostUnread) {
      const events = unread;
      unread = [];
      yield* events;
      if (unread.length > 0) continue;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

function countJobs(engine: Engine) {
  const byStatus = { ok: 0, warning: 0, critical: 0, unreachable: 0, pending: 0 } satisfies Record<
    (typeof statuses)[number] | 'pending',
    number
  >;
  let paused = 0;
  for (const { job, status } of engine.standings()) {
    byStatus[status] += 1;
    paused += Number(job.paused);
  }
  return {
    version: engine.version,
    exampleFile: engine.exampleFile,
    ...engine.state,
    jobs: engine.jobCount,
    paused,
    checking: engine.checkingCount,
    byStatus,
  };
}
