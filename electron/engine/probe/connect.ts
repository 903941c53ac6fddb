import { connect as connectSocket, isIP, type Socket } from 'node:net';
import type { Attempt } from '../../../shared/schema/check-result.ts';
import { list } from '../../../shared/text/words.ts';
import { destinationsOf, freeNetworks, isOfNetworks, networkList } from '../addresses/special-networks.ts';
import { errorCode } from '../error-code.ts';
import { type Address, canReach, findAddresses, type Resolve } from './addresses.ts';
import { byTurns, type Dial, race } from './race.ts';
import { UnreachableError } from './unreachable.ts';

export interface Connected {
  socket: Socket;
  address: string;
  dnsMs: number | null;
  tcpMs: number;
}

/** Where and how a connection is opened. */
export interface Endpoint {
  host: string;
  port: number;
  resolve: Resolve;
  /** Filled in on the way: every address, with what became of it so far. */
  attempts?: Attempt[];
}

/**
 * Opens a TCP connection to whichever address of a host answers first (RFC 8305). Addresses of IPv6 are skipped where this machine
 * has none.
 * @throws UnreachableError `dns`, `refused`, `timeout` or `reset`; the signal's reason where it aborts
 */
export async function connect(
  { host, port, resolve, attempts = [] }: Endpoint,
  signal: AbortSignal,
): Promise<Connected> {
  const started = performance.now();
  const addresses = byTurns(await findAddresses(host, resolve, signal));
  const resolved = performance.now();
  const usable = addresses.filter((one) => canReach(one));
  attempts.splice(
    0,
    Infinity,
    ...addresses.map(
      (one): Attempt => ({ address: one.address, outcome: usable.includes(one) ? 'not-tried' : 'no-ipv6' }),
    ),
  );
  if (usable.length === 0) throw new UnreachableError('refused', withoutIpv6(host));
  const dial = ({ address }: Address) => {
    const attempt = attempts.find((one) => one.address === address);
    return dialAddress(address, port, (outcome) => {
      if (attempt) attempt.outcome = outcome;
    });
  };
  try {
    const socket = await race(usable, dial, signal);
    return {
      socket,
      address: socket.remoteAddress ?? '',
      dnsMs: isIP(host) ? null : resolved - started,
      tcpMs: performance.now() - resolved,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw connectFailure(host, port, attempts, error);
  }
}

function dialAddress(
  address: string,
  port: number,
  note: (outcome: Attempt['outcome']) => void,
): Dial<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  note('no-answer');
  const socket = connectSocket({ host: address, port, noDelay: true, autoSelectFamily: false });
  const onError = (error: NodeJS.ErrnoException) => {
    socket.destroy();
    note(outcomes[error.code ?? ''] ?? 'failed');
    reject(error);
  };
  socket.once('error', onError).once('connect', () => {
    socket.off('error', onError);
    note('answered');
    resolve(socket);
  });
  return { connected: promise, cancel: () => void socket.destroy() };
}

const outcomes: Readonly<Record<string, Attempt['outcome']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EAFNOSUPPORT: 'no-route',
};

/** What became of one address, behind its name. */
const outcomeWords: Readonly<Record<Attempt['outcome'], string>> = {
  answered: 'answered',
  refused: 'nothing listens there',
  reset: 'closed the connection at once',
  'no-answer': 'does not answer',
  'no-route': 'no route from this machine',
  'no-ipv6': 'skipped, as this machine has no IPv6',
  'not-tried': 'was not tried',
  failed: 'refuses the connection',
};

/** Returns what became of each address, for a host with several; an empty text for one. */
export function attemptWords(attempts: readonly Attempt[]): string {
  if (attempts.length < 2) return '';
  return list(attempts.map(({ address, outcome }) => `${address} ${outcomeWords[outcome]}`));
}

const localNetworks = networkList(freeNetworks);

/**
 * Whether “no route” to an address may mean that macOS dropped the connection: it answers EHOSTUNREACH for the local network to apps that a
 * person has not allowed it (Apple TN3179), often without asking.
 */
export function mayLackPermission(address: string, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'darwin' && destinationsOf(address).some((one) => isOfNetworks(localNetworks, one));
}

/** Returns what to do where macOS may have dropped a connection; an empty text on other systems, and for public addresses. */
export function localNetworkHint(
  attempts: readonly Pick<Attempt, 'address'>[],
  platform: NodeJS.Platform = process.platform,
): string {
  return attempts.some(({ address }) => mayLackPermission(address, platform))
    ? ' Allow NotAfter (or your terminal) in System Settings under Privacy & Security → Local Network.'
    : '';
}

function withoutIpv6(host: string): string {
  if (isIP(host) !== 0) return `${host} is an IPv6 address, and this machine has no IPv6.`;
  return `${host} has only IPv6 addresses, and this machine has no IPv6.`;
}

function connectFailure(
  host: string,
  port: number,
  attempts: readonly Attempt[],
  error: unknown,
): UnreachableError {
  const tried = attempts.filter(({ outcome }) => outcome !== 'no-ipv6');
  const [first] = tried;
  const isSame = tried.every(({ outcome }) => outcome === first?.outcome);
  const options = { cause: error };
  const each = attemptWords(attempts);
  const told = each === '' ? '' : ` Addresses: ${each}.`;
  if (first === undefined || !isSame) {
    const sentence = `No address of ${host} answers on port ${port}: ${each}.`;
    return new UnreachableError('refused', sentence, options);
  }
  switch (first.outcome) {
    case 'refused':
      return new UnreachableError('refused', `Nothing listens on port ${port} of ${host}.${told}`, options);
    case 'reset':
      return new UnreachableError(
        'reset',
        `${host} closed the connection to port ${port} at once.${told}`,
        options,
      );
    case 'no-answer':
      return new UnreachableError('timeout', `${host} does not answer on port ${port}.${told}`, options);
    case 'no-route':
      return new UnreachableError(
        'refused',
        `There is no route to ${host} from this machine.${told}${localNetworkHint(tried)}`,
        options,
      );
    default: {
      const code = errorCode(error instanceof AggregateError ? error.errors[0] : undefined);
      return new UnreachableError(
        'refused',
        `${host}:${port} refuses the connection (${code ?? 'unknown error'}).${told}`,
        options,
      );
    }
  }
}
