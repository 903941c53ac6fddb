import { createHash } from 'node:crypto';
import {
  type ReportSchedule,
  type ReportScheduleView,
  reportScheduleSchema,
} from '../../../shared/schema/report-schedule.ts';
import { nextTimes } from '../../../shared/schema/schedule.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import type { ChannelDispatcher } from '../channels/dispatcher.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { InputFileError } from '../probe/files/input-file.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { storable } from '../store/job-edits.ts';
import { renamedEntries } from '../store/renamed-entry.ts';
import { requireDestination, requirePrinter } from '../store/report-checks.ts';
import { unexpectedFailure } from '../unexpected-failure.ts';
import type { MadeReport, ReportSource } from './make-report.ts';
import { NoPdfError, PdfQueue, PdfStoppedError, type PrintPdf } from './pdf.ts';
import { fileStem, refuseFolder, writeReportFile } from './report-file.ts';
import type { ReportTimes } from './report-times.ts';

/** A name that another report has already. */
export class ReportNameTakenError extends Error {
  override name = 'ReportNameTakenError';
}

export interface ReportServiceOptions {
  clock: Clock;
  log: Log;
  times: ReportTimes;
  rules: { readonly settings: Settings };
  settings: Pick<SettingsService, 'edit'>;
  source: ReportSource;
  channels: Pick<ChannelDispatcher, 'report'>;
  /** Makes PDF files; null: nothing here can. */
  printPdf: PrintPdf | null;
}

/** What became of a report. */
export interface SentReport {
  /** Names of the channels that it waits for. */
  channels: string[];
  /** Path of the file that was written; null: none. */
  file: string | null;
  /** What failed, as a sentence; null: nothing. */
  problem: string | null;
}

/** A report that is being made. */
interface Making {
  /** Its name, also where it is renamed meanwhile. */
  name: string;
  done: Promise<void>;
}

const unmade = 'NotAfter could not make it; its log says why.';
/** A timer is not trusted for longer. */
const maxSleepMs = 86_400_000;
const isoOf = (ms: number) => new Date(ms).toISOString();

/** Makes reports when they are due, and sends them to channels and folders. A time that was missed is made up for once. */
export class ReportService {
  readonly #options: ReportServiceOptions;
  readonly #underWay = new Set<Making>();
  /** Null: nothing here prints. */
  readonly #printer: PdfQueue | null;
  #cancelTimer: (() => void) | null = null;
  #isStopped = true;

  constructor(options: ReportServiceOptions) {
    this.#options = options;
    this.#printer = options.printPdf && new PdfQueue(options.printPdf);
  }

  start(): void {
    this.#isStopped = false;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#printer?.stop();
    await Promise.all([...this.#underWay].map(({ done }) => done));
  }

  /** Makes what is due, and comes back when the next is. */
  wake(): void {
    if (this.#isStopped) return;
    const { clock, times } = this.#options;
    const now = clock.now();
    times.keepOnly(this.#all.map(({ name }) => name));
    for (const report of this.#all) {
      const dueAt = this.#nextAt(report);
      if (dueAt === null || dueAt > now || this.#isUnderWay(report)) continue;
      void this.#begin(report, dueAt);
    }
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const waiting = this.#all.filter((report) => !this.#isUnderWay(report));
    const next = Math.min(...waiting.map((report) => this.#nextAt(report) ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = clock.after(Math.min(Math.max(next - now, 0), maxSleepMs), () => this.wake());
  }

  list(): ReportScheduleView[] {
    return this.#all.map((report) => this.#view(report));
  }

  /** Returns a report as it is shown; null: none has the name. */
  get(name: string): ReportScheduleView | null {
    const report = this.#find(name);
    return report ? this.#view(report) : null;
  }

  /** @throws ReportNameTakenError; SettingsFieldError, InputFileError for a field that is refused; StoreWriteError */
  async add(report: ReportSchedule): Promise<ReportScheduleView> {
    this.#refuse(report, null);
    if (report.folder !== null) await refuseFolder(report.folder);
    this.#refuse(report, null); // Reports may have changed meanwhile.
    await this.#options.settings.edit({ reports: [...this.#all, report] });
    return this.#view(report);
  }

  /**
   * Edits a report; null: none has the name.
   * @param require throws where the report is not what the caller has read; called at the moment of the edit
   * @throws as `add`
   */
  async edit(
    name: string,
    patch: Readonly<Record<string, unknown>>,
    require: () => void = () => undefined,
  ): Promise<ReportScheduleView | null> {
    const asked = this.#edited(name, patch);
    if (!asked) return null;
    if (asked.folder !== null) await refuseFolder(asked.folder);
    // Reports may have changed while the folder was looked for.
    const report = this.#edited(name, patch);
    if (!report) return null;
    require();
    const reports = this.#all.map((one) => (one.name === name ? report : one));
    await this.#options.settings.edit({ reports });
    return this.#view(report);
  }

  /** Returns a report with an edit made; null: none has the name. */
  #edited(name: string, patch: Readonly<Record<string, unknown>>): ReportSchedule | null {
    const before = this.#find(name);
    if (!before) return null;
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    const report = storable(reportScheduleSchema, { ...before, ...Object.fromEntries(given) });
    this.#refuse(report, name);
    return report;
  }

  /** Has the times of a report follow it to its new name, and what is being made note its time under that. Called as the dispatcher's. */
  followNames(before: readonly ReportSchedule[], after: readonly ReportSchedule[]): void {
    for (const { from, to } of renamedEntries(before, after)) {
      this.#options.times.rename(from, to);
      for (const making of this.#underWay) if (making.name === from) making.name = to;
    }
  }

  /** Deletes a report. @returns whether there was one @throws StoreWriteError */
  async remove(name: string): Promise<boolean> {
    if (!this.#find(name)) return false;
    await this.#options.settings.edit({ reports: this.#all.filter((one) => one.name !== name) });
    return true;
  }

  /** Makes a report now, whether it is on or off, and sends it as it would be; null: none has the name. @throws PdfBusyError */
  async send(name: string): Promise<SentReport | null> {
    const report = this.#find(name);
    if (report?.format === 'pdf') this.#printer?.requireRoom();
    return report ? await this.#begin({ ...report, sendEmpty: true }, this.#options.clock.now()) : null;
  }

  /** Prints a report's page to a PDF file that a person or a script waits for. @throws NoPdfError, PdfBusyError, PdfStoppedError */
  async print(html: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#printer?.requireRoom();
    return await this.#print(html);
  }

  async #print(html: string): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#printer === null) throw new NoPdfError();
    return await this.#printer.print(html);
  }

  get #all(): readonly ReportSchedule[] {
    return this.#options.rules.settings.reports;
  }

  #find(name: string): ReportSchedule | undefined {
    return this.#all.find((one) => one.name === name);
  }

  #isUnderWay({ name }: ReportSchedule): boolean {
    return [...this.#underWay].some((making) => making.name === name);
  }

  #refuse(report: ReportSchedule, own: string | null): void {
    if (report.name !== own && this.#find(report.name))
      throw new ReportNameTakenError('Another report has this name.');
    requireDestination(report);
    const before = own === null ? undefined : this.#find(own);
    requirePrinter(report, before, this.#printer !== null);
  }

  #nextAt(report: ReportSchedule): number | null {
    if (!report.enabled) return null;
    const { times, clock } = this.#options;
    const { since } = times.of(report, clock.now());
    const zone = report.timezone === null ? {} : { timezone: report.timezone };
    const [next] = nextTimes({ type: 'cron', pattern: report.pattern, ...zone }, since, 1);
    return next?.getTime() ?? null;
  }

  /**
   * Makes and sends a report, and notes its time whatever became of it: one that fails is not made again before its next time. One that was not
   * printed because NotAfter stops is made after the next start.
   */
  async #begin(report: ReportSchedule, dueAt: number): Promise<SentReport> {
    const { clock, log, times } = this.#options;
    const sent: SentReport = { channels: [], file: null, problem: null };
    const making: Making = { name: report.name, done: Promise.resolve() };
    this.#underWay.add(making);
    let isMade = true;
    making.done = this.#make(report, dueAt, sent)
      .catch((error: unknown) => {
        isMade = !(error instanceof PdfStoppedError);
        if (isMade) log.error(`the report ${making.name} failed`, error);
        sent.problem = error instanceof PdfStoppedError ? error.message : unexpectedFailure(error, unmade);
      })
      .then(() => {
        this.#underWay.delete(making);
        if (isMade) times.made({ ...report, name: making.name }, clock.now(), sent.problem);
      });
    await making.done;
    this.wake(); // What is under way has no timer.
    return sent;
  }

  /** @param sent gets what became of the report @throws PdfStoppedError before anything is sent */
  async #make(report: ReportSchedule, dueAt: number, sent: SentReport): Promise<void> {
    const { clock, log, source, channels } = this.#options;
    const { isEmptyReport, makeReport } = await import('./make-report.ts');
    const now = clock.now();
    const made = makeReport(report, source, now, dueAt);
    if (report.sendEmpty || !isEmptyReport(made.report)) {
      const written = await this.#write(report, made, now);
      sent.channels = channels.report(made.message, report.channels);
      const missing = report.channels.filter((name) => !sent.channels.includes(name));
      const problems = missing.map((name) => `${name} is off, is gone or takes no reports.`);
      sent.file = written.file;
      sent.problem = [...problems, ...(written.problem === null ? [] : [written.problem])].join(' ') || null;
    }
    if (sent.problem === null) log.info(`made the report ${report.name}`);
    else log.warn(`the report ${report.name}: ${sent.problem}`);
  }

  async #write(
    { folder, name, format, timezone }: ReportSchedule,
    made: MadeReport,
    now: number,
  ): Promise<Pick<SentReport, 'file' | 'problem'>> {
    if (folder === null) return { file: null, problem: null };
    const zone = timezone === null ? {} : { timeZone: timezone };
    // Swedish dates are those of ISO 8601.
    const day = new Intl.DateTimeFormat('sv-SE', zone).format(now);
    const extension = format === 'text' ? 'txt' : format;
    try {
      const content = format === 'pdf' ? await this.#print(made.write('html')) : made.write(format);
      const stem = fileStem(
        name,
        this.#all.map((one) => one.name),
      );
      return { file: await writeReportFile({ folder, stem, extension, day, content }), problem: null };
    } catch (error) {
      if (error instanceof InputFileError || error instanceof NoPdfError)
        return { file: null, problem: error.message };
      throw error;
    }
  }

  #view(report: ReportSchedule): ReportScheduleView {
    const { times, clock } = this.#options;
    const { lastAt, problem } = times.of(report, clock.now());
    const nextAt = this.#nextAt(report);
    return {
      ...report,
      nextAt: nextAt === null ? null : isoOf(nextAt),
      lastAt: lastAt === null ? null : isoOf(lastAt),
      problem,
      revision: createHash('sha256').update(JSON.stringify(report)).digest('base64url').slice(0, 16),
    };
  }
}
