import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { HostTarget } from '../../../shared/schema/target.ts';
import { type Resolve, systemResolver } from '../probe/addresses.ts';

/** What can be known of this machine's network without asking anybody but the hosts that are watched. */
export interface Network {
  /** Whether an interface other than loopback is up and has an address. */
  hasInterface(): boolean;
  /** Whether a host gives any answer to a TCP connection, a refusal included. */
  answers(target: Pick<HostTarget, 'host' | 'port'>): Promise<boolean>;
  /** Whether a host is this machine itself, which no network is needed for. */
  isLocal(host: string): boolean;
}

/** A host that says nothing for so long says nothing. */
const answerTimeoutMs = 3_000;

/** @param resolve names to addresses; the system's resolver by default */
export function systemNetwork(resolve: Resolve = systemResolver): Network {
  return {
    hasInterface: () =>
      Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal)),
    answers: async ({ host, port }) => {
      try {
        const [first] = isIP(host)
          ? [{ address: host }]
          : await withDeadline((signal) => resolve(host, signal));
        return first !== undefined && (await answersAt(first.address, port));
      } catch {
        return false; // A name that cannot be looked up is no sign of a network.
      }
    },
    isLocal: (host) => /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(host),
  };
}

async function withDeadline<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const ending = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = new Error('The name server did not answer in time.');
    reject(reason);
    ending.abort(reason);
  }, answerTimeoutMs);
  try {
    return await Promise.race([work(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function answersAt(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  const settle = (answered: boolean) => {
    socket.destroy();
    resolve(answered);
  };
  socket.setTimeout(answerTimeoutMs, () => settle(false));
  socket.once('connect', () => settle(true));
  socket.once('error', ({ code }: NodeJS.ErrnoException) =>
    settle(code === 'ECONNREFUSED' || code === 'ECONNRESET'),
  );
  return promise;
}
