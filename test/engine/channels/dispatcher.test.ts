import { expect, it } from 'vitest';
import { ChannelDispatcher } from '../../../electron/engine/channels/dispatcher.ts';
import { Outbox } from '../../../electron/engine/channels/outbox.ts';
import { EventJournal } from '../../../electron/engine/events/event-journal.ts';
import { memoryDatabase } from '../../../electron/engine/store/database.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';
import { unwatchedHealth } from '../../support/unwatched-health.ts';

const jobId = 'c0ffee00-0000-4000-8000-000000000001';
const down: Alert = {
  id: 1,
  jobId,
  key: 'unreachable',
  raisedAt: '2026-11-24T10:00:00.000Z',
  kind: 'unreachable',
  severity: 'critical',
  title: 'Shop cannot be reached',
  body: 'Nothing listens.',
  notifiedAt: '2026-11-24T10:00:02.000Z',
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
};
const resolved = { ...down, resolvedAt: '2026-11-24T11:00:00.000Z' };
const recovered: Alert = {
  ...down,
  id: 2,
  key: 'recovered',
  kind: 'recovered',
  severity: 'info',
  title: 'Shop is OK again',
};

/** A dispatcher with a channel for programs and one for people, which need a network, on a machine that may be offline. */
function desk() {
  const outbox = new Outbox(memoryDatabase());
  const network = { isOffline: () => true, isLocal: () => false };
  const journal = new EventJournal('test');
  const clock = new ManualClock();
  const dispatcher = new ChannelDispatcher({
    clock,
    health: unwatchedHealth(clock),
    log: new KeptLog(),
    storage: { outbox, tryWrite: (work) => work() },
    rules: {
      settings: {
        channels: [
          channelSchema.parse({ type: 'webhook', name: 'program', url: 'http://127.0.0.1:9/' }),
          channelSchema.parse({ type: 'slack', name: 'chat', url: 'http://127.0.0.1:9/' }),
        ],
      },
    },
    local: [],
    sender: { send: async () => ({ ok: true }) },
    jobs: { get: () => undefined },
    journal,
    network,
  });
  const waiting = () =>
    outbox
      .list({ limit: 9, offset: 0 })
      .items.map(({ hook, title }) => `${hook}: ${title}`)
      .sort();
  return { dispatcher, journal, network, waiting };
}

it('tells no hook of what ended before it could be told, nor of its end', () => {
  const { journal, waiting } = desk();
  journal.record({ type: 'alert', alert: down });
  expect(waiting()).toEqual(['chat: Shop cannot be reached', 'program: Shop cannot be reached']);
  journal.record({ type: 'alert-changed', alert: resolved });
  journal.record({ type: 'alert', alert: recovered });
  expect(waiting()).toEqual([]);
});

it('tells of the next end again', () => {
  const { journal, waiting } = desk();
  journal.record({ type: 'alert', alert: down });
  journal.record({ type: 'alert-changed', alert: resolved });
  journal.record({ type: 'alert', alert: recovered });
  journal.record({ type: 'alert', alert: { ...recovered, id: 3 } });
  expect(waiting()).toEqual(['chat: Shop is OK again', 'program: Shop is OK again']);
});

it('keeps what happened of one alert in its order, under one key', () => {
  const { journal, waiting } = desk();
  journal.record({ type: 'alert', alert: { ...down, severity: 'warning', title: 'warning' } });
  journal.record({ type: 'alert', alert: { ...down, title: 'critical' } });
  expect(waiting()).toHaveLength(4);
  journal.record({ type: 'alert-changed', alert: resolved });
  expect(waiting()).toEqual([]);
});
