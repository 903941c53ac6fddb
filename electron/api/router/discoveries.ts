import { ownNetworks } from '../../engine/discovery/own-networks.ts';
import { found, os } from './base.ts';
import { requireSearchRevision, tellRevision } from './preconditions.ts';

const noSuchSearch = 'There is no search with this id.';

export const discoveriesRouter = {
  list: os.discoveries.list.handler(({ context: { engine } }) => {
    const items = engine.discoveries.list();
    return { items, total: items.length };
  }),
  add: os.discoveries.add.handler(async ({ input, context }) => {
    const view = await context.engine.discoveries.add(input);
    context.resHeaders?.set('location', `/api/v1/discoveries/${view.id}`);
    return tellRevision(context, view);
  }),
  plan: os.discoveries.plan.handler(({ input, signal, context: { engine } }) =>
    engine.discoveries.plan(input, signal),
  ),
  networks: os.discoveries.networks.handler(() => ({ items: ownNetworks() })),
  get: os.discoveries.get.handler(({ input, context }) =>
    tellRevision(context, found(context.engine.discoveries.get(input.id), noSuchSearch)),
  ),
  edit: os.discoveries.edit.handler(async ({ input: { id, revision, ...patch }, context }) => {
    requireSearchRevision(context, id, revision);
    return tellRevision(context, found(await context.engine.discoveries.edit(id, patch), noSuchSearch));
  }),
  remove: os.discoveries.remove.handler(async ({ input, context }) => {
    requireSearchRevision(context, input.id, undefined);
    found((await context.engine.discoveries.remove(input.id)) || null, noSuchSearch);
    return undefined;
  }),
  run: os.discoveries.run.handler(({ input, context: { engine } }) =>
    found(engine.discoveries.run(input.id), noSuchSearch),
  ),
  stop: os.discoveries.stop.handler(async ({ input, context: { engine } }) => {
    found((await engine.discoveries.stopRun(input.id)) || null, noSuchSearch);
    return undefined;
  }),
  runs: os.discoveries.runs.handler(({ input: { id, limit, offset }, context: { engine } }) =>
    found(engine.discoveries.runs(id, limit, offset), noSuchSearch),
  ),
  finds: os.discoveries.finds.handler(({ input, context: { engine } }) =>
    engine.discoveries.finds.list(input),
  ),
  addFinds: os.discoveries.addFinds.handler(({ input: { ids, tags }, context: { engine } }) =>
    engine.discoveries.addFinds(ids, tags),
  ),
  ignoreFinds: os.discoveries.ignoreFinds.handler(({ input: { ignored, ...query }, context: { engine } }) =>
    engine.discoveries.ignoreFinds(query, ignored),
  ),
  forgetFinds: os.discoveries.forgetFinds.handler(({ input, context: { engine } }) => ({
    finds: engine.discoveries.forgetFinds(input),
  })),
};
