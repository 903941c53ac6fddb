import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { isIpv6, type StarttlsProtocol, wireName } from '../../../shared/schema/target.ts';
import type { Deadline } from './deadline.ts';
import { greetsFirst, startTls } from './starttls.ts';
import { isSpokenInTls, readPresentation } from './tls-reader/index.ts';

/**
 * How much longer than the timeout of a check a server may take that has begun to greet. Postscreen makes every client wait (six seconds
 * by default, postscreen_greet_wait; fifteen where people set it) after a first line; RFC 5321 §4.5.3.2.1 grants five minutes.
 */
export const greetingTimes = 2;

/** A server that is well says something within so long, or within twice the time that connecting took. */
const silenceMs = 400;

/** A port that answers in TLS does so within so long, or within three times the time that connecting took. */
const lookMs = 800;

/**
 * Ports on which the client waits for the greeting: postscreen takes a client that speaks too early for a spammer
 * (PREGREET, postscreen(8)), and TLS never comes first there.
 */
const neverSpokenToFirst: ReadonlySet<number> = new Set([24, 25]);

export interface UpgradeOptions {
  protocol: StarttlsProtocol;
  port: number;
  /** The host as it would be asked for. */
  service: string;
  /** The name by which we greet; null: this machine's own. */
  clientName: string | null;
  /** Milliseconds that connecting took. */
  tcpMs: number;
  deadline: Deadline;
  /** Opens another connection to the same port. */
  open: () => Promise<Socket>;
}

/**
 * Upgrades a plain connection to where TLS starts. A server that says nothing is given up at the check's timeout; one that has begun to
 * greet may take longer, and once it has greeted the timeout starts again.
 * @returns the stream on which TLS goes on: the socket, or what wraps it
 * @throws as startTls; the deadline's reason where it passes
 */
export async function upgrade(socket: Socket, options: UpgradeOptions): Promise<Duplex> {
  const { protocol, port, service, clientName, tcpMs, deadline, open } = options;
  const { signal } = deadline;
  const onAbort = () => socket.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const wrapping = await startTls(socket, {
      protocol,
      parties: { service, client: clientName ?? ownName(socket) },
      onHeard: () => {
        if (greetsFirst(protocol)) deadline.restart(greetingTimes);
      },
      onGreeted: () => deadline.restart(1),
      silenceMs: neverSpokenToFirst.has(port) ? null : Math.max(silenceMs, 2 * tcpMs),
      answersInTls: () => answersInTls(open, Math.max(lookMs, 3 * tcpMs), signal),
    });
    return wrapping?.(socket) ?? socket;
  } catch (error) {
    signal.throwIfAborted(); // The socket that was closed for it says something else.
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Returns this machine's name where it has one in DNS's form, else its address as a literal, as RFC 5321 §4.1.4 has it for
 * clients without a name.
 */
export function ownName({ localAddress = '127.0.0.1' }: Socket): string {
  const name = wireName(hostname());
  if (name?.includes('.') && !isIpv6(name)) return name;
  const address = localAddress.replace(/^::ffff:(?=[\d.]+$)/, '').split('%', 1)[0] ?? '';
  return isIpv6(address) ? `[IPv6:${address}]` : `[${address}]`;
}

/** Says hello in TLS on a separate connection: any answer in TLS counts, an alert too. */
async function answersInTls(
  open: () => Promise<Socket>,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    await readPresentation(await open(), { servername: null }, within);
    return true;
  } catch (error) {
    return isSpokenInTls(error);
  }
}
