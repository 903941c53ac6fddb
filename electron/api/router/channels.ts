import { found, os } from './base.ts';
import { requireChannelRevision, tellRevision } from './preconditions.ts';

const noSuchChannel = 'No channel has this name.';

export const channelsRouter = {
  list: os.channels.list.handler(({ context: { engine } }) => {
    const items = engine.channelEditor.list();
    return { items, total: items.length };
  }),
  add: os.channels.add.handler(async ({ input, context }) => {
    const view = await context.engine.channelEditor.add(input);
    context.resHeaders?.set('location', `/api/v1/channels/${encodeURIComponent(view.name)}`);
    return tellRevision(context, view);
  }),
  preview: os.channels.preview.handler(async ({ input: { channel, sample }, context: { engine } }) => {
    const { previewChannel } = await import('../../engine/channels/preview.ts');
    return { parts: await previewChannel(channel, sample, engine.now(), engine.version) };
  }),
  get: os.channels.get.handler(({ input, context }) =>
    tellRevision(context, found(context.engine.channelEditor.get(input.name), noSuchChannel)),
  ),
  edit: os.channels.edit.handler(async ({ input: { params, body }, context }) => {
    const { revision, ...patch } = body;
    const require = () => requireChannelRevision(context, params.name, revision);
    require();
    return tellRevision(
      context,
      found(await context.engine.channelEditor.edit(params.name, patch, require), noSuchChannel),
    );
  }),
  remove: os.channels.remove.handler(async ({ input: { name }, context }) => {
    requireChannelRevision(context, name, undefined);
    found((await context.engine.channelEditor.remove(name)) || null, noSuchChannel);
    return undefined;
  }),
  test: os.channels.test.handler(async ({ input: { name }, context: { engine } }) => {
    found(engine.channelEditor.get(name), noSuchChannel);
    return found(await engine.channels.test(name), noSuchChannel);
  }),
};
