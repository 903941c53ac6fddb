import { alpnOf, alpnOfAll } from '../../../shared/domain/tls-services.ts';
import type { HostTarget } from '../../../shared/schema/target.ts';
import type { Deadline } from './deadline.ts';
import { LastWordUnheard, shakeHands } from './full-handshake.ts';
import type { OnUnproven, ServerPresentation } from './presentation.ts';
import { newProbeTrace, type ProbeTrace } from './probe-trace.ts';
import { type Read, readOnce } from './read-once.ts';
import { type ProbeRoute, sniOf } from './route.ts';
import type { ReadingContexts } from './tls-contexts.ts';
import {
  AlertError,
  handshakeFailure,
  isBrowserSuite,
  KeyNotHeld,
  NotSpoken,
  noApplicationProtocol,
  readPresentation,
} from './tls-reader/index.ts';
import { UnreachableError } from './unreachable.ts';

/**
 * Reads what a host presents: by the light reader, and by the full one where the job wants it or the light one does not
 * get through. Where the full one sees no proof of the key, the light one may: it comes in the server's first flight.
 * @throws UnreachableError, with `trace.unproven` where a certificate was shown; the deadline's reason where it passes
 */
export async function readHost(
  target: HostTarget,
  route: ProbeRoute,
  trace: ProbeTrace,
  deadline: Deadline,
): Promise<ServerPresentation> {
  const presented = await readAsConfigured(target, route, trace, deadline);
  // Of an older version nothing has to be asked: browsers have none of them.
  const mayBeRefused =
    /^TLSv1\.[23]$/.test(presented.protocol ?? '') && !isBrowserSuite(presented.cipher ?? '');
  if (!mayBeRefused) return presented;
  // The light reader's hello had those of browsers, and was refused.
  if (isForWantOfSettings(trace.alert)) return { ...presented, refusesBrowsers: true };
  return { ...presented, refusesBrowsers: await refusesBrowsers(target, route, trace, deadline) };
}

/** Whether a server that agreed on a suite which browsers do not have refuses a hello with theirs: it may only have preferred it. */
async function refusesBrowsers(
  target: HostTarget,
  route: ProbeRoute,
  trace: ProbeTrace,
  deadline: Deadline,
): Promise<boolean> {
  const options = { servername: sniOf(target), offer: 'browsers', alpn: alpnOf(target.port) } as const;
  const again = { ...newProbeTrace(), address: trace.address };
  try {
    const read: Read = (stream) => readPresentation(stream, options, deadline.signal);
    await readOnce(read, target, route, again, deadline);
    return false;
  } catch (error) {
    return isForWantOfSettings(error);
  }
}

/**
 * A server that answered goes on within so long, or within three times the time that connecting took; one that does not is asked again,
 * since its last word may be an alert that node:tls does not report.
 */
const minQuietMs = 600;

/** The two readers on one target. */
interface Readers {
  light: () => Promise<ServerPresentation>;
  full: (which: keyof ReadingContexts) => Promise<ServerPresentation>;
  note: OnUnproven;
}

function readAsConfigured(
  target: HostTarget,
  route: ProbeRoute,
  trace: ProbeTrace,
  deadline: Deadline,
): Promise<ServerPresentation> {
  const { signal } = deadline;
  const { contexts, preference } = route;
  const servername = sniOf(target);
  const note: OnUnproven = (seen) => {
    const provesAfterClient = seen.provesAfterClient ?? trace.unproven?.provesAfterClient ?? false;
    trace.unproven = { ...seen, provesAfterClient };
  };
  const by = (read: (alpn: readonly string[]) => Read) =>
    withAlpn(target.port, (alpn) => readOnce(read(alpn), target, route, trace, deadline));
  const readers: Readers = {
    light: () =>
      by((alpn) => (stream) => readPresentation(stream, { servername, preference, alpn }, signal, note)),
    full: async (which) => {
      const shake = (quietMs: () => number | null) =>
        by((alpn) => (stream) => {
          const options = { onUnproven: note, alpn, quietMs: quietMs() };
          return shakeHands(stream, servername, contexts[which], signal, options);
        });
      try {
        return await shake(() => Math.max(minQuietMs, 3 * (trace.timings.tcp ?? 0)));
      } catch (error) {
        if (!(error instanceof LastWordUnheard)) throw error;
        return shake(() => null);
      }
    },
    note,
  };
  return route.reader === 'full'
    ? readByFull(readers, trace)
    : readByLight(readers, preference, trace, signal);
}

/** Returns what the light reader saw, if the key was proven; what it saw otherwise is noted, and null returned. */
async function provenByLight({ light, note }: Readers): Promise<ServerPresentation | null> {
  const seen = await light();
  if (seen.isKeyProven) return seen;
  note(seen);
  return null;
}

/** Reads by the full reader. Where it sees no proof of the key, the light one may. */
async function readByFull(readers: Readers, trace: ProbeTrace): Promise<ServerPresentation> {
  try {
    return await readers.full('usual').catch((error: unknown) => {
      if (!isForWantOfSettings(error)) throw error;
      return readers.full('wide');
    });
  } catch (error) {
    // BoringSSL shows nothing of a server that ends the handshake for want of a client certificate.
    const mayShowMore = trace.unproven !== null || isWorthAnotherLook(error);
    const proven = mayShowMore && (await provenByLight(readers).catch(() => null)); // Then the first failure says it.
    if (proven) return proven;
    throw error;
  }
}

/** Reads by the light reader, and by the full one where the light one may have met its own limits. */
async function readByLight(
  readers: Readers,
  preference: ProbeRoute['preference'],
  trace: ProbeTrace,
  signal: AbortSignal,
): Promise<ServerPresentation> {
  let next: keyof ReadingContexts = 'usual';
  try {
    const proven = await provenByLight(readers);
    if (proven) return proven;
  } catch (error) {
    if (error instanceof NotSpoken || isForWantOfSettings(error)) next = 'wide';
    if (!isWorthAnotherLook(error) || preference !== 'any') throw error;
    signal.throwIfAborted();
    if (error instanceof AlertError) trace.alert = error;
    if (error instanceof UnreachableError) trace.met = error;
  }
  const wanted = trace.unproven?.chain[0];
  const presented = await readers.full(next).catch((error: unknown) => {
    throw moreTelling(trace, error);
  });
  // The full reader cannot ask for one certificate of several: its proof counts for the one that it saw.
  if (preference === 'any' || wanted?.equals(presented.chain[0] ?? Buffer.alloc(0))) return presented;
  trace.unproven = null;
  throw new UnreachableError('handshake', 'The server’s other certificate cannot be read.');
}

/** Offers the application protocols of the port; all known ones if the server insists on one. */
async function withAlpn(
  port: number,
  read: (alpn: readonly string[]) => Promise<ServerPresentation>,
): Promise<ServerPresentation> {
  try {
    return await read(alpnOf(port));
  } catch (error) {
    if (!(error instanceof AlertError) || error.alert !== noApplicationProtocol) throw error;
    return read(alpnOfAll);
  }
}

/**
 * Returns the full reader's failure, but for one that says less than what the light reader met: its alert, or a suite that the server
 * agreed on with it and not with the full one.
 */
function moreTelling({ alert, unproven }: ProbeTrace, failure: unknown): unknown {
  const isRefused = failure instanceof AlertError && failure.alert === handshakeFailure;
  if (isRefused && unproven?.cipher && !unproven.isKeyProven && unproven.provesAfterClient !== true) {
    const sentence = `It agrees on ${unproven.cipher} alone, which TLS libraries of today refuse.`;
    return new UnreachableError('handshake', sentence, { cause: failure });
  }
  const isVague = failure instanceof UnreachableError && !(failure instanceof AlertError);
  return alert !== null && isVague ? alert : failure;
}

/** Whether a server may agree on more than it was offered: RFC 8446 §6.2 has these alerts for it. */
function isForWantOfSettings(error: unknown): boolean {
  return error instanceof AlertError && [handshakeFailure, 47, 71, 109].includes(error.alert);
}

/** What may be the light reader's own limits: the full one has the last word. A key that is not held stays so. */
function isWorthAnotherLook(error: unknown): boolean {
  if (error instanceof NotSpoken) return true;
  if (!(error instanceof UnreachableError) || error instanceof KeyNotHeld) return false;
  if (error instanceof AlertError && !error.isNamed) return false;
  return error.reason === 'handshake' || error.reason === 'reset';
}
