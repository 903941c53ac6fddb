import type { SecureContext } from 'node:tls';
import { compareStatus } from '../../../shared/domain/severity.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { type Connection, defaultConnection } from '../../../shared/schema/connection.ts';
import type { Revocation } from '../../../shared/schema/revocation.ts';
import {
  type HostTarget,
  isFileTarget,
  isIpv6,
  type Target,
  wireName,
} from '../../../shared/schema/target.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { count } from '../../../shared/text/words.ts';
import { printable } from '../printable.ts';
import { frameResult, unreachableResult } from '../verify/result.ts';
import { unverifiable } from '../verify/revocation/revocation.ts';
import type { RevocationService } from '../verify/revocation/revocation-service.ts';
import { TrustStores } from '../verify/trust.ts';
import { Verifier } from '../verify/verifier.ts';
import { ClientContexts } from './client-certificates.ts';
import { type Address, type Resolve, systemResolver } from './connect.ts';
import { Deadline } from './deadline.ts';
import { readCertificateFile } from './files/certificate-file.ts';
import { InputFileError } from './files/input-file.ts';
import type { ServerPresentation } from './full-handshake.ts';
import { newProbeTrace, type ProbeTrace } from './probe-trace.ts';
import { readHost } from './read-host.ts';
import type { Route } from './route.ts';
import { createReadingContext } from './tls-contexts.ts';
import type { Preference } from './tls-reader/parameters.ts';
import { rejectOnAbort, UnreachableError } from './unreachable.ts';

/** What one check is asked. */
export interface CheckRequest {
  target: Target;
  thresholds: Thresholds;
  /** Paths of PEM files that are trusted beside the usual roots. */
  caFiles: readonly string[];
  /** How the target is reached; by default straight, to whichever address answers first. */
  connection?: Connection;
  /** Whether the CA is asked for revocation, which tells it what is watched. Off by default. */
  fetchRevocation?: boolean;
  /** Deadline of the whole check, in milliseconds. */
  timeoutMs: number;
  /** Ends the check early, at shutdown or when a person cancels it. */
  signal?: AbortSignal;
}

/** A result, with the certificates themselves for those who keep them. */
export interface Checked {
  result: CheckResult;
  /** As sent, in DER, the leaf first. */
  chain: Buffer[];
  /** What NotAfter itself failed by, to be logged: the result says no more than that it did. */
  fault?: unknown;
}

export interface ProberOptions {
  now?: () => number;
  resolve?: Resolve;
  trustStores?: TrustStores;
}

/** Addresses of one name that are checked at the same time. */
const addressesAtOnce = 4;
/** A name with more addresses than this is checked on the first ones. */
const maxAddresses = 64;

/** Looks at targets. One object holds what checks share: reading contexts, trust stores, parsed certificates. */
export class Prober {
  readonly #now: () => number;
  readonly #resolve: Resolve;
  readonly #verifier: Verifier;
  readonly #context = createReadingContext();
  readonly #clientContexts = new ClientContexts();
  #revocation: Promise<RevocationService> | undefined;

  constructor({
    now = Date.now,
    resolve = systemResolver,
    trustStores = new TrustStores(),
  }: ProberOptions = {}) {
    this.#now = now;
    this.#resolve = resolve;
    this.#verifier = new Verifier(trustStores);
  }

  /**
   * Checks a target once. A target that cannot be reached is a result, never an exception, and so is a fault of our own.
   * @throws InputFileError where a CA file or client certificate cannot be used; the request's signal's reason where
   * it aborts
   */
  async check(request: CheckRequest): Promise<Checked> {
    const begun = performance.now();
    try {
      return await this.#check(request);
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

  async #check(request: CheckRequest): Promise<Checked> {
    const { target, connection = defaultConnection } = request;
    this.testCaFiles(request.caFiles);
    if (isFileTarget(target))
      return this.#run(request, (_, { signal }) => readCertificateFile(target, signal));
    const secureContext =
      connection.clientCertificate === null
        ? this.#context
        : this.#clientContexts.get(connection.clientCertificate);
    const resolve = addressRule(connection, this.#resolve);
    const { allAddresses, proxy } = connection;
    const isProxied = proxy !== null && proxy !== 'none';
    if (!allAddresses || isProxied) return this.#checkCertificates(request, target, resolve, secureContext);
    return this.#checkAllAddresses(request, target, resolve, secureContext);
  }

  /** The one certificate that a server chooses; or, where that is wanted, the worse of its two. */
  async #checkCertificates(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    secureContext: SecureContext,
  ): Promise<Checked> {
    const look = (preference: Preference) =>
      this.#checkHost(request, target, resolve, secureContext, preference);
    if (!request.connection?.bothCertificates) return look('any');
    const both = [await look('ecdsa'), await look('rsa')].filter(({ result }) => result.certificate !== null);
    if (both.length === 0) return look('any'); // Which says what is the matter.
    const [worse] = both.toSorted(
      ({ result: one }, { result: other }) =>
        compareStatus(one.status, other.status) || expiryOf(one) - expiryOf(other),
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

  /** @throws InputFileError for the first that cannot be used */
  testCaFiles(caFiles: readonly string[]): void {
    this.#verifier.testCaFiles(caFiles);
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
    secureContext: SecureContext,
    preference: Preference = 'any',
  ): Promise<Checked> {
    const { proxy, reader, clientCertificate, ehloName } = request.connection ?? defaultConnection;
    const route: Route = {
      resolve,
      proxy: proxy === 'none' ? null : proxy,
      secureContext,
      reader: clientCertificate === null ? reader : 'full',
      preference,
      ehloName,
    };
    return this.#run(request, (trace, deadline) => readHost(target, route, trace, deadline));
  }

  /** Every address on its own; the worst is shown, with what each showed beside it. */
  async #checkAllAddresses(
    request: CheckRequest,
    target: HostTarget,
    resolve: Resolve,
    secureContext: SecureContext,
  ): Promise<Checked> {
    let addresses: Address[];
    try {
      addresses = (await resolve(wireName(target.host) ?? target.host)).slice(0, maxAddresses);
    } catch {
      addresses = []; // The check of the name itself says what is the matter.
    }
    if (addresses.length < 2) return this.#checkHost(request, target, resolve, secureContext);
    const all: { address: string; checked: Checked }[] = [];
    const waiting = [...addresses];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const only = next;
        const checked = await this.#checkCertificates(request, target, async () => [only], secureContext);
        all.push({ address: only.address, checked });
      }
    };
    await Promise.all(Array.from({ length: addressesAtOnce }, work));
    all.sort((one, other) => compareStatus(one.checked.result.status, other.checked.result.status));
    const summary = all.map(({ address, checked }) => ({
      address,
      status: checked.result.status,
      fingerprint256: checked.result.certificate?.fingerprint256 ?? null,
    }));
    const [worst] = all;
    if (!worst) throw new Error('No address was checked.');
    const { result, chain } = worst.checked;
    return { result: { ...result, address: result.address ?? worst.address, addresses: summary }, chain };
  }

  /** Reads under the deadline, judges what was read, and turns what could not be read into a result. */
  async #run(
    request: CheckRequest,
    read: (trace: ProbeTrace, deadline: Deadline) => Promise<ServerPresentation>,
  ): Promise<Checked> {
    const { target, timeoutMs } = request;
    const started = performance.now();
    const trace = newProbeTrace();
    using deadline = new Deadline(timeoutMs, request.signal);
    try {
      const presented = await read(trace, deadline);
      return await this.#conclude(request, presented, trace, performance.now() - started, deadline);
    } catch (error) {
      request.signal?.throwIfAborted();
      // What was found out by then is the answer: that the server does not speak TLS, say.
      const found = error instanceof UnreachableError ? error : trace.alert;
      const failure = deadline.signal.aborted ? (found ?? tooSlow(target, trace, deadline.spanMs)) : error;
      if (!(failure instanceof UnreachableError)) throw failure;
      const shown = await this.#concludeUnproven(request, failure, trace, performance.now() - started);
      if (shown) return shown;
      return {
        result: unreachableResult(target, failure, trace, performance.now() - started, this.#now()),
        chain: [],
      };
    }
  }

  /** What was shown without a proof of its key, with that said; null where nothing was, or it cannot be read. */
  async #concludeUnproven(
    request: CheckRequest,
    failure: UnreachableError,
    trace: ProbeTrace,
    totalMs: number,
  ): Promise<Checked | null> {
    if (!trace.unproven) return null;
    const hasRefused = failure.reason === 'handshake' || failure.reason === 'reset';
    const hasClientCertificate = (request.connection?.clientCertificate ?? null) !== null;
    const keyFault = {
      ending: failure.message,
      lacksClientCertificate:
        trace.unproven.provesAfterClient === true && hasRefused && !hasClientCertificate,
    };
    // The CA is not asked about a certificate that may be anybody's; the time for that may be over, too.
    const offline = { ...request, fetchRevocation: false };
    const presented = { ...trace.unproven, keyFault };
    return this.#judge(offline, presented, trace, totalMs, null);
  }

  async #conclude(
    request: CheckRequest,
    presented: ServerPresentation,
    trace: ProbeTrace,
    totalMs: number,
    deadline: Deadline,
  ): Promise<Checked> {
    const judged = await this.#judge(request, presented, trace, totalMs, deadline);
    if (!judged) throw unreadable(request.target);
    return judged;
  }

  async #judge(
    request: CheckRequest,
    presented: ServerPresentation,
    trace: ProbeTrace,
    totalMs: number,
    deadline: Deadline | null,
  ): Promise<Checked | null> {
    const now = this.#now();
    const { target, thresholds, caFiles } = request;
    const host = isFileTarget(target) ? null : (target.servername ?? target.host);
    const judgement = await this.#verifier.verify(presented, {
      host,
      thresholds,
      caFiles,
      now,
      ...(request.fetchRevocation && deadline
        ? { askRevocation: (path) => this.#askRevocation(path, now, deadline) }
        : {}),
    });
    if (!judgement) return null;
    const { problems, sent, steps: _steps, ...found } = judgement;
    const { protocol, cipher } = presented;
    return {
      result: { ...frameResult(target, problems, trace, totalMs, now), ...found, protocol, cipher },
      chain: sent,
    };
  }

  /** What asks is loaded when it is first wanted. Once the deadline has passed, nothing is waited for. */
  async #askRevocation(
    path: readonly Buffer[],
    now: number,
    { signal, leftMs }: Deadline,
  ): Promise<Revocation> {
    this.#revocation ??= import('../verify/revocation/revocation-service.ts').then(
      (revocation) => new revocation.RevocationService(),
    );
    using aborted = rejectOnAbort(signal);
    const asking = (await this.#revocation).ask(path, now, leftMs, signal);
    try {
      return await Promise.race([asking, aborted.promise]);
    } catch (error) {
      if (!signal.aborted) throw error;
      return unverifiable('timeout', null);
    }
  }
}

export { InputFileError };

function describeFault(error: unknown): string {
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 200);
}

const expiryOf = ({ certificate, earliestExpiry }: CheckResult) =>
  Date.parse((earliestExpiry ?? certificate)?.validTo ?? '');

/** What a name resolves to, as the connection has it: one address given, or those of one family. */
function addressRule({ address, family }: Connection, resolve: Resolve): Resolve {
  if (address !== null) return async () => [{ address, family: isIpv6(address) ? 6 : 4 }];
  if (family === 'any') return resolve;
  const wanted = family === 'ipv6' ? 6 : 4;
  return async (name) => {
    const addresses = (await resolve(name)).filter((one) => one.family === wanted);
    if (addresses.length > 0) return addresses;
    throw new UnreachableError('dns', `The name ${name} has no IPv${wanted} address.`);
  };
}

function unreadable(target: Target): UnreachableError {
  if (isFileTarget(target))
    return new UnreachableError('file', `The certificate in ${target.file} cannot be read: it is broken.`);
  return new UnreachableError('handshake', 'The server’s certificate cannot be read: its DER is broken.');
}

function tooSlow(target: Target, { timings }: ProbeTrace, timeoutMs: number): UnreachableError {
  if (isFileTarget(target)) return new UnreachableError('file', `${target.file} could not be read in time.`);
  const isBeforeTls = target.starttls !== null && timings.starttls === null;
  const connected = isBeforeTls ? 'before TLS started' : 'during the TLS handshake';
  const during = timings.tcp === null ? 'while connecting' : connected;
  return new UnreachableError(
    'timeout',
    `${target.host} did not answer within ${count(timeoutMs / 1000, 'second')} ${during}.`,
  );
}
