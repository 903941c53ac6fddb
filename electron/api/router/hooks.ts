import { found, os } from './base.ts';

export const hooksRouter = {
  deliveries: os.hooks.deliveries.handler(({ input, context: { engine } }) => engine.channels.list(input)),
  retry: os.hooks.retry.handler(({ input, context: { engine } }) => ({
    deliveries: engine.channels.retry(input.ids ?? null),
  })),
  discard: os.hooks.discard.handler(({ input, context: { engine } }) => ({
    deliveries: engine.channels.discard(input.ids ?? null),
  })),
  test: os.hooks.test.handler(async ({ input, context: { engine } }) =>
    found(await engine.channels.test(input.name), 'No channel has this name.'),
  ),
};
