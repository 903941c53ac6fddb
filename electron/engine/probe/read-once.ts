import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { guessStarttls } from '../../../shared/domain/target-text.ts';
import { isTlsPort } from '../../../shared/domain/tls-services.ts';
import {
  type HostTarget,
  isIpv6,
  type StarttlsProtocol,
  starttlsProtocols,
  wireName,
} from '../../../shared/schema/target.ts';
import type { Resolve } from './addresses.ts';
import { connect } from './connect.ts';
import type { Deadline } from './deadline.ts';
import type { ServerPresentation } from './presentation.ts';
import { newProbeTrace, type ProbeTrace } from './probe-trace.ts';
import { type ProbeRoute, sniOf } from './route.ts';
import { isSpokenInTls, readPresentation } from './tls-reader/index.ts';
import { UnreachableError } from './unreachable.ts';
import { upgrade } from './upgrade.ts';
import { whatItSpeaks } from './what-it-speaks.ts';

/** Reads what a server presents over a stream on which TLS may start. */
export type Read = (stream: Duplex) => Promise<ServerPresentation>;

/** A server that is asked in TLS says something within so long, or within three times the time that connecting took. */
const silenceMs = 600;

/**
 * Opens one connection, upgrades it where the target wants that, and reads. Where the port turns out to speak something else than
 * TLS, the failure says what.
 * @throws UnreachableError; the deadline's reason where it passes
 */
export async function readOnce(
  read: Read,
  target: HostTarget,
  route: ProbeRoute,
  trace: ProbeTrace,
  deadline: Deadline,
): Promise<ServerPresentation> {
  const socket = await openSocket(target, route, trace, deadline.signal);
  const again = () =>
    openSocket(target, route, { ...newProbeTrace(), address: trace.address }, deadline.signal);
  const tcpMs = trace.timings.tcp ?? 0;
  let isRead = false;
  try {
    const presented =
      target.starttls === null
        ? await readDirectly(read, socket, { target, route, again, tcpMs, trace, signal: deadline.signal })
        : await timed(trace, read, await upgradeFor(socket, target, route, trace, deadline, again));
    isRead = true;
    return presented;
  } finally {
    // Who has read says goodbye, and lets go of the socket after it.
    if (!isRead) socket.destroy();
  }
}

async function upgradeFor(
  socket: Socket,
  target: HostTarget,
  { ehloName }: ProbeRoute,
  trace: ProbeTrace,
  deadline: Deadline,
  open: () => Promise<Socket>,
): Promise<Duplex> {
  if (target.starttls === null) return socket;
  const begun = performance.now();
  const stream = await upgrade(socket, {
    protocol: target.starttls,
    port: target.port,
    service: wireName(target.servername ?? target.host) ?? target.host,
    clientName: ehloName,
    tcpMs: trace.timings.tcp ?? 0,
    deadline,
    open,
  });
  trace.timings.starttls = performance.now() - begun;
  return stream;
}

async function timed(trace: ProbeTrace, read: Read, stream: Duplex): Promise<ServerPresentation> {
  const begun = performance.now();
  const presented = await read(stream);
  trace.timings.tls = performance.now() - begun;
  return presented;
}

interface Direct {
  target: HostTarget;
  route: ProbeRoute;
  again: () => Promise<Socket>;
  tcpMs: number;
  trace: ProbeTrace;
  signal: AbortSignal;
}

/** Reads where TLS comes first. A port that answers with something else, hangs up or stays silent is probed for other protocols. */
async function readDirectly(read: Read, socket: Socket, direct: Direct): Promise<ServerPresentation> {
  const { target, route, again, tcpMs, trace, signal } = direct;
  const before = socket.bytesRead;
  const isSilent = () => socket.bytesRead === before;
  const usual = guessStarttls(target.port);
  const service = wireName(target.servername ?? target.host) ?? target.host;
  const look = (names: readonly StarttlsProtocol[]) =>
    whatItSpeaks({ open: again, service, protocols: names, signal });
  const place = `${target.host}:${target.port} ${route.proxy ?? ''}`;
  const others = isTlsPort(target.port) ? [] : starttlsProtocols;
  const { promise: foreign, resolve: tell } = Promise.withResolvers<string>();
  const onSilence = async (name: StarttlsProtocol) => {
    if (!isSilent()) return;
    const spoken = await look([name]);
    if (spoken !== null && isSilent()) tell(spoken.sentence);
  };
  const patienceMs = Math.max(silenceMs, 3 * tcpMs);
  // A host that is merely down is not asked in one protocol after the other, each time that it is checked.
  const timer =
    usual === null ? undefined : setTimeout(() => void onSilence(usual).catch(() => undefined), patienceMs); // Then the reading says it.
  const reading = timed(trace, read, socket);
  reading.catch(() => undefined); // Heard of in the race, unless the other ends it.
  let told: string | null = null;
  try {
    const first = await Promise.race([reading, foreign]);
    if (typeof first !== 'string') return first;
    told = first;
  } catch (error) {
    clearTimeout(timer);
    throw await explainFailure(error, direct, isSilent, () => route.spokenPorts.ask(place, others, look));
  } finally {
    clearTimeout(timer);
  }
  throw notTls(told);
}

/**
 * Returns what to throw for a reading that failed: what the port speaks in place of TLS, or that the server hangs up on the name.
 * @param look asks what the port speaks; null where it cannot tell
 */
async function explainFailure(
  error: unknown,
  direct: Direct,
  isSilent: () => boolean,
  look: () => Promise<string | null>,
): Promise<unknown> {
  if (!(error instanceof UnreachableError)) return error;
  if (error.reason === 'not-tls') return notTls(await look(), error);
  if (error.reason !== 'reset' || !isSilent()) return error;
  // What the port speaks was looked for once, when the light reader met the same.
  if (direct.trace.met?.reason === 'reset') return direct.trace.met;
  if (await answersWithoutName(direct)) return dropsName(direct.target, error);
  const sentence = isTlsPort(direct.target.port) ? null : await look();
  return sentence === null ? error : notTls(sentence, error);
}

function notTls(sentence: string | null, cause?: UnreachableError): UnreachableError {
  const words = sentence ?? 'The server does not answer in TLS: is this the right port?';
  return new UnreachableError('not-tls', words, cause === undefined ? {} : { cause });
}

/** A server that hangs up on one hello and leaves the next unanswered has hung up: its silence is not waited for. */
const withoutNameMs = 2_000;

/** Whether a server that hung up on a hello answers one without a server name (RFC 6066 §3). */
async function answersWithoutName({ target, again, signal }: Direct): Promise<boolean> {
  if (sniOf(target) === null) return false;
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(withoutNameMs)]);
    await readPresentation(await again(), { servername: null }, bounded);
    return true;
  } catch (error) {
    return isSpokenInTls(error);
  }
}

function dropsName(target: HostTarget, cause: UnreachableError): UnreachableError {
  const sentence = `The server closes the connection when asked for ${sniOf(target)}, but answers without a server name (SNI).`;
  const remedy =
    'Set the server name (--servername) to one that the server is configured for, or configure this name on the server.';
  return new UnreachableError('reset', sentence, { cause, remedy });
}

async function openSocket(
  { host, port }: HostTarget,
  { resolve, proxy, caFiles }: ProbeRoute,
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy !== null) {
    const { connectByProxy } = await import('./proxies/proxy.ts'); // With a library that few need.
    const begun = performance.now();
    const place = { proxy, host: wireName(host) ?? host, port, resolve, caFiles };
    const socket = await connectByProxy(place, signal);
    trace.timings.tcp = performance.now() - begun;
    return socket;
  }
  const pinned = trace.address;
  const place = pinned === null ? { host, resolve, attempts: trace.attempts } : at(pinned);
  const { socket, address, dnsMs, tcpMs } = await connect({ port, ...place }, signal);
  trace.address = address;
  if (pinned !== null) return socket;
  trace.timings.dns = dnsMs;
  trace.timings.tcp = tcpMs;
  return socket;
}

/** What follows a first connection goes to the same address: another may be another server. */
function at(address: string): { host: string; resolve: Resolve } {
  return { host: address, resolve: async () => [{ address, family: isIpv6(address) ? 6 : 4 }] };
}
