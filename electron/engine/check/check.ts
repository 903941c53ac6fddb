import type { Socket } from 'node:net';
import type { CheckResult, Problem, Timings, Unreachable } from '../../../shared/check-result.ts';
import { isIpv4, isIpv6, type StarttlsProtocol, type Target, wireName } from '../../../shared/target.ts';
import type { Thresholds } from '../../../shared/thresholds.ts';
import { count } from '../../../shared/words.ts';
import { statusOf } from './assess.ts';
import { connect, type Resolve, systemResolver } from './connect.ts';
import { type Presented, shakeHands } from './handshake.ts';
import { Judge } from './judge.ts';
import { probePlainProtocol } from './probe.ts';
import { createReadingContext } from './reading-context.ts';
import { startTls } from './starttls.ts';
import { CaFileError, TrustStores } from './trust.ts';
import { UnreachableError } from './unreachable.ts';

/** What one check is asked. */
export interface CheckRequest {
  target: Target;
  thresholds: Thresholds;
  /** Paths of PEM files that are trusted beside the usual roots. */
  caFiles: readonly string[];
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
}

export interface CheckerOptions {
  now?: () => number;
  resolve?: Resolve;
  trustStores?: TrustStores;
}

interface Journey {
  address: string | null;
  timings: Omit<Timings, 'total'>;
}

/** Looks at targets. One object holds what checks share: the reading context, trust stores, parsed certificates. */
export class Checker {
  readonly #now: () => number;
  readonly #resolve: Resolve;
  readonly #judge: Judge;
  readonly #context = createReadingContext();

  constructor({
    now = Date.now,
    resolve = systemResolver,
    trustStores = new TrustStores(),
  }: CheckerOptions = {}) {
    this.#now = now;
    this.#resolve = resolve;
    this.#judge = new Judge(trustStores);
  }

  /**
   * Checks a target once. A target that cannot be reached is a result, never an exception.
   * @throws CaFileError where a CA file cannot be used; the request's signal's reason where it aborts
   */
  async check(request: CheckRequest): Promise<Checked> {
    const { target, timeoutMs } = request;
    this.testCaFiles(request.caFiles);
    const started = performance.now();
    const journey: Journey = { address: null, timings: { dns: null, tcp: null, starttls: null, tls: null } };
    using deadline = new Deadline(timeoutMs, request.signal);
    try {
      const presented = await this.#read(target, journey, deadline.signal);
      return await this.#conclude(request, presented, journey, performance.now() - started);
    } catch (error) {
      request.signal?.throwIfAborted();
      const failure = deadline.signal.aborted ? tooSlow(target, journey, timeoutMs) : error;
      if (!(failure instanceof UnreachableError)) throw failure;
      return this.#unreachable(request, failure, journey, performance.now() - started);
    }
  }

  /** @throws CaFileError for the first that cannot be used */
  testCaFiles(caFiles: readonly string[]): void {
    this.#judge.testCaFiles(caFiles);
  }

  canUseCaFile(path: string): boolean {
    try {
      this.testCaFiles([path]);
      return true;
    } catch {
      return false; // Which is what was asked.
    }
  }

  async #read(target: Target, journey: Journey, signal: AbortSignal): Promise<Presented> {
    const connection = await connect(target.host, target.port, this.#resolve, signal);
    const { socket } = connection;
    journey.address = connection.address;
    journey.timings.dns = connection.dnsMs;
    journey.timings.tcp = connection.tcpMs;
    try {
      if (target.starttls !== null) await this.#startTls(socket, target, target.starttls, journey, signal);
      const begun = performance.now();
      const presented = await shakeHands(socket, sniOf(target), this.#context, signal);
      journey.timings.tls = performance.now() - begun;
      return presented;
    } catch (error) {
      if (error instanceof UnreachableError && error.reason === 'not-tls' && target.starttls === null) {
        throw new UnreachableError('not-tls', await this.#whatItSpeaks(target, signal), { cause: error });
      }
      throw error;
    } finally {
      socket.destroy();
    }
  }

  async #startTls(
    socket: Socket,
    target: Target,
    protocol: StarttlsProtocol,
    journey: Journey,
    signal: AbortSignal,
  ): Promise<void> {
    const begun = performance.now();
    const onAbort = () => socket.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await startTls(socket, protocol, wireName(target.servername ?? target.host) ?? target.host);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    journey.timings.starttls = performance.now() - begun;
  }

  async #whatItSpeaks(target: Target, signal: AbortSignal): Promise<string> {
    try {
      const { socket } = await connect(target.host, target.port, this.#resolve, signal);
      return await probePlainProtocol(socket);
    } catch {
      // It did not let itself be asked again: what the handshake met is all there is to say.
      return 'The server does not answer in TLS: is this the right port?';
    }
  }

  async #conclude(
    request: CheckRequest,
    presented: Presented,
    journey: Journey,
    totalMs: number,
  ): Promise<Checked> {
    const now = this.#now();
    const { target, thresholds, caFiles } = request;
    const host = target.servername ?? target.host;
    const judgement = await this.#judge.judge(presented, { host, thresholds, caFiles, now });
    if (!judgement) {
      const failure = new UnreachableError(
        'handshake',
        'The server’s certificate cannot be read: its DER is broken.',
      );
      return this.#unreachable(request, failure, journey, totalMs);
    }
    const { problems, sent, ...found } = judgement;
    const { protocol, cipher } = presented;
    return {
      result: { ...this.#frame(target, problems, journey, totalMs, now), ...found, protocol, cipher },
      chain: sent,
    };
  }

  #unreachable(request: CheckRequest, failure: Unreachable, journey: Journey, totalMs: number): Checked {
    const problem: Problem = {
      code: 'unreachable',
      severity: 'critical',
      message: failure.message,
      remedy: remedies[failure.reason],
    };
    const result: CheckResult = {
      ...this.#frame(request.target, [problem], journey, totalMs, this.#now()),
      unreachable: { reason: failure.reason, message: failure.message },
    };
    return { result, chain: [] };
  }

  #frame(target: Target, problems: Problem[], journey: Journey, totalMs: number, now: number): CheckResult {
    return {
      target: { host: target.host, port: target.port, servername: sniOf(target), starttls: target.starttls },
      checkedAt: new Date(now).toISOString(),
      status: statusOf(problems),
      problems,
      certificate: null,
      chain: [],
      earliestExpiry: null,
      protocol: null,
      cipher: null,
      address: journey.address,
      timings: {
        dns: roundMs(journey.timings.dns),
        tcp: roundMs(journey.timings.tcp),
        starttls: roundMs(journey.timings.starttls),
        tls: roundMs(journey.timings.tls),
        total: roundMs(totalMs) ?? 0,
      },
      unreachable: null,
    };
  }
}

export { CaFileError };

/** The name sent as SNI: none for addresses (RFC 6066 §3). */
function sniOf(target: Target): string | null {
  const name = target.servername ?? target.host;
  return isIpv4(name) || isIpv6(name) ? null : wireName(name);
}

const remedies: Record<Unreachable['reason'], string> = {
  dns: 'Check the spelling of the name, and whether this machine can reach its name server (a VPN, perhaps).',
  refused: 'Check whether the service runs, on which port it listens, and whether a firewall stands between.',
  timeout: 'Check whether the host is up and whether a firewall drops the connection.',
  reset: 'See the server’s log for why it closes the connection.',
  'not-tls': 'Correct the port, or choose the STARTTLS protocol that the service speaks.',
  'starttls-refused': 'Turn on TLS in the service, or correct the port and protocol.',
  handshake: 'See the server’s log for the handshake that failed.',
};

function roundMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}

function tooSlow(target: Target, { timings }: Journey, timeoutMs: number): UnreachableError {
  const during =
    timings.tcp === null
      ? 'while connecting'
      : target.starttls !== null && timings.starttls === null
        ? 'before TLS started'
        : 'during the TLS handshake';
  const seconds = count(timeoutMs / 1000, 'second');
  return new UnreachableError('timeout', `${target.host} did not answer within ${seconds} ${during}.`);
}

/** One deadline for a whole check, joined with whatever else may end it. */
class Deadline {
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    const controller = new AbortController();
    this.#timer = setTimeout(() => controller.abort(new Error('The deadline has passed.')), timeoutMs);
    this.signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
