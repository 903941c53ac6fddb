import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Timings } from '../../../shared/schema/check-result.ts';
import {
  type HostTarget,
  isIpv4,
  isIpv6,
  type StarttlsProtocol,
  wireName,
} from '../../../shared/schema/target.ts';
import { connect, type Resolve } from './connect.ts';
import { probePlainProtocol } from './detect-plaintext.ts';
import { type OnUnproven, type ServerPresentation, shakeHands } from './full-handshake.ts';
import { startTls } from './starttls.ts';
import { AlertError } from './tls-reader/alerts.ts';
import { NotSpoken } from './tls-reader/not-spoken.ts';
import type { Preference } from './tls-reader/parameters.ts';
import { readPresentation } from './tls-reader/read-presented.ts';
import { KeyNotHeld } from './tls-reader/server-flight.ts';
import { UnreachableError } from './unreachable.ts';

/** How far a check has come: filled in on the way, so that one that fails tells where. */
export interface ProbeTrace {
  address: string | null;
  timings: Omit<Timings, 'total'>;
  /** What the server presented last without proving its key. */
  unproven: ServerPresentation | null;
  /** The alert with which the server ended the light reader's handshake: what it says outlasts a vaguer failure after it. */
  alert: AlertError | null;
}

export function newProbeTrace(): ProbeTrace {
  return {
    address: null,
    timings: { dns: null, tcp: null, starttls: null, tls: null },
    unproven: null,
    alert: null,
  };
}

/** The way to a host: straight to what `resolve` gives, or through a proxy, which resolves by itself. */
export interface Route {
  resolve: Resolve;
  proxy: string | null;
  secureContext: SecureContext;
  reader: 'light' | 'full';
  /** Which certificate a server with several is asked for; any but `any` needs the light reader. */
  preference: Preference;
}

/**
 * Reads what a host presents: by the light reader, and by the full one where the job wants it or the light one does not
 * get through. Where the full one sees no proof of the key, the light one may: it comes in the server's first flight.
 * @throws UnreachableError, with `trace.unproven` where a certificate was shown; the signal's reason where it aborts
 */
export async function readHost(
  target: HostTarget,
  route: Route,
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<ServerPresentation> {
  const { servername, secureContext, preference } = { ...route, servername: sniOf(target) };
  const note: OnUnproven = (presented) => {
    const provesAfterClient = presented.provesAfterClient ?? trace.unproven?.provesAfterClient ?? false;
    trace.unproven = { ...presented, provesAfterClient };
  };
  const byFull: Read = (socket) => shakeHands(socket, servername, secureContext, signal, note);
  const byLight: Read = (socket) => readPresentation(socket, { servername, preference }, signal, note);
  const lightly = async () => {
    const presented = await readBy(byLight, target, route, trace, signal);
    if (presented.isKeyProven) return presented;
    note(presented);
    return null;
  };
  if (route.reader === 'light') {
    try {
      const proven = await lightly();
      if (proven) return proven;
    } catch (error) {
      if (!isWorthAnotherLook(error) || preference !== 'any') throw error;
      signal.throwIfAborted();
      if (error instanceof AlertError) trace.alert = error;
    }
    const wanted = trace.unproven?.chain[0];
    const presented = await readBy(byFull, target, route, trace, signal).catch((error: unknown) => {
      throw moreTelling(trace.alert, error);
    });
    // The full reader cannot ask for one certificate of several: its proof counts for the one that it saw.
    if (preference === 'any' || wanted?.equals(presented.chain[0] ?? Buffer.alloc(0))) return presented;
    trace.unproven = null;
    throw new UnreachableError('handshake', 'The server’s other certificate cannot be read.');
  }
  try {
    return await readBy(byFull, target, route, trace, signal);
  } catch (error) {
    const proven = trace.unproven && (await lightly().catch(() => null)); // Then the first failure says it.
    if (proven) return proven;
    throw error;
  }
}

/** Returns the full reader's failure, but for one that says less than the alert that the light reader received. */
function moreTelling(alert: AlertError | null, failure: unknown): unknown {
  const isVague = failure instanceof UnreachableError && !(failure instanceof AlertError);
  return alert !== null && isVague ? alert : failure;
}

/** What may be the light reader's own limits: the full one has the last word. A key that is not held stays so. */
function isWorthAnotherLook(error: unknown): boolean {
  if (error instanceof NotSpoken) return true;
  if (!(error instanceof UnreachableError) || error instanceof KeyNotHeld) return false;
  if (error instanceof AlertError && !error.isNamed) return false;
  return error.reason === 'handshake' || error.reason === 'reset';
}

type Read = (socket: Socket) => Promise<ServerPresentation>;

async function readBy(
  read: Read,
  target: HostTarget,
  route: Route,
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<ServerPresentation> {
  const socket = await openSocket(target, route, trace, signal);
  let isRead = false;
  try {
    if (target.starttls !== null) await upgrade(socket, target, target.starttls, trace, signal);
    const begun = performance.now();
    const presented = await read(socket);
    isRead = true;
    trace.timings.tls = performance.now() - begun;
    return presented;
  } catch (error) {
    if (error instanceof UnreachableError && error.reason === 'not-tls' && target.starttls === null) {
      throw new UnreachableError('not-tls', await whatItSpeaks(target, route, signal), { cause: error });
    }
    throw error;
  } finally {
    // Who has read says goodbye, and lets go of the socket after it.
    if (!isRead) socket.destroy();
  }
}

/** The name sent as SNI: none for addresses (RFC 6066 §3). */
export function sniOf({ host, servername }: HostTarget): string | null {
  const name = servername ?? host;
  return isIpv4(name) || isIpv6(name) ? null : wireName(name);
}

async function openSocket(
  { host, port }: HostTarget,
  { resolve, proxy }: Route,
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy !== null) {
    const { connectByProxy } = await import('./proxy.ts'); // With a library that few need.
    const begun = performance.now();
    const socket = await connectByProxy(proxy, wireName(host) ?? host, port, signal);
    trace.timings.tcp = performance.now() - begun;
    return socket;
  }
  const { socket, address, dnsMs, tcpMs } = await connect(host, port, resolve, signal);
  trace.address = address;
  trace.timings.dns = dnsMs;
  trace.timings.tcp = tcpMs;
  return socket;
}

async function upgrade(
  socket: Socket,
  target: HostTarget,
  protocol: StarttlsProtocol,
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<void> {
  const begun = performance.now();
  const onAbort = () => socket.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await startTls(socket, protocol, wireName(target.servername ?? target.host) ?? target.host);
  } catch (error) {
    signal.throwIfAborted(); // The socket that was closed for it says something else.
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  trace.timings.starttls = performance.now() - begun;
}

async function whatItSpeaks(target: HostTarget, route: Route, signal: AbortSignal): Promise<string> {
  try {
    return await probePlainProtocol(await openSocket(target, route, newProbeTrace(), signal), signal);
  } catch {
    // It did not let itself be asked again: what the handshake met is all there is to say.
    return 'The server does not answer in TLS: is this the right port?';
  }
}
