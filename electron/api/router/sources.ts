import { found, os } from './base.ts';

const noSuchSource = 'There is no source with this id.';

export const sourcesRouter = {
  list: os.sources.list.handler(({ context: { engine } }) => {
    const items = engine.sources.list();
    return { items, total: items.length };
  }),
  add: os.sources.add.handler(async ({ input, context: { engine, resHeaders } }) => {
    const view = await engine.sources.add(input);
    resHeaders?.set('location', `/api/v1/sources/${view.id}`);
    return view;
  }),
  plan: os.sources.plan.handler(({ input, signal, context: { engine } }) =>
    engine.sources.plan(input, signal),
  ),
  get: os.sources.get.handler(({ input, context: { engine } }) =>
    found(engine.sources.get(input.id), noSuchSource),
  ),
  edit: os.sources.edit.handler(async ({ input: { id, ...patch }, context: { engine } }) =>
    found(await engine.sources.edit(id, patch), noSuchSource),
  ),
  remove: os.sources.remove.handler(async ({ input, context: { engine } }) => {
    found((await engine.sources.remove(input.id)) || null, noSuchSource);
    return undefined;
  }),
  scan: os.sources.scan.handler(async ({ input, context: { engine } }) =>
    found(await engine.sources.scan(input.id), noSuchSource),
  ),
  entries: os.sources.entries.handler(({ input: { id, limit, offset }, context: { engine } }) => {
    const all = found(engine.sources.entries(id), noSuchSource);
    return { items: all.slice(offset, offset + limit), total: all.length };
  }),
  ignore: os.sources.ignore.handler(async ({ input: { id, entries, ignored }, context: { engine } }) => ({
    entries: found(await engine.sources.ignore(id, entries, ignored), noSuchSource),
  })),
};
