import { lookup } from 'node:dns/promises';
import { connect as connectSocket, isIP, type LookupFunction, type Socket } from 'node:net';
import { wireName } from '../../../shared/schema/target.ts';
import { rejectOnAbort, UnreachableError } from './unreachable.ts';

export interface Address {
  address: string;
  family: 4 | 6;
}

/** Names to addresses, in the order in which they are to be tried. Given from outside so that tests own the names. */
export type Resolve = (host: string) => Promise<Address[]>;

/** The operating system's resolver: hosts file, mDNS and VPN rules count as they do for every other program. */
export const systemResolver: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

export interface Connection {
  socket: Socket;
  address: string;
  dnsMs: number | null;
  tcpMs: number;
}

/**
 * Opens a TCP connection, addresses tried side by side as RFC 8305 has it.
 * @throws UnreachableError `dns`, `refused`, `timeout` or `reset`; the signal's reason where it aborts
 */
export async function connect(
  host: string,
  port: number,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Connection> {
  const started = performance.now();
  const addresses = literalAddress(host) ?? (await findAddresses(host, resolve, signal));
  const resolved = performance.now();
  const socket = await openSocket(host, port, addresses, signal);
  return {
    socket,
    address: socket.remoteAddress ?? addresses[0]?.address ?? '',
    dnsMs: isIP(host) ? null : resolved - started,
    tcpMs: performance.now() - resolved,
  };
}

function literalAddress(host: string): Address[] | null {
  const family = isIP(host.split('%', 1)[0] ?? '');
  return family === 0 ? null : [{ address: host, family: family === 6 ? 6 : 4 }];
}

async function findAddresses(host: string, resolve: Resolve, signal: AbortSignal): Promise<Address[]> {
  using aborted = rejectOnAbort(signal);
  const name = wireName(host);
  if (name === null) throw new UnreachableError('dns', `“${host}” is not a name that can be looked up.`);
  let addresses: Address[];
  try {
    addresses = await Promise.race([resolve(name), aborted.promise]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreachableError) throw error;
    throw new UnreachableError('dns', dnsSentence(host, error), { cause: error });
  }
  if (addresses.length === 0) throw new UnreachableError('dns', `The name ${host} has no address.`);
  return addresses;
}

function dnsSentence(host: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOTFOUND' || code === 'ENODATA') return `The name ${host} is not known to the name server.`;
  if (code === 'EAI_AGAIN') return `The name server did not answer for ${host}. Is this machine online?`;
  return `The name ${host} could not be looked up (${code ?? 'unknown error'}).`;
}

function openSocket(
  host: string,
  port: number,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const give: LookupFunction = (_name, options, callback) => {
    const first = addresses[0];
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
  const socket = connectSocket({ host, port, lookup: give, autoSelectFamily: true, noDelay: true });
  const onAbort = () => {
    socket.destroy();
    reject(signal.reason);
  };
  const settle = () => {
    signal.removeEventListener('abort', onAbort);
    socket.removeListener('error', onError);
    socket.removeListener('connect', onConnect);
  };
  const onConnect = () => {
    settle();
    resolve(socket);
  };
  const onError = (error: Error) => {
    settle();
    socket.destroy();
    reject(connectFailure(host, port, error));
  };
  socket.once('connect', onConnect).once('error', onError);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function connectFailure(host: string, port: number, error: Error): UnreachableError {
  // With several addresses Node gives one error for all: the first tells as much as any.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : error;
  const code = (first as NodeJS.ErrnoException | undefined)?.code;
  const options = { cause: error };
  switch (code) {
    case 'ECONNREFUSED':
      return new UnreachableError('refused', `Nothing listens on port ${port} of ${host}.`, options);
    case 'ECONNRESET':
      return new UnreachableError('reset', `${host} closed the connection to port ${port} at once.`, options);
    case 'ETIMEDOUT':
      return new UnreachableError('timeout', `${host} does not answer on port ${port}.`, options);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new UnreachableError('refused', `There is no route to ${host} from this machine.`, options);
    default:
      return new UnreachableError(
        'refused',
        `${host}:${port} refuses the connection (${code ?? 'unknown error'}).`,
        options,
      );
  }
}
