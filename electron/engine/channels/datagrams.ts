import { createSocket } from 'node:dgram';
import { type Address, canReach, findAddresses, type Resolve } from '../probe/addresses.ts';
import { rejectOnAbort } from '../reject-on-abort.ts';
import { ChannelUnreachable } from './adapter.ts';
import { guardedResolver, refuseForbidden } from './guard.ts';
import { type Reach, unreachable } from './transport.ts';

/**
 * Sends each record as a datagram, to the first address of a host that this machine can send to.
 * @throws ChannelUnreachable
 */
export async function sendDatagrams(
  { proxy }: Reach,
  { host, port }: { host: string; port: number },
  records: readonly Buffer[],
  signal: AbortSignal,
  resolve?: Resolve,
): Promise<void> {
  if (proxy !== null)
    throw new ChannelUnreachable(
      'UDP cannot go through a proxy. Choose TCP or TLS for this channel, or no proxy.',
    );
  refuseForbidden(host);
  try {
    const found = await findAddresses(host, guardedResolver(resolve), signal);
    const usable = found.filter((one) => canReach(one));
    let failure: unknown = new ChannelUnreachable(
      'This machine has no IPv6, and the server has nothing else.',
    );
    for (const address of usable) {
      try {
        await sendTo(address, port, records, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        failure = error; // It has no route, such as a network without IPv6.
      }
    }
    throw failure;
  } catch (error) {
    throw unreachable(error);
  }
}

async function sendTo(
  { address, family }: Address,
  port: number,
  records: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  using aborted = rejectOnAbort(signal);
  try {
    for (const record of records) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.once('error', reject);
      socket.send(record, port, address, (error) => (error ? reject(error) : resolve()));
      await Promise.race([promise, aborted.promise]);
      socket.off('error', reject);
    }
  } finally {
    socket.on('error', () => undefined); // What comes after the outcome is known.
    socket.close();
  }
}
