import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { alertSeveritySchema } from '../../../shared/schema/alert.ts';
import { statuses } from '../../../shared/schema/check-result.ts';
import { deliveryStates } from '../../../shared/schema/delivery.ts';
import type { Job } from '../../../shared/schema/job.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import type { Engine } from '../../engine/engine.ts';
import { labelText } from './family.ts';
import { type ResultFacts, resultFacts } from './job-facts.ts';
import { jobFamilies, type ScrapedJob } from './job-families.ts';
import { describeSearches } from './search-gauges.ts';

/** Jobs that are gone through before others have their turn, and how many of them the reading of one's result counts for. */
const workAtOnce = 500;
const readingWork = 20;

/** prom-client's gauges that are named as counters, which `promtool check metrics` refuses. They are sums of others. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/**
 * prom-client's quantiles of the event loop's delay. They take a timer every few milliseconds, scraped or not: a program that has nothing
 * to do would never sleep.
 */
const sampled = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (name) => `nodejs_eventloop_lag_${name}_seconds`,
);
/** The longest time that a timer can have: that of the samples never fires. */
const neverMs = 2 ** 31 - 1;

/** How busy the event loop was since the last scrape, by a count that Node keeps anyway. */
function describeEventLoop(registers: Registry[]): void {
  let before = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time since the last scrape in which the event loop was busy.',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
}

/**
 * The engine in Prometheus' text format: each job under the names of blackbox_exporter and x509-certificate-exporter, so
 * that rules and dashboards for these hold, and how NotAfter itself does.
 */
export class Metrics {
  /** Exposition format 0.0.4. */
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #engine: Engine;
  readonly #own = new Registry();
  readonly #unsubscribe: () => void;
  /** Of the last scrape, by job: a result never changes once it is stored. */
  #facts: Map<string, { checkedAt: string; facts: ResultFacts | null }> = new Map();

  constructor(engine: Engine) {
    this.#engine = engine;
    collectDefaultMetrics({ register: this.#own, eventLoopMonitoringPrecision: neverMs });
    for (const name of [...misnamed, ...sampled]) this.#own.removeSingleMetric(name);
    const registers = [this.#own];
    describeEventLoop(registers);
    const checks = new Counter({
      name: 'notafter_checks_total',
      help: 'Checks of jobs since the start, by what they found.',
      labelNames: ['status'],
      registers,
    });
    for (const status of statuses) checks.inc({ status }, 0);
    const durations = new Histogram({
      name: 'notafter_check_duration_seconds',
      help: 'How long checks of jobs took.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
      registers,
    });
    this.#unsubscribe = engine.checks.events.subscribe((event) => {
      if (event.type !== 'finished') return;
      this.#facts.delete(event.job.id);
      checks.inc({ status: event.result.status });
      durations.observe(event.result.timings.total / 1000);
    });
    this.#describeHealth();
    describeSources(engine, registers);
    describeSearches(engine, registers);
  }

  /** The text in pieces, so that others get their turn in between. */
  async *render(): AsyncGenerator<string> {
    const jobs = await this.#scrapeJobs();
    const now = this.#engine.now();
    for (const family of jobFamilies) yield* family.render(jobs, now);
    for (const { name } of this.#own.getMetricsAsArray()) {
      yield `${await this.#own.getSingleMetricAsString(name)}\n\n`;
      await setImmediate();
    }
  }

  /** Reads the results that are newer than the scrape before: reading all of them is most of the work of a scrape. */
  async #scrapeJobs(): Promise<ScrapedJob[]> {
    const known = this.#facts;
    const facts = new Map<string, { checkedAt: string; facts: ResultFacts | null }>();
    const jobs: ScrapedJob[] = [];
    let work = 0;
    for (const { job, lastCheck } of this.#engine.jobs.withStatus()) {
      if (!lastCheck) continue;
      let result = known.get(job.id);
      if (result?.checkedAt !== lastCheck.checkedAt) {
        const last = this.#engine.results.last(job.id);
        result = { checkedAt: lastCheck.checkedAt, facts: last && resultFacts(last) };
        work += readingWork;
      }
      facts.set(job.id, result);
      jobs.push({ labels: labelText(labelsOf(job)), lastCheck, result: result.facts });
      work += 1;
      if (work >= workAtOnce) {
        work = 0;
        await setImmediate();
      }
    }
    this.#facts = facts;
    return jobs;
  }

  close(): void {
    this.#unsubscribe();
    this.#own.clear();
  }

  #describeHealth(): void {
    const engine = this.#engine;
    const registers = [this.#own];
    new Gauge({ name: 'notafter_build_info', help: 'Always 1.', labelNames: ['version'], registers }).set(
      { version: engine.version },
      1,
    );
    new Gauge({
      name: 'notafter_jobs',
      help: 'Jobs by status.',
      labelNames: ['status'],
      registers,
      collect() {
        const counts = new Map<string, number>([...statuses, 'pending'].map((status) => [status, 0]));
        for (const { status } of engine.jobs.withStatus()) counts.set(status, (counts.get(status) ?? 0) + 1);
        for (const [status, many] of counts) this.set({ status }, many);
      },
    });
    new Gauge({
      name: 'notafter_checks_in_progress',
      help: 'Number of checks running or queued.',
      registers,
      collect() {
        this.set(engine.checks.queueLength);
      },
    });
    new Gauge({
      name: 'notafter_longest_overdue_seconds',
      help: 'For how long the job that is most overdue should have been checked.',
      registers,
      collect() {
        this.set(engine.checks.maxOverdueMs() / 1000);
      },
    });
    new Gauge({
      name: 'notafter_offline',
      help: '1 while nothing at all can be reached: this machine is offline.',
      registers,
      collect() {
        this.set(engine.status.state.offlineSince === null ? 0 : 1);
      },
    });
    new Gauge({
      name: 'notafter_channel_deliveries',
      help: 'Notifications that wait for delivery to channels, and those given up.',
      labelNames: ['state'],
      registers,
      collect() {
        for (const state of deliveryStates)
          this.set({ state }, engine.channels.list({ limit: 1, offset: 0, state }).total);
      },
    });
    new Gauge({
      name: 'notafter_channel_failing_seconds',
      help: 'For how long a channel has taken no alert although there was one to send; 0: it takes them.',
      labelNames: ['channel'],
      registers,
      collect() {
        this.reset();
        for (const { name, failingMs } of engine.channels.failing())
          this.set({ channel: name }, failingMs / 1000);
      },
    });
    new Gauge({
      name: 'notafter_open_alerts',
      help: 'Number of open alerts that are not acknowledged.',
      labelNames: ['severity'],
      registers,
      collect() {
        for (const severity of alertSeveritySchema.options)
          if (severity !== 'info')
            this.set({ severity }, engine.alerts.list({ limit: 1, offset: 0, severity, open: true }).total);
      },
    });
  }
}

/** What sources found: how many files of each kind, and when. */
function describeSources({ sources }: Engine, registers: Registry[]): void {
  new Gauge({
    name: 'notafter_source_files',
    help: 'Files of a source: those with certificates to watch, others, and those that cannot be read.',
    labelNames: ['source', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { name: source, certificateFiles, otherFiles, unreadable } of sources.list()) {
        this.set({ source, state: 'certificates' }, certificateFiles);
        this.set({ source, state: 'others' }, otherFiles);
        this.set({ source, state: 'unreadable' }, unreadable);
      }
    },
  });
  new Gauge({
    name: 'notafter_source_last_scan_timestamp_seconds',
    help: 'When a source was looked through last, in seconds since the epoch.',
    labelNames: ['source'],
    registers,
    collect() {
      this.reset();
      for (const { name: source, scannedAt } of sources.list())
        if (scannedAt !== null) this.set({ source }, seconds(scannedAt));
    },
  });
}

/** `instance` is what blackbox_exporter's rules go by; a scrape with `honor_labels` keeps it. */
function labelsOf({ id, target, name }: Job): Record<string, string> {
  const place = isFileTarget(target)
    ? // By its path dashboards of x509-certificate-exporter list files.
      { host: target.file, port: '', filepath: target.file, filename: basename(target.file) }
    : { host: target.host, port: String(target.port) };
  return { instance: formatTarget(target), job_id: id, ...place, name };
}

const seconds = (iso: string) => Date.parse(iso) / 1000;
