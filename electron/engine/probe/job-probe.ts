import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { type Connection, defaultConnection } from '../../../shared/schema/connection.ts';
import type { Job } from '../../../shared/schema/job.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import type { EntryReader } from '../file-sources/entry-reader.ts';
import type { Log } from '../log.ts';
import type { RuleSource } from '../sources.ts';
import type { SeenLeaf } from '../verify/newer-seen.ts';
import type { Checked, CheckRequest } from './check-request.ts';
import { InputFileError, refuseOutside } from './files/input-file.ts';
import type { Prober } from './prober.ts';

/** A check that is made once, for a target that need not be a job. */
export type OnceRequest = Pick<CheckRequest, 'target' | 'thresholds' | 'caFiles' | 'connection' | 'signal'>;

/** What a target may name of files: a host names none. */
interface FilePaths {
  host?: string | undefined;
  file?: string | undefined;
  passphraseFile?: string | null | undefined;
}

export interface JobProbeOptions {
  prober: () => Promise<Prober>;
  /** CA files of the command line, trusted beside those of settings and jobs. */
  caFiles: readonly string[];
  rules: RuleSource;
  log: Log;
  /** Reads the certificates of jobs that sources keep. */
  entries: Pick<EntryReader, 'read'>;
  /** Returns the leaves that were seen of a job. */
  leafTimes: (jobId: string) => readonly SeenLeaf[];
}

/** Checks jobs as they and the settings want it: the nearest wins. */
export class JobProbe {
  readonly #options: JobProbeOptions;
  readonly #prober: () => Promise<Prober>;
  readonly #caFiles: readonly string[];
  readonly #rules: RuleSource;
  readonly #log: Log;
  readonly #warnedOf = new Set<string>();

  constructor(options: JobProbeOptions) {
    this.#options = options;
    this.#prober = options.prober;
    this.#caFiles = options.caFiles;
    this.#rules = options.rules;
    this.#log = options.log;
  }

  /** @throws InputFileError where a file that the request names cannot be used */
  async once(request: OnceRequest): Promise<CheckResult> {
    const prober = await this.#prober();
    const { result } = await prober.check({
      ...request,
      ...this.#common(request.caFiles, request.connection),
    });
    return result;
  }

  /** A CA file or client certificate that has gone is no reason not to look: it is done without, and said. */
  async check(job: Job, signal: AbortSignal): Promise<Checked> {
    const { target, caFiles, connection } = job;
    const thresholds = this.#rules.thresholdsOf(job);
    const request = {
      target,
      thresholds,
      signal,
      begunAt: performance.now(),
      ...this.#common(caFiles, connection),
      ...this.#ofFile(job),
    };
    const prober = await this.#prober();
    try {
      const checked = await prober.check(request);
      this.#warnOf(prober.faultsOfCaFiles(request.caFiles));
      return this.#noting(job, checked);
    } catch (error) {
      if (!(error instanceof InputFileError)) throw error;
      this.#log.warn(`${formatTarget(target)}: ${error.message}`);
      const usable = request.caFiles.filter((path) => prober.canUseCaFile(path));
      const bare = { ...request.connection, clientCertificate: null };
      const checked = await prober.check({ ...request, connection: bare, caFiles: usable });
      for (const problem of checked.result.problems) {
        const isAboutTrust = /^(self-signed|untrusted-issuer|incomplete-chain|unreachable)$/.test(
          problem.code,
        );
        if (isAboutTrust) problem.remedy = `${error.message} ${problem.remedy}`;
      }
      return this.#noting(job, checked);
    }
  }

  /** What a file is judged by beside itself: where it lies in a source, and what lay there before. */
  #ofFile(job: Job): Pick<CheckRequest, 'entries' | 'seenBefore'> {
    if (!isFileTarget(job.target)) return {};
    const { entries, leafTimes } = this.#options;
    return {
      seenBefore: leafTimes(job.id),
      ...(job.origin ? { entries: (signal: AbortSignal) => entries.read(job, signal) } : {}),
    };
  }

  /** Logs each fault of a CA file's certificates once. */
  #warnOf(faults: readonly string[]): void {
    for (const fault of faults) {
      if (this.#warnedOf.has(fault)) continue;
      this.#warnedOf.add(fault);
      this.#log.warn(fault);
    }
  }

  #noting({ id, target }: Job, checked: Checked): Checked {
    if (checked.fault !== undefined)
      this.#log.error(
        `the check of ${formatTarget(target)} (job ${id}) failed by a fault in NotAfter`,
        checked.fault,
      );
    return checked;
  }

  /** Makes sure that the files which a job names can be read and are what they should be. @throws InputFileError */
  async testFiles(
    caFiles: readonly string[] = [],
    connection: Connection = defaultConnection,
    target?: FilePaths,
  ): Promise<void> {
    if (target) await refuseTarget(target);
    const timeoutMs = this.#rules.settings.timeoutSeconds * 1000;
    const prober = await this.#prober();
    await prober.testFiles({ caFiles, connection, timeoutMs });
  }

  #common(caFiles: readonly string[], connection: Connection = defaultConnection) {
    const { settings } = this.#rules;
    const proxy = connection.proxy ?? settings.proxy;
    return {
      caFiles: [...this.#caFiles, ...settings.caFiles, ...caFiles],
      connection: {
        ...connection,
        proxy: proxy === 'none' ? null : proxy,
        ehloName: connection.ehloName ?? settings.ehloName,
      },
      fetchRevocation: settings.fetchRevocation,
      timeoutMs: settings.timeoutSeconds * 1000,
    };
  }
}

/** A file that may not be read is refused when it is named; one that is not there may come. @throws InputFileError */
async function refuseTarget({ file, passphraseFile = null }: FilePaths): Promise<void> {
  if (file !== undefined) await refuseOutside('The certificate file', 'target.file', file);
  if (passphraseFile !== null)
    await refuseOutside('The passphrase file', 'target.passphraseFile', passphraseFile);
}
