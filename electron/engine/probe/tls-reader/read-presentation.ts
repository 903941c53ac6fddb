import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { OnUnproven, ServerPresentation } from '../presentation.ts';
import { OfferedShares } from './key-shares.ts';
import type { Offer, Preference } from './parameters.ts';
import { ServerFlight } from './server-flight.ts';
import { LeafKeys } from './signatures.ts';

export interface ReadOptions {
  /** Sent as SNI; null sends none (RFC 6066 §3 forbids addresses). */
  servername: string | null;
  /** Which certificate a server with several is asked for. */
  preference?: Preference;
  /** Which suites are offered; all by default. */
  offer?: Offer;
  /** Application protocols to offer; none by default. */
  alpn?: readonly string[];
}

/** What is shared by all readings: nothing of any server's, but keys that were read before. */
const shares = new OfferedShares();
const leafKeys = new LeafKeys();

/**
 * Reads what a server presents over a connected stream, and sees it prove that it holds the leaf's key. No session is
 * finished: it ends with a close_notify. The socket is let go of in every case.
 * @param onUnproven called before a rejection where the server had presented a certificate
 * @throws UnreachableError `not-tls`, `reset` or `handshake`; NotSpoken where the full reader is to be asked; the
 * signal's reason where it aborts
 */
export function readPresentation(
  socket: Duplex,
  { servername, preference = 'any', alpn = [], offer = 'all' }: ReadOptions,
  signal: AbortSignal,
  onUnproven: OnUnproven = () => undefined,
): Promise<ServerPresentation> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerPresentation>();
  const random = randomBytes(64);
  const flight = new ServerFlight(
    {
      random: random.subarray(0, 32),
      sessionId: random.subarray(32),
      servername,
      shares: shares.get(),
      alpn,
      preference,
      offer,
    },
    leafKeys,
  );
  const settle = (answer: () => void) => {
    signal.removeEventListener('abort', onAbort);
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    socket.on('error', () => undefined); // The rest of the conversation is of no interest.
    answer();
  };
  const fail = (error: unknown) =>
    settle(() => {
      socket.destroy();
      const { unproven } = flight;
      if (unproven) onUnproven(unproven);
      reject(error);
    });
  const onAbort = () => fail(signal.reason);
  const onData = (chunk: Buffer) => {
    try {
      const { send, presented } = flight.feed(chunk);
      if (send) socket.write(send);
      if (!presented) return;
      settle(() => {
        socket.end(flight.goodbye(), () => socket.destroy());
        resolve(presented);
      });
    } catch (error) {
      fail(error);
    }
  };
  const onEnd = () => fail(flight.hungUp());
  const onError = (cause: Error) => fail(flight.hungUp(cause));
  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  if (signal.aborted) onAbort();
  else {
    signal.addEventListener('abort', onAbort, { once: true });
    socket.write(flight.start());
    socket.resume(); // A dialogue before TLS leaves it paused.
  }
  return promise;
}
