import type { Clock } from '../clock.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Network } from '../monitor/network.ts';
import type { Rules } from '../settings/rules.ts';
import type { JobSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { type LocalHook, WebhookDispatcher } from './dispatcher.ts';
import { Heartbeats } from './heartbeats.ts';
import { troubleOf } from './trouble.ts';

export interface ChannelParts {
  clock: Clock;
  log: Log;
  jobs: Pick<JobSource, 'get'>;
  rules: Rules;
  database: ResultDatabase;
  journal: EventJournal;
  monitor: Monitor;
  network: Network;
  version: string;
  /** Hooks that the command line has named. */
  local: readonly LocalHook[];
}

/** Makes what leaves this machine: webhooks, which wait while it is offline, and heartbeats, which follow the settings. */
export function composeChannels({ database, monitor, network, ...parts }: ChannelParts): {
  webhooks: WebhookDispatcher;
  heartbeats: Heartbeats;
} {
  const isOffline = () => monitor.offlineSince !== null;
  const webhooks = new WebhookDispatcher({
    ...parts,
    storage: database,
    network: { isOffline, isLocal: (host) => network.isLocal(host) },
  });
  const trouble = () => troubleOf(monitor, database, parts.rules, parts.clock.now());
  const heartbeats = new Heartbeats({ ...parts, trouble, isOffline });
  parts.journal.subscribe(({ type }) => type === 'settings-changed' && heartbeats.wake());
  monitor.events.subscribe(({ type }) => {
    if (type === 'connectivity' && !isOffline()) webhooks.hurry();
  });
  return { webhooks, heartbeats };
}
