import { fieldError, found, os } from './base.ts';

export const alertsRouter = {
  list: os.alerts.list.handler(({ input, context: { engine } }) => engine.alerts.list(input)),
  acknowledge: os.alerts.acknowledge.handler(({ input, context: { engine } }) => ({
    alerts: engine.alerts.acknowledge(input.ids ?? null),
  })),
  snooze: os.alerts.snooze.handler(({ input: { id, until }, context: { engine } }) => {
    if (until !== 'renewed' && Date.parse(until) <= engine.now())
      throw fieldError('until', 'This time has passed.');
    const end = until === 'renewed' ? until : new Date(until).toISOString();
    return found(engine.alerts.snooze(id, end), 'There is no alert with this id.');
  }),
};
