import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { alpnOf, alpnOfAll } from '../../../shared/domain/tls-services.ts';
import type { Attempt } from '../../../shared/schema/check-result.ts';
import type { DiscoveryLimits } from '../../../shared/schema/discovery.ts';
import { isIpv6 } from '../../../shared/schema/target.ts';
import { errorCode } from '../error-code.ts';
import { connect, mayLackPermission } from '../probe/connect.ts';
import { Deadline } from '../probe/deadline.ts';
import { remedyFor } from '../probe/refusal.ts';
import { greetsFirst, startTls } from '../probe/starttls.ts';
import {
  AlertError,
  handshakeFailure,
  isSpokenInTls,
  noApplicationProtocol,
  readPresentation,
} from '../probe/tls-reader/index.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import { greetingTimes, ownName } from '../probe/upgrade.ts';
import type { SearchEndpoint } from './shuffled-pairs.ts';

/** What came of one connection. */
export type Answer =
  /** The host is there and refuses: the port is closed. */
  | { kind: 'closed' }
  /** Nothing came back in time, or a router says that there is no such host: no host, or a firewall that drops. */
  | { kind: 'no-answer' }
  /** No route from this machine, or this machine’s own fault. */
  | { kind: 'no-route' }
  /** Something listens and speaks no TLS, or says nothing. */
  | { kind: 'not-tls' }
  /** It hung up on the hello without a word: of a TLS server that wants a name, or of a service without TLS. */
  | { kind: 'hung-up' }
  /** It speaks TLS and shows nothing under this name (or without one). */
  | { kind: 'refuses-name' }
  /** It speaks TLS, and what it shows cannot be read by the light reader. */
  | { kind: 'unreadable'; sentence: string }
  /** The chain in DER, the leaf first. */
  | { kind: 'shown'; chain: Buffer[] };

/** How connections are made: in turn, and by whose signal they end. */
export interface EndpointReach {
  /** Waits until one more connection may be opened. */
  next: (signal: AbortSignal) => Promise<void>;
  limits: Pick<DiscoveryLimits, 'connectSeconds' | 'readSeconds'>;
  signal: AbortSignal;
  /** The system whose answers are judged: this one where left out. */
  platform?: NodeJS.Platform;
}

/** unrecognized_name (RFC 6066 §3): the server knows no such name, or wants one. */
const unrecognizedName = 112;

/**
 * Asks an address and port once what it presents: connects, has the STARTTLS dialogue that is usual on the port, sends one ClientHello,
 * and hangs up. Sends nothing else, whatever comes back: printers and control units act on bytes that were not meant for them.
 * @param name sent as SNI; null: none
 * @throws the signal's reason where it aborts
 */
export async function readEndpoint(
  endpoint: SearchEndpoint,
  name: string | null,
  reach: EndpointReach,
): Promise<Answer> {
  const first = await readOnce(endpoint, name, alpnOf(endpoint.port), reach);
  return first === 'wants-protocol'
    ? withoutProtocol(await readOnce(endpoint, name, alpnOfAll, reach))
    : first;
}

const withoutProtocol = (answer: Answer | 'wants-protocol'): Answer =>
  answer === 'wants-protocol'
    ? {
        kind: 'unreadable',
        sentence: 'It requires an application protocol (ALPN) that NotAfter does not offer.',
      }
    : answer;

async function readOnce(
  endpoint: SearchEndpoint,
  name: string | null,
  alpn: readonly string[],
  reach: EndpointReach,
): Promise<Answer | 'wants-protocol'> {
  const { next, limits, signal } = reach;
  await next(signal);
  const opened = await open(endpoint, reach);
  if ('kind' in opened) return opened;
  using deadline = new Deadline(limits.readSeconds * 1000, signal);
  const seen: { chain: Buffer[] | null; isInTls: boolean } = { chain: null, isInTls: false };
  try {
    const stream = await startDialogue(opened, endpoint, name, deadline);
    seen.isInTls = true;
    const options = { servername: name, alpn };
    const presented = await readPresentation(stream, options, deadline.signal, ({ chain }) => {
      seen.chain = chain;
    });
    return { kind: 'shown', chain: presented.chain };
  } catch (error) {
    signal.throwIfAborted();
    if (seen.chain !== null) return { kind: 'shown', chain: seen.chain };
    return answerOf(error, seen.isInTls);
  } finally {
    if (!opened.writableEnded) opened.destroy(); // Else it says goodbye first.
  }
}

async function open(
  { address, port }: SearchEndpoint,
  { limits, signal, platform }: EndpointReach,
): Promise<Socket | Answer> {
  using deadline = new Deadline(limits.connectSeconds * 1000, signal);
  const attempts: Attempt[] = [];
  const resolve = async () => [{ address, family: isIpv6(address) ? (6 as const) : (4 as const) }];
  try {
    return (await connect({ host: address, port, resolve, attempts }, deadline.signal)).socket;
  } catch (error) {
    signal.throwIfAborted();
    if (isHostUnreachable(error))
      return { kind: mayLackPermission(address, platform) ? 'no-route' : 'no-answer' };
    switch (attempts[0]?.outcome) {
      case 'refused':
      case 'reset':
        return { kind: 'closed' };
      case 'no-answer':
        return { kind: 'no-answer' };
      default:
        return { kind: 'no-route' };
    }
  }
}

/** What a system answers where there is no such host; BSD and macOS have the second for an address that ARP has asked for in vain (errno(2)). */
const hostUnreachable: readonly (string | null | undefined)[] = ['EHOSTUNREACH', 'EHOSTDOWN'];

/** Whether a router, or this machine that asked its own network in vain, says that there is no such host (RFC 1122 §3.2.2.1, RFC 4861 §7.2.2). */
function isHostUnreachable(error: unknown): boolean {
  const cause = error instanceof UnreachableError ? error.cause : undefined;
  return cause instanceof AggregateError && hostUnreachable.includes(errorCode(cause.errors[0]));
}

/** Has the plain dialogue of the port. Unlike for a job, what does not answer is not asked in another protocol. */
async function startDialogue(
  socket: Socket,
  { address, starttls: protocol }: SearchEndpoint,
  name: string | null,
  deadline: Deadline,
): Promise<Duplex> {
  if (protocol === null) return socket;
  const onAbort = () => socket.destroy();
  deadline.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const wrapping = await startTls(socket, {
      protocol,
      parties: { service: name ?? address, client: ownName(socket) },
      onHeard: () => {
        if (greetsFirst(protocol)) deadline.restart(greetingTimes);
      },
      onGreeted: () => deadline.restart(1),
      silenceMs: null,
      answersInTls: async () => false,
    });
    return wrapping?.(socket) ?? socket;
  } finally {
    deadline.signal.removeEventListener('abort', onAbort);
  }
}

function answerOf(error: unknown, isInTls: boolean): Answer | 'wants-protocol' {
  if (error instanceof AlertError) return answerOfAlert(error);
  // XMPP names the domain before TLS: one that the server does not serve is refused there.
  const isUnknownDomain = error instanceof UnreachableError && error.remedy === remedyFor('unknown-domain');
  if (isUnknownDomain) return { kind: 'refuses-name' };
  if (isInTls && error instanceof UnreachableError && error.reason === 'reset') return { kind: 'hung-up' };
  // What is neither has run into the deadline: something listens, and says nothing.
  if (!isSpokenInTls(error)) return { kind: 'not-tls' };
  const sentence =
    error instanceof UnreachableError
      ? error.message
      : 'It can only be read with a complete handshake: add it as a host.';
  return { kind: 'unreadable', sentence };
}

function answerOfAlert({ alert, message }: AlertError): Answer | 'wants-protocol' {
  if (alert === noApplicationProtocol) return 'wants-protocol';
  const isForName = alert === unrecognizedName || alert === handshakeFailure;
  return isForName ? { kind: 'refuses-name' } : { kind: 'unreadable', sentence: message };
}
