import { found, os } from './base.ts';

const noSuchReport = 'No report has this name.';

export const reportsRouter = {
  list: os.reports.list.handler(({ context: { engine } }) => {
    const items = engine.reports.list();
    return { items, total: items.length };
  }),
  add: os.reports.add.handler(async ({ input, context: { engine, resHeaders } }) => {
    const view = await engine.reports.add(input);
    resHeaders?.set('location', `/api/v1/reports/${encodeURIComponent(view.name)}`);
    return view;
  }),
  get: os.reports.get.handler(({ input, context: { engine } }) =>
    found(engine.reports.get(input.name), noSuchReport),
  ),
  edit: os.reports.edit.handler(async ({ input: { params, body }, context: { engine } }) =>
    found(await engine.reports.edit(params.name, body), noSuchReport),
  ),
  remove: os.reports.remove.handler(async ({ input, context: { engine } }) => {
    found((await engine.reports.remove(input.name)) || null, noSuchReport);
    return undefined;
  }),
  send: os.reports.send.handler(async ({ input, context: { engine } }) =>
    found(await engine.reports.send(input.name), noSuchReport),
  ),
};
