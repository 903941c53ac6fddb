import { compareStatus } from '../../../shared/domain/severity.ts';
import { type Connection, defaultConnection } from '../../../shared/schema/connection.ts';
import { type HostTarget, isFileTarget } from '../../../shared/schema/target.ts';
import { printable } from '../printable.ts';
import { unreachableResult } from '../verify/result.ts';
import { TrustStores } from '../verify/trust.ts';
import { Verifier } from '../verify/verifier.ts';
import {
  type Address,
  addressRule,
  canReach,
  findAddresses,
  type Resolve,
  systemResolver,
} from './addresses.ts';
import { checkEach, joinAddresses } from './all-addresses.ts';
import type { Checked, CheckRequest } from './check-request.ts';
import { CheckRuns } from './check-run.ts';
import { ClientContexts } from './client-certificates.ts';
import { Deadline } from './deadline.ts';
import { FileProbe, resultExpiry } from './file-probe.ts';
import { InputFileError } from './files/input-file.ts';
import { newProbeTrace } from './probe-trace.ts';
import { readHost } from './read-host.ts';
import type { ProbeRoute } from './route.ts';
import { SpokenPorts } from './spoken-ports.ts';
import { createReadingContexts, type ReadingContexts } from './tls-contexts.ts';
import type { Preference } from './tls-reader/index.ts';
import { UnreachableError } from './unreachable.ts';

export interface ProberOptions {
  now?: () => number;
  resolve?: Resolve;
  trustStores?: TrustStores;
}

/** Looks at targets. One object holds what checks share: reading contexts, trust stores, parsed certificates. */
export class Prober {
  readonly #now: () => number;
  readonly #resolve: Resolve;
  readonly #verifier: Verifier;
  readonly #files: FileProbe;
  readonly #contexts = createReadingContexts();
  readonly #clientContexts = new ClientContexts();
  readonly #spokenPorts = new SpokenPorts();
  readonly #runs: CheckRuns;

  constructor({
    now = Date.now,
    resolve = systemResolver,
    trustStores = new TrustStores(),
  }: ProberOptions = {}) {
    this.#now = now;
    this.#resolve = resolve;
    this.#verifier = new Verifier(trustStores);
    this.#runs = new CheckRuns(now, this.#verifier);
    this.#files = new FileProbe(this.#verifier, now);
  }

  /**
   * Checks a target once. A target that cannot be reached is a result, never an exception, and so is a fault of our own.
   * @throws InputFileError where a CA file or client certificate cannot be used; the request's signal's reason where
   * it aborts
   */
  async check(request: CheckRequest): Promise<Checked> {
    const begun = performance.now();
    using deadline = deadlineOf(request);
    try {
      return this.#tellingOfCaFiles(request, await this.#check(request, deadline));
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof InputFileError) throw error;
      const failure = new UnreachableError(
        'fault',
        `The check failed by a fault in NotAfter: ${describeFault(error)}.`,
      );
      const totalMs = performance.now() - begun;
      const result = unreachableResult(request.target, failure, newProbeTrace(), totalMs, this.#now());
      return { result, chain: [], fault: error };
    }
  }

  /**
   * Checks a target as `check` does, a certificate file by each of its entries.
   * @throws as `check`
   */
  async checkEach(request: CheckRequest): Promise<Checked[]> {
    const { target } = request;
    if (!isFileTarget(target)) return [await this.check(request)];
    using deadline = deadlineOf(request);
    await this.#loadCaFiles(request, deadline);
    return await this.#files.checkEntries({ ...request, target }, deadline);
  }

  async #check(request: CheckRequest, deadline: Deadline): Promise<Checked> {
    const { target, connection = defaultConnection } = request;
    await this.#loadCaFiles(request, deadline);
    if (isFileTarget(target)) return this.#files.check({ ...request, target }, deadline);
    const contexts =
      connection.clientCertificate === null
        ? this.#contexts
        : await this.#loadClientContexts(connection.clientCertificate, request, deadline);
    const resolve = addressRule(connection, this.#resolve);
    const { allAddresses, proxy } = connection;
    const isProxied = proxy !== null && proxy !== 'none';
    if (!allAddresses || isProxied)
      return this.#checkCertificates(request, target, resolve, contexts, deadline);
    return this.#checkAllAddresses(request, target, resolve, contexts, deadline);
  }

  /**
   * Loads CA files for a check, without blocking others: the disk of one may be slow, or a network away.
   * @throws InputFileError for the first that cannot be used, or not be read in time; the request's signal's reason where it aborts
   */
  async #loadCaFiles({ caFiles, signal }: FilesRequest, deadline: Deadline): Promise<void> {
    // For most checks they are: nothing needs to be waited for, nor the wait bounded.
    if (this.#verifier.hasCaFiles(caFiles)) return this.#testCaFiles(caFiles);
    using share = deadline.part(shareForFiles);
    try {
      await this.#verifier.loadCaFiles(caFiles, share.signal);
    } catch (error) {
      signal?.throwIfAborted();
      // Those that were not loaded in time are reported below.
      if (!share.signal.aborted) throw error;
    }
    this.#testCaFiles(caFiles);
  }

  /** @throws InputFileError where the files cannot be used, or not be read in time; the request's signal's reason where it aborts */
  async #loadClientContexts(
    certificate: NonNullable<Connection['clientCertificate']>,
    { signal }: FilesRequest,
    deadline: Deadline,
  ): Promise<ReadingContexts> {
    using share = deadline.part(shareForFiles);
    try {
      return await this.#clientContexts.load(certificate, share.signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!share.signal.aborted) throw error;
      const { certFile, keyFile } = certificate;
      const sentence = `The client certificate could not be read in time: ${certFile}, ${keyFile}.`;
      throw new InputFileError('connection.clientCertificate.certFile', certFile, sentence);
    }
  }

  /** The one certificate that a server chooses; or, where that is wanted, the worse of its two. */
  async #checkCertificates(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    contexts: ReadingContexts,
    deadline: Deadline,
  ): Promise<Checked> {
    const look = (preference: Preference) =>
      this.#checkHost(request, target, resolve, contexts, deadline, preference);
    if (!request.connection?.bothCertificates) return look('any');
    const both = [await look('ecdsa'), await look('rsa')].filter(({ result }) => result.certificate !== null);
    if (both.length === 0) return look('any'); // Which says what is the matter.
    const [worse] = both.toSorted(
      ({ result: one }, { result: other }) =>
        compareStatus(one.status, other.status) || resultExpiry(one) - resultExpiry(other),
    );
    if (!worse) throw new Error('No certificate was read.');
    const certificates = both.map(({ result: { certificate, status } }) => ({
      keyType: certificate?.key.type ?? '',
      status,
      validTo: certificate?.validTo ?? '',
      fingerprint256: certificate?.fingerprint256 ?? '',
    }));
    return { ...worse, result: { ...worse.result, certificates } };
  }

  /**
   * Makes sure that the files of a check can be read and are what they should be, without blocking anything else.
   * @throws InputFileError for the first that cannot be used; the request's signal's reason where it aborts
   */
  async testFiles(request: FilesRequest): Promise<void> {
    const { clientCertificate } = request.connection ?? defaultConnection;
    using deadline = deadlineOf(request);
    await this.#loadCaFiles(request, deadline);
    if (clientCertificate !== null) await this.#loadClientContexts(clientCertificate, request, deadline);
  }

  /** @throws InputFileError for the first that cannot be used */
  #testCaFiles(caFiles: readonly string[]): void {
    this.#verifier.testCaFiles(caFiles);
  }

  /**
   * Returns a sentence for each certificate of CA files that cannot be read, and is left out. The files were loaded by a check or by `testFiles`.
   * @throws InputFileError for the first that cannot be used
   */
  faultsOfCaFiles(caFiles: readonly string[]): readonly string[] {
    return this.#verifier.faultsOfCaFiles(caFiles);
  }

  /** Where an issuer is not trusted, a certificate of a CA file that cannot be read may be why. */
  #tellingOfCaFiles({ caFiles }: CheckRequest, checked: Checked): Checked {
    const faults = this.faultsOfCaFiles(caFiles);
    if (faults.length === 0) return checked;
    const problems = checked.result.problems.map((problem) =>
      /^(self-signed|untrusted-issuer|incomplete-chain)$/.test(problem.code)
        ? { ...problem, remedy: [...faults, problem.remedy].join(' ') }
        : problem,
    );
    return { ...checked, result: { ...checked.result, problems } };
  }

  /** Whether a CA file was loaded by a check or by `testFiles`, and can be used. */
  canUseCaFile(path: string): boolean {
    try {
      this.#testCaFiles([path]);
      return true;
    } catch {
      return false; // Which is what was asked.
    }
  }

  #checkHost(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    contexts: ReadingContexts,
    deadline: Deadline,
    preference: Preference,
  ): Promise<Checked> {
    const { proxy, reader, clientCertificate, ehloName } = request.connection ?? defaultConnection;
    const route: ProbeRoute = {
      resolve,
      proxy: proxy === 'none' ? null : proxy,
      caFiles: request.caFiles,
      contexts,
      reader: clientCertificate === null ? reader : 'full',
      preference,
      ehloName,
      spokenPorts: this.#spokenPorts,
    };
    return this.#runs.run(request, deadline, (trace) => readHost(target, route, trace, deadline));
  }

  /** Every address on its own; the worst is shown, with what each showed beside it. */
  async #checkAllAddresses(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    contexts: ReadingContexts,
    deadline: Deadline,
  ): Promise<Checked> {
    let addresses: Address[];
    try {
      addresses = await findAddresses(target.host, resolve, deadline.signal);
    } catch {
      addresses = []; // The check of the name itself says what is the matter.
    }
    const usable = addresses.filter((one) => canReach(one));
    if (addresses.length < 2 || usable.length === 0)
      return this.#checkCertificates(request, target, resolve, contexts, deadline);
    const all = await checkEach(usable, async (only) => {
      using own = deadline.fork();
      return await this.#checkCertificates(request, target, async () => [only], contexts, own);
    });
    const skipped = addresses.filter((one) => !usable.includes(one));
    return joinAddresses(all, skipped);
  }
}

/** What of a request names files. */
type FilesRequest = Pick<CheckRequest, 'caFiles' | 'connection' | 'timeoutMs' | 'begunAt' | 'signal'>;

const deadlineOf = ({ timeoutMs, begunAt, signal }: FilesRequest) => new Deadline(timeoutMs, signal, begunAt);

/** Files get half of the time that is left, so that a disk that does not answer leaves time to look at the host without them. */
const shareForFiles = 0.5;

export type { Checked, CheckRequest };
export { InputFileError };

function describeFault(error: unknown): string {
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 200);
}
