import type {
  NewSource,
  Source,
  SourceEntry,
  SourcePatch,
  SourcePlan,
  SourceView,
} from '../../../shared/schema/source.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { Log } from '../log.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { RuleSource } from '../sources.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { applyScan } from './apply-scan.ts';
import { keptJobs } from './kept-jobs.ts';
import { makeSources, refuseTakenName } from './new-sources.ts';
import { planSource } from './plan-source.ts';
import type { SourceReaders } from './readers.ts';
import { refusePaths } from './refuse-paths.ts';
import { SourceScan } from './source-scan.ts';
import { entriesView, sourceView, warningsOf } from './source-view.ts';

export interface SourceServiceOptions {
  store: ConfigStore;
  jobs: JobService;
  monitor: Monitor;
  rules: RuleSource;
  journal: EventJournal;
  clock: Clock;
  log: Log;
  readers: SourceReaders;
}

/** Files are examined once a minute; many files less often, so that all looks together cost the same: 0.3 s for each file. */
const leastLookMs = 55_000;
const lookMsPerFile = 300;
const isoOf = (ms: number) => new Date(ms).toISOString();

/**
 * Keeps a job for each certificate of a source: adds it when the certificate is found, follows it over renewals, and removes it after it
 * was gone for long. It needs no timer: it looks when the monitor's scheduler looks at the clock anyway.
 */
export class SourceService {
  readonly #options: SourceServiceOptions;
  readonly #scans = new Map<string, SourceScan>();
  readonly #scanning = new Set<string>();
  /** Sources whose look waits or runs. */
  readonly #looking = new Set<string>();
  #controller = new AbortController();
  /** One look after another: each compares what it finds with what the one before it kept. */
  #turn: Promise<unknown> = Promise.resolve();
  #lookedAt = 0;
  #warned = '';

  constructor(options: SourceServiceOptions) {
    this.#options = options;
    options.monitor.events.subscribe(({ type }) => type === 'tick' && this.#lookWhenDue());
  }

  /** Looks through every source: what changed while NotAfter did not run is found first. */
  start(): void {
    this.#controller = new AbortController();
    for (const { id } of this.#options.store.sources()) void this.scanLogged(id);
  }

  /** Ends what is looked through, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#controller.abort(new Error('NotAfter stops.'));
    await this.#turn;
  }

  /** Waits until nothing is being looked through, and nothing waits for it. */
  async idle(): Promise<void> {
    for (let turn: unknown; turn !== this.#turn; ) {
      turn = this.#turn;
      await turn;
    }
  }

  list(): SourceView[] {
    return [...this.#options.store.sources()].map((source) => this.#view(source));
  }

  /** Returns a source; null where there is none with this id. */
  get(id: string): SourceView | null {
    const source = this.#options.store.source(id);
    return source ? this.#view(source) : null;
  }

  /** Finds what a source would watch, and keeps nothing. @throws InputFileError as `add`; the signal's reason where it aborts */
  plan(input: NewSource, outer?: AbortSignal): Promise<SourcePlan> {
    const { readers, clock } = this.#options;
    const { signal } = this.#controller;
    const either = outer ? AbortSignal.any([outer, signal]) : signal;
    return refusePaths(input).then(() => planSource(input, readers, clock.now(), either));
  }

  /** Adds a source, and looks through it. @throws SourceNameTakenError, StoreWriteError; InputFileError for a path that may not be read */
  async add(input: NewSource): Promise<SourceView> {
    const { store, clock, log } = this.#options;
    await refusePaths(input);
    // SAFETY: one is made of one.
    const [source] = makeSources([input], store.sources(), isoOf(clock.now())) as [Source];
    await store.setSource(source);
    log.info(`added the source ${source.name}`);
    return (await this.scan(source.id)) ?? this.#view(source);
  }

  /** Edits a source, and looks through it; null where there is none. @throws as `add` */
  async edit(id: string, patch: SourcePatch): Promise<SourceView | null> {
    const { store, clock, jobs } = this.#options;
    if (patch.name !== undefined) refuseTakenName(patch.name, id, store.sources());
    const { kind = 'files' } = store.source(id) ?? {};
    await refusePaths({ kind, paths: patch.paths ?? [], passphrases: patch.passphrases ?? [] });
    const edited = await this.#inTurn(async () => {
      const before = store.source(id);
      if (!before) return null;
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const source: Source = { ...before, ...given, updatedAt: isoOf(clock.now()) };
      this.#scans.get(id)?.forget();
      await Promise.all([store.setSource(source), this.#retag(before, source, jobs)]);
      return source;
    });
    return edited && this.scan(id);
  }

  /** Deletes a source with its jobs and their history. @returns whether there was one @throws StoreWriteError */
  async remove(id: string): Promise<boolean> {
    const { store, jobs, journal, log } = this.#options;
    return this.#inTurn(async () => {
      const source = store.source(id);
      if (!source) return false;
      await Promise.all([store.removeSource(id), jobs.removeKept(source.entries.map((entry) => entry.id))]);
      this.#scans.delete(id);
      log.info(`deleted the source ${source.name}`);
      journal.record({ type: 'source-removed', id });
      return true;
    });
  }

  /** Looks through a source now; null where there is none. @throws StoreWriteError */
  async scan(id: string): Promise<SourceView | null> {
    return this.#inTurn(async () => {
      const source = this.#options.store.source(id);
      if (!source) return null;
      await this.#scan(source);
      return this.get(id);
    });
  }

  /** Returns the certificates of a source; null where there is none with this id. */
  entries(id: string): SourceEntry[] | null {
    const source = this.#options.store.source(id);
    if (!source) return null;
    return entriesView(source);
  }

  /**
   * Has entries of a source ignored, which deletes their jobs with their history, or watched again.
   * @returns how many there were; null where there is no such source @throws StoreWriteError
   */
  async ignore(id: string, entryIds: readonly string[], isIgnored: boolean): Promise<number | null> {
    const { store, jobs } = this.#options;
    return this.#inTurn(async () => {
      const source = store.source(id);
      if (!source) return null;
      const chosen = source.entries.filter(
        (entry) => entryIds.includes(entry.id) && entry.isIgnored !== isIgnored,
      );
      const entries = source.entries.map((entry) =>
        chosen.includes(entry) ? { ...entry, isIgnored } : entry,
      );
      const changed = { ...source, entries };
      const watched = entries.filter((one) => chosen.some((before) => before.id === one.id));
      await Promise.all([
        store.setSource(changed),
        isIgnored
          ? jobs.removeKept(chosen.map((entry) => entry.id))
          : jobs.addAll(keptJobs(changed, watched)),
      ]);
      this.#announce(changed);
      return chosen.length;
    });
  }

  /** Jobs get the tags that their source gets, and lose those that it loses. */
  #retag(before: Source, { tags, entries }: Source, jobs: JobService): Promise<number> {
    const addTags = tags.filter((tag) => !before.tags.includes(tag));
    const removeTags = before.tags.filter((tag) => !tags.includes(tag));
    if (addTags.length + removeTags.length === 0) return Promise.resolve(0);
    return jobs.bulk.edit({ ids: entries.map(({ id }) => id), patch: {}, addTags, removeTags });
  }

  #lookWhenDue(): void {
    const { clock, store, rules } = this.#options;
    const now = clock.now();
    const sources = [...store.sources()];
    if (sources.length === 0 || rules.settings.pause !== null || this.#looking.size > 0) return;
    const files = sources.reduce((sum, { id }) => sum + (this.#scans.get(id)?.found?.files.size ?? 0), 0);
    const elapsed = now - this.#lookedAt;
    if (elapsed >= 0 && elapsed < Math.max(leastLookMs, files * lookMsPerFile)) return;
    this.#lookedAt = now;
    for (const { id } of sources) {
      this.#looking.add(id);
      void this.#lookLogged(id).finally(() => this.#looking.delete(id));
    }
  }

  /** Looks whether anything has changed, and only then looks through it. */
  async #lookLogged(id: string): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#controller;
    const scan = this.#scans.get(id);
    const isDue = !scan || scan.scannedAt === null || clock.now() - scan.scannedAt >= scan.everyMs;
    try {
      if (!isDue && (await this.#inTurn(() => scan.isUnchanged(signal)))) return;
    } catch {
      if (signal.aborted) return;
    }
    await this.scanLogged(id);
  }

  /** Looks through a source; a fault is logged. */
  async scanLogged(id: string): Promise<void> {
    const { log } = this.#options;
    try {
      await this.scan(id);
    } catch (error) {
      if (!this.#controller.signal.aborted) log.error(`looking through the source ${id} failed`, error);
    }
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined); // The caller gets the error.
    return done;
  }

  async #scan(source: Source): Promise<void> {
    const { readers, clock } = this.#options;
    const { signal } = this.#controller;
    let scan = this.#scans.get(source.id);
    if (!scan) {
      scan = new SourceScan(readers[source.kind]);
      this.#scans.set(source.id, scan);
    }
    this.#scanning.add(source.id);
    try {
      const scanned = await scan.scan(source, clock.now(), (file) => this.#isElsewhere(source, file), signal);
      await applyScan(source, scanned, this.#options);
    } catch (error) {
      scan.forget(); // Nothing of it was kept: it is found again at the next look.
      throw error;
    } finally {
      this.#scanning.delete(source.id);
    }
    this.#warn(source, scan);
    this.#announce(this.#options.store.source(source.id) ?? source);
  }

  /** A file that two sources name is watched by the one that was there first. */
  #isElsewhere({ id }: Source, file: string): boolean {
    for (const source of this.#options.store.sources()) {
      if (source.id === id) return false;
      if (this.#scans.get(source.id)?.found?.files.has(file)) return true;
    }
    return false;
  }

  #warn(source: Source, scan: SourceScan): void {
    const warning = warningsOf(scan).join(' ');
    const words = `${source.id} ${warning}`;
    if (warning === '' || words === this.#warned) return;
    this.#warned = words;
    this.#options.log.warn(`source ${source.name}: ${warning}`);
  }

  #announce(source: Source): void {
    this.#options.journal.record({ type: 'source-changed', source: this.#view(source) });
  }

  #view(source: Source): SourceView {
    return sourceView(source, this.#scans.get(source.id) ?? null, this.#scanning.has(source.id));
  }
}
