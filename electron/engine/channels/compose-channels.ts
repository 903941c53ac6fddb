import type { Clock } from '../clock.ts';
import { closeAll } from '../close-all.ts';
import type { EngineOptions } from '../engine-options.ts';
import type { EventJournal } from '../events/event-journal.ts';
import { JobResults } from '../jobs/job-results.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { Log } from '../log.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Network } from '../monitor/network.ts';
import { ReportService } from '../reports/report-service.ts';
import { ReportTimes } from '../reports/report-times.ts';
import type { Rules } from '../settings/rules.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { JobSource } from '../sources.ts';
import type { EngineStatus } from '../status.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { installationId } from '../store/installation.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { ChannelEditor } from './channel-editor.ts';
import { ChannelSender } from './channel-sender.ts';
import { ChannelDispatcher } from './dispatcher.ts';
import { FailingChannels } from './failing-channels.ts';
import { Heartbeats } from './heartbeats.ts';
import { listedCommands } from './program-consent.ts';
import { StatePoster } from './state-poster.ts';
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
  settings: SettingsService;
  status: Pick<EngineStatus, 'setFailingChannels'>;
  folder: DataFolder;
  /** What reports are made of. */
  reported: Pick<JobService, 'withStatus'>;
  store: ConfigStore;
  /** Hooks that the command line has named, and addresses that take the place of services' own in tests. */
  options: Pick<EngineOptions, 'hooks' | 'channelBases' | 'programs' | 'printPdf'>;
}

/** What is sent again and again while something holds: open alerts to channels that keep a state, and heartbeats. */
interface OutwardSignals {
  start(): void;
  /** Calls what is due. */
  wake(): void;
  stop(): Promise<void>;
}

/** What leaves this machine, and what decides where to. */
export interface Outward {
  channels: ChannelDispatcher;
  editor: ChannelEditor;
  reports: ReportService;
  signals: OutwardSignals;
}

/** Makes what leaves this machine: alerts to channels, which wait while it is offline, and heartbeats, which follow the settings. */
export function composeChannels({
  database,
  monitor,
  network,
  settings,
  status,
  folder,
  options,
  reported,
  store,
  ...parts
}: ChannelParts): Outward {
  const isOffline = () => monitor.offlineSince !== null;
  const programs = options.programs ?? listedCommands([]);
  const sender = new ChannelSender({
    version: parts.version,
    installation: installationId(folder.file('installation.json'), parts.log),
    folder: folder.path,
    now: () => parts.clock.now(),
    jobsProxy: () => parts.rules.settings.proxy,
    onEdit: (name, edit) => settings.editChannel(name, edit),
    ...(options.channelBases ? { bases: options.channelBases } : {}),
    programs,
  });
  const openAlerts = () => database.alerts.notifiedAndTrue();
  const health = new FailingChannels({
    ...parts,
    isOffline,
    isOn: (name) => parts.rules.settings.channels.some((one) => one.enabled && one.name === name),
    onChange: (failing) => status.setFailingChannels(failing),
  });
  const states = new StatePoster({ ...parts, health, sender, openAlerts, isOffline });
  const channels = new ChannelDispatcher({
    ...parts,
    health,
    sender,
    onRename: (from, to) => states.rename(from, to),
    local: options.hooks ?? [],
    storage: database,
    network: { isOffline, isLocal: (host) => network.isLocal(host) },
  });
  const trouble = () => {
    const failingMs = Math.max(0, ...channels.failing().map((channel) => channel.failingMs));
    return troubleOf(monitor, database, parts.rules, failingMs, parts.clock.now());
  };
  const heartbeats = new Heartbeats({ ...parts, trouble, isOffline });
  const results = new JobResults(store, database);
  const reports = new ReportService({
    ...parts,
    settings,
    channels,
    printPdf: options.printPdf ?? null,
    times: new ReportTimes(folder.file('reports.json'), parts.log),
    source: {
      standings: () => reported.withStatus(),
      changeTimes: () => results.changeTimes(),
    },
  });
  store.followSettings((before, after) => {
    channels.followNames(before.channels, after.channels);
    reports.followNames(before.reports, after.reports);
  });
  parts.journal.subscribe(({ type }) => {
    if (type !== 'settings-changed') return;
    heartbeats.wake();
    reports.wake();
    health.look();
  });
  monitor.events.subscribe(({ type }) => {
    if (type !== 'connectivity') return;
    health.look();
    if (!isOffline()) channels.hurry();
  });
  const signals = {
    start: () => {
      states.start();
      heartbeats.wake();
      reports.start();
    },
    wake: () => {
      heartbeats.wake();
      reports.wake();
      health.look();
    },
    stop: () =>
      closeAll(
        () => states.stop(),
        () => heartbeats.stop(),
        () => reports.stop(),
      ),
  };
  const editor = new ChannelEditor({ store, settings, programs });
  return { channels, signals, reports, editor };
}
