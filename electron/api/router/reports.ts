import { found, os } from './base.ts';
import { requireReportRevision, tellRevision } from './preconditions.ts';

const noSuchReport = 'No report has this name.';

export const reportsRouter = {
  list: os.reports.list.handler(({ context: { engine } }) => {
    const items = engine.reports.list();
    return { items, total: items.length };
  }),
  add: os.reports.add.handler(async ({ input, context }) => {
    const view = await context.engine.reports.add(input);
    context.resHeaders?.set('location', `/api/v1/reports/${encodeURIComponent(view.name)}`);
    return tellRevision(context, view);
  }),
  get: os.reports.get.handler(({ input, context }) =>
    tellRevision(context, found(context.engine.reports.get(input.name), noSuchReport)),
  ),
  edit: os.reports.edit.handler(async ({ input: { params, body }, context }) => {
    const { revision, ...patch } = body;
    const require = () => requireReportRevision(context, params.name, revision);
    require();
    return tellRevision(
      context,
      found(await context.engine.reports.edit(params.name, patch, require), noSuchReport),
    );
  }),
  remove: os.reports.remove.handler(async ({ input, context }) => {
    requireReportRevision(context, input.name, undefined);
    found((await context.engine.reports.remove(input.name)) || null, noSuchReport);
    return undefined;
  }),
  send: os.reports.send.handler(async ({ input, context: { engine } }) =>
    found(await engine.reports.send(input.name), noSuchReport),
  ),
};
