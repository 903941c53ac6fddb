import type { Revocation } from '../../../shared/schema/revocation.ts';
import { isFileTarget, type Target } from '../../../shared/schema/target.ts';
import { count } from '../../../shared/text/words.ts';
import { rejectOnAbort } from '../reject-on-abort.ts';
import { whyUnreadable } from '../verify/certificate.ts';
import { frameResult, unreachableResult } from '../verify/result.ts';
import { unverifiable } from '../verify/revocation/revocation.ts';
import type { RevocationService } from '../verify/revocation/revocation-service.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { Checked, CheckRequest } from './check-request.ts';
import { attemptWords } from './connect.ts';
import type { Deadline } from './deadline.ts';
import type { ServerPresentation } from './presentation.ts';
import { newProbeTrace, type ProbeTrace } from './probe-trace.ts';
import { UnreachableError } from './unreachable.ts';

/** Runs one reading within the check's deadline, and turns what it read, or why nothing was read, into a result. */
export class CheckRuns {
  readonly #now: () => number;
  readonly #verifier: Verifier;
  #revocation: Promise<RevocationService> | undefined;

  constructor(now: () => number, verifier: Verifier) {
    this.#now = now;
    this.#verifier = verifier;
  }

  /** Reads under the deadline, judges what was read, and turns what could not be read into a result. */
  async run(
    request: CheckRequest,
    deadline: Deadline,
    read: (trace: ProbeTrace) => Promise<ServerPresentation>,
  ): Promise<Checked> {
    const { target } = request;
    const started = performance.now();
    const trace = newProbeTrace();
    try {
      const presented = await read(trace);
      return await this.#conclude(request, presented, trace, performance.now() - started, deadline);
    } catch (error) {
      request.signal?.throwIfAborted();
      // What was found out by then is the answer: that the server does not speak TLS, say.
      const found = error instanceof UnreachableError ? error : (trace.alert ?? trace.met);
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
    return this.#verify(offline, presented, trace, totalMs, null);
  }

  async #conclude(
    request: CheckRequest,
    presented: ServerPresentation,
    trace: ProbeTrace,
    totalMs: number,
    deadline: Deadline,
  ): Promise<Checked> {
    const judged = await this.#verify(request, presented, trace, totalMs, deadline);
    if (!judged) throw unreadable(request.target, presented.chain[0]);
    return judged;
  }

  async #verify(
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

function unreadable(target: Target, leaf: Buffer | undefined): UnreachableError {
  const why = whyUnreadable(leaf);
  if (isFileTarget(target))
    return new UnreachableError('file', `The certificate in ${target.file} cannot be read: ${why}.`);
  return new UnreachableError('handshake', `The server’s certificate cannot be read: ${why}.`);
}

function tooSlow(target: Target, { timings, attempts }: ProbeTrace, timeoutMs: number): UnreachableError {
  if (isFileTarget(target)) return new UnreachableError('file', `${target.file} could not be read in time.`);
  const isBeforeTls = target.starttls !== null && timings.starttls === null;
  const connected = isBeforeTls ? 'before TLS started' : 'during the TLS handshake';
  const during = timings.tcp === null ? 'while connecting' : connected;
  const addresses = timings.tcp === null ? attemptWords(attempts) : '';
  const sentence = `${target.host} did not answer within ${count(timeoutMs / 1000, 'second')} ${during}`;
  return new UnreachableError('timeout', `${sentence}${addresses === '' ? '' : `: ${addresses}`}.`);
}
