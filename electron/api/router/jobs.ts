import { type ExportFormat, exportFormatEntries } from '../../../shared/domain/export-formats.ts';
import { encodePem } from '../../engine/export/pem.ts';
import { exportWriters } from '../../engine/export/writers.ts';
import { fieldError, found, os } from './base.ts';
import { idempotencyKey, requireRevision, tellRevision } from './preconditions.ts';

const exportHandler = (format: ExportFormat, { mime, fileName }: { mime: string; fileName: string }) =>
  os.jobs.export[format].handler(
    async ({ input, context: { engine } }) =>
      new File([await exportWriters[format](engine, input)], fileName, { type: mime }),
  );

// SAFETY: the entries are those of the table, so every format has its handler.
const exports = Object.fromEntries(
  exportFormatEntries.map(([format, entry]) => [format, exportHandler(format, entry)]),
) as Readonly<Record<ExportFormat, ReturnType<typeof exportHandler>>>;

export const jobsRouter = {
  list: os.jobs.list.handler(({ input, context: { engine } }) => engine.jobs.list(input)),
  add: os.jobs.add.handler(async ({ input, context }) => {
    const key = idempotencyKey(context);
    await context.engine.probe.testFiles(input.caFiles, input.connection, input.target);
    const view = await context.engine.jobs.add(input, key);
    context.resHeaders?.set('location', `/api/v1/jobs/${view.id}`);
    return tellRevision(context, view);
  }),
  export: exports,
  import: os.jobs.import.handler(async ({ input: { body, headers, query }, context: { engine } }) => {
    // The content type that curl sends by default: the lines of the file were read as fields of a form.
    if (headers?.['content-type']?.startsWith('application/x-www-form-urlencoded'))
      throw fieldError(
        'body',
        'Send a file with its content type: curl -H "Content-Type: text/plain" --data-binary @FILE',
      );
    const { loadImport } = await import('../../engine/import/load-import.ts');
    const read = await loadImport(body, query?.format, headers?.['content-type']);
    if ('message' in read) throw fieldError('body', read.message);
    return engine.jobs.bulk.import(read, query?.dryRun ?? false);
  }),
  checkAll: os.jobs.checkAll.handler(({ input, context: { engine } }) => ({
    started: engine.checks.checkAll(input?.ids),
  })),
  stopChecks: os.jobs.stopChecks.handler(({ context: { engine } }) => ({
    stopped: engine.checks.cancelAll(),
  })),
  editMany: os.jobs.editMany.handler(async ({ input, context: { engine } }) => {
    await engine.probe.testFiles(input.patch.caFiles);
    return { jobs: await engine.jobs.bulk.edit(input) };
  }),
  removeMany: os.jobs.removeMany.handler(async ({ input, context: { engine } }) => ({
    jobs: await engine.jobs.bulk.remove(input.ids),
  })),
  get: os.jobs.get.handler(({ input, context }) =>
    tellRevision(context, found(context.engine.jobs.detail(input.id))),
  ),
  edit: os.jobs.edit.handler(async ({ input: { id, revision, ...patch }, context }) => {
    const { engine } = context;
    await engine.probe.testFiles(patch.caFiles, patch.connection, patch.target);
    requireRevision(context, id, revision);
    return tellRevision(context, found(await engine.jobs.edit(id, patch)));
  }),
  remove: os.jobs.remove.handler(async ({ input: { id }, context }) => {
    requireRevision(context, id, undefined);
    found((await context.engine.jobs.remove(id)) || null);
    return undefined;
  }),
  check: os.jobs.check.handler(async ({ input, context: { engine } }) =>
    found(await engine.jobs.check(input.id)),
  ),
  accept: os.jobs.accept.handler(async ({ input: { id, ...request }, context }) =>
    tellRevision(context, found(await context.engine.jobs.acceptances.accept(id, request))),
  ),
  unaccept: os.jobs.unaccept.handler(async ({ input, context }) =>
    tellRevision(context, found(await context.engine.jobs.acceptances.undo(input.id, input.problem))),
  ),
  acceptMany: os.jobs.acceptMany.handler(async ({ input: { ids, ...request }, context: { engine } }) => ({
    jobs: await engine.jobs.acceptances.acceptAll(ids, request),
  })),
  unacceptMany: os.jobs.unacceptMany.handler(async ({ input: { ids, problem }, context: { engine } }) => ({
    jobs: await engine.jobs.acceptances.undoAll(ids, problem),
  })),
  certificate: os.jobs.certificate.handler(({ input: { id, fingerprint256 }, context: { engine } }) =>
    found(
      engine.results.certificate(id, fingerprint256, engine.now()),
      'The job never showed this certificate.',
    ),
  ),
  trust: os.jobs.trust.handler(async ({ input: { id, fingerprint256, scope }, context }) =>
    tellRevision(context, found(await context.engine.jobs.trusted.trust(id, fingerprint256, scope))),
  ),
  untrust: os.jobs.untrust.handler(async ({ input: { id, fingerprint256, scope }, context }) =>
    tellRevision(context, found(await context.engine.jobs.trusted.untrust(id, fingerprint256, scope))),
  ),
  pause: os.jobs.pause.handler(async ({ input: { id, ...end }, context }) => {
    const { engine } = context;
    const pausedUntil = pauseEnd(end, engine.now());
    return tellRevision(context, found(await engine.jobs.edit(id, { paused: true, pausedUntil })));
  }),
  resume: os.jobs.resume.handler(async ({ input, context }) =>
    tellRevision(context, found(await context.engine.jobs.edit(input.id, { paused: false }))),
  ),
  pauseAll: os.jobs.pauseAll.handler(async ({ input: { ids, ...end }, context: { engine } }) => ({
    jobs: await engine.jobs.bulk.pause(ids ?? null, pauseEnd(end, engine.now())),
  })),
  resumeAll: os.jobs.resumeAll.handler(async ({ input, context: { engine } }) => ({
    jobs: await engine.jobs.bulk.resume(input.ids ?? null),
  })),
  chain: os.jobs.chain.handler(({ input, context: { engine } }) => ({
    pem: found(engine.results.lastChain(input.id)).map(encodePem),
  })),
  explain: os.jobs.explain.handler(({ input, context: { engine } }) =>
    found(engine.alerts.explain(input.id)),
  ),
  trend: os.jobs.trend.handler(({ input, context: { engine } }) => ({
    points: found(engine.results.trend(input.id)),
  })),
  history: os.jobs.history.handler(({ input, context: { engine } }) =>
    found(engine.results.list(input.id, input.limit, input.offset)),
  ),
};

const minuteMs = 60_000;

/** ISO 8601; null: the pause ends when someone resumes it. */
function pauseEnd(
  end: { until?: string | undefined; minutes?: number | undefined },
  now: number,
): string | null {
  if (end.minutes !== undefined) return new Date(now + end.minutes * minuteMs).toISOString();
  return end.until === undefined ? null : new Date(end.until).toISOString();
}
