import { randomBytes } from 'node:crypto';
import type { Alert } from '../../shared/schema/alert.ts';
import { AlertService } from './alerts/alert-service.ts';
import { Alerter } from './alerts/alerter.ts';
import type { ChannelEditor } from './channels/channel-editor.ts';
import { composeChannels, type Outward } from './channels/compose-channels.ts';
import type { ChannelDispatcher } from './channels/dispatcher.ts';
import { closeAll } from './close-all.ts';
import { DiscoveryService } from './discovery/saved/discovery-service.ts';
import type { EngineOptions } from './engine-options.ts';
import { EventJournal } from './events/event-journal.ts';
import { sourceReaders } from './file-sources/readers.ts';
import { SourceService } from './file-sources/source-service.ts';
import { guardClock } from './guarded-clock.ts';
import { JobResults } from './jobs/job-results.ts';
import { JobService } from './jobs/job-service.ts';
import { LatestResults } from './monitor/latest-results.ts';
import { Monitor } from './monitor/monitor.ts';
import { systemNetwork } from './monitor/network.ts';
import { composeProbe } from './probe/compose-probe.ts';
import type { JobProbe } from './probe/job-probe.ts';
import type { ReportService } from './reports/report-service.ts';
import { RunWatch } from './run-watch.ts';
import { Rules } from './settings/rules.ts';
import { SettingsService } from './settings/settings-service.ts';
import { EngineStatus } from './status.ts';
import type { ConfigStore } from './store/config-store.ts';
import { openConfigStore } from './store/open-config-store.ts';
import { ResultDatabase } from './store/result-database.ts';
import { Retention } from './store/retention.ts';
import { SecretsLock } from './store/secrets-lock.ts';
import { ImportCommit } from './transfer/import-commit.ts';

/**
 * Composes the engine's parts and starts and stops them. A check goes one way: the monitor emits what was found, alerts listen
 * and record theirs in the journal, and everyone else (channels, tray, pages, metrics) follows the journal.
 */
export class Engine {
  readonly version: string;
  /** Returns the time by the engine's clock, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly exampleFile: string | null;
  /** Path of the log; null: none is written. */
  readonly logFile: string | null;
  readonly events = new EventJournal(randomBytes(6).toString('hex'));
  readonly jobs: JobService;
  readonly sources: SourceService;
  readonly discoveries: DiscoveryService;
  readonly results: JobResults;
  readonly checks: Monitor;
  /** Checks targets that need not be jobs, and tests the files that jobs name. */
  readonly probe: JobProbe;
  readonly alerts: AlertService;
  readonly channels: ChannelDispatcher;
  readonly channelEditor: ChannelEditor;
  readonly reports: ReportService;
  readonly settings: SettingsService;
  readonly imports: ImportCommit;
  readonly status: EngineStatus;
  readonly secrets: SecretsLock;
  readonly #options: EngineOptions;
  readonly #kept: { store: ConfigStore; database: ResultDatabase };
  readonly #retention: Retention;
  readonly #outward: Outward;
  readonly run: RunWatch;

  /** @throws DataFolderError where the files cannot be used */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.version = options.version;
    this.exampleFile = options.exampleFile ?? null;
    this.logFile = options.log.path ?? null;
    const { log, folder } = options;
    const clock = guardClock(options.clock, log);
    const now = () => clock.now();
    this.now = now;
    const { store, warning, sealed } = openConfigStore(folder, options, clock);
    const rules = new Rules(store);
    const database = new ResultDatabase({ path: folder.file('history.sqlite'), now, log });
    const readers = options.sourceReaders ?? sourceReaders;
    this.probe = composeProbe({ options, readers, store, rules, database, now });
    const results = new LatestResults({ jobs: store, rules, database, now });
    const parts = { clock, log, jobs: store, rules, database, results, journal: this.events };
    const network = options.network ?? systemNetwork();
    const monitor = new Monitor({ ...parts, probe: this.probe, network });
    const onRelook = (id: string, keys: readonly string[]) => this.alerts.lookAgain(id, keys);
    const onReleased = (alert: Alert) => this.channels.release(alert);
    const alerter = new Alerter({ ...parts, storage: database, onRelook, onReleased });
    this.status = new EngineStatus({ ...parts, files: { config: warning, sealed, database }, monitor });
    this.settings = new SettingsService({ ...parts, store, monitor, alerter, status: this.status, options });
    this.jobs = new JobService({ ...parts, store, monitor, alerter, settings: this.settings, folder });
    this.sources = new SourceService({ ...parts, store, jobs: this.jobs, monitor, readers });
    this.discoveries = new DiscoveryService({ ...parts, store, jobs: this.jobs, monitor, options });
    this.alerts = new AlertService({ ...parts, alerter, monitor });
    const { settings, sources, discoveries, jobs, status, version } = this;
    this.imports = new ImportCommit({ store, settings, sources, discoveries, jobs, clock });
    const own = { status, settings, version, options, monitor, network, folder, store, reported: jobs };
    this.#outward = composeChannels({ ...parts, ...own });
    ({ channels: this.channels, reports: this.reports, editor: this.channelEditor } = this.#outward);
    this.secrets = new SecretsLock(store, this.status, folder.file('config.json'));
    this.results = new JobResults(store, database);
    this.run = new RunWatch({ ...parts, ...own });
    this.#retention = new Retention(clock, rules, database);
    this.checks = monitor;
    this.#kept = { store, database };
  }

  start(): void {
    if (!this.run.begin(this.jobs.count)) return;
    this.checks.start();
    this.sources.start();
    this.discoveries.start();
    this.channels.start();
    this.#outward.signals.start();
    this.alerts.start();
    this.#retention.start();
  }

  /** Looks at the clock again after sleep. */
  wake(): void {
    this.checks.wake();
    this.alerts.wake();
    this.channels.hurry();
    this.#outward.signals.wake();
  }

  /**
   * Ends checks, writes what is to be written and releases the data folder. Each part is closed whatever the others do; a fault
   * is thrown at the end.
   */
  async stop(): Promise<void> {
    const { log, folder } = this.#options;
    this.run.end();
    this.alerts.stop();
    this.#retention.stop();
    await closeAll(
      () => this.sources.stop(),
      () => this.discoveries.stop(),
      () => this.checks.stop(),
      () => this.channels.stop(),
      () => this.#outward.signals.stop(),
      () => this.#kept.store.flush(),
      () => this.#kept.database.close(),
      () => log.info('NotAfter has stopped'),
      () => log.flush?.(),
      () => folder[Symbol.dispose](),
    );
  }
}
