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
    try {
      return this.#tellingOfCaFiles(request, await this.#check(request));
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
    await this.loadCaFiles(request);
    this.testCaFiles(request.caFiles);
    return this.#files.checkEntries({ ...request, target });
  }

  async #check(request: CheckRequest): Promise<Checked> {
    const { target, connection = defaultConnection } = request;
    await this.loadCaFiles(request);
    this.testCaFiles(request.caFiles);
    if (isFileTarget(target)) return this.#files.check({ ...request, target });
    const contexts =
      connection.clientCertificate === null
        ? this.#contexts
        : await this.#loadClientContexts(connection.clientCertificate, request);
    const resolve = addressRule(connection, this.#resolve);
    const { allAddresses, proxy } = connection;
    const isProxied = proxy !== null && proxy !== 'none';
    if (!allAddresses || isProxied) return this.#checkCertificates(request, target, resolve, contexts);
    return this.#checkAllAddresses(request, target, resolve, contexts);
  }

  /** @throws InputFileError where the files cannot be used, or not be read in time; the request's signal's reason where it aborts */
  async #loadClientContexts(
    certificate: NonNullable<Connection['clientCertificate']>,
    { timeoutMs, signal }: CheckRequest,
  ): Promise<ReadingContexts> {
    using deadline = new Deadline(timeoutMs, signal);
    try {
      return await this.#clientContexts.load(certificate, deadline.signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!deadline.signal.aborted) throw error;
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
  ): Promise<Checked> {
    const look = (preference: Preference) => this.#checkHost(request, target, resolve, contexts, preference);
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
   * Reads CA files ahead, without holding anything else up: the disk of one may be slow, or a network away.
   * @throws InputFileError where they cannot be read in time; the request's signal's reason where it aborts
   */
  async loadCaFiles(request: Pick<CheckRequest, 'caFiles' | 'timeoutMs' | 'signal'>): Promise<void> {
    const { caFiles, timeoutMs, signal } = request;
    if (caFiles.length === 0) return;
    using deadline = new Deadline(timeoutMs, signal);
    try {
      await this.#verifier.loadCaFiles(caFiles, deadline.signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!deadline.signal.aborted) throw error;
      const paths = caFiles.join(', ');
      throw new InputFileError('caFiles', paths, `The CA files could not be read in time: ${paths}.`);
    }
  }

  /** @throws InputFileError for the first that cannot be used */
  testCaFiles(caFiles: readonly string[]): void {
    this.#verifier.testCaFiles(caFiles);
  }

  /** Returns a sentence for each certificate of the CA files that cannot be read, and is left out. @throws as `testCaFiles` */
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

  canUseCaFile(path: string): boolean {
    try {
      this.testCaFiles([path]);
      return true;
    } catch {
      return false; // Which is what was asked.
    }
  }

  /** @throws InputFileError where the client certificate or its key cannot be used */
  testConnection({ clientCertificate }: Connection): void {
    if (clientCertificate !== null) this.#clientContexts.get(clientCertificate);
  }

  #checkHost(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    contexts: ReadingContexts,
    preference: Preference = 'any',
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
    return this.#runs.run(request, (trace, deadline) => readHost(target, route, trace, deadline));
  }

  /** Every address on its own; the worst is shown, with what each showed beside it. */
  async #checkAllAddresses(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    contexts: ReadingContexts,
  ): Promise<Checked> {
    let addresses: Address[];
    try {
      using deadline = new Deadline(request.timeoutMs, request.signal);
      addresses = await findAddresses(target.host, resolve, deadline.signal);
    } catch {
      addresses = []; // The check of the name itself says what is the matter.
    }
    const usable = addresses.filter((one) => canReach(one));
    if (addresses.length < 2 || usable.length === 0)
      return this.#checkCertificates(request, target, resolve, contexts);
    const all = await checkEach(usable, (only) =>
      this.#checkCertificates(request, target, async () => [only], contexts),
    );
    const skipped = addresses.filter((one) => !usable.includes(one));
    return joinAddresses(all, skipped);
  }
}

export type { Checked, CheckRequest };
export { InputFileError };

function describeFault(error: unknown): string {
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 200);
}
