import type { Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import { isIpv6 } from '../../../../shared/schema/target.ts';
import { findAddresses } from '../addresses.ts';
import type { ProxiedPlace, ProxyServer } from './proxy.ts';
import { proxyFailure, proxyRefusal } from './proxy-failure.ts';

/**
 * Asks a SOCKS proxy for a connection over a connected socket: SOCKS5 (RFC 1928, 1929), SOCKS4a, which has names too, or SOCKS4, which
 * has IPv4 addresses and users alone (https://www.openssh.com/txt/socks4.protocol).
 * @throws UnreachableError
 */
export async function connectBySocks(
  socket: Socket,
  server: ProxyServer,
  { host, port, resolve }: ProxiedPlace,
  signal: AbortSignal,
): Promise<Socket> {
  const is4 = server.scheme.startsWith('socks4');
  const target = `${isIpv6(host) ? `[${host}]` : host}:${port}`;
  const destination = server.scheme === 'socks4:' ? await ipv4Of(host, target, resolve, signal) : host;
  if (is4 && isIpv6(destination)) throw proxyRefusal(target, 'SOCKS4 knows no IPv6 addresses');
  const { user, password } = server;
  const client = new SocksClient({
    proxy: {
      host: server.host,
      port: server.port,
      type: is4 ? 4 : 5,
      ...(user === '' ? {} : { userId: user, password }),
    },
    command: 'connect',
    destination: { host: destination, port },
    timeout: 600_000, // The check's own deadline comes long before.
  });
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  socket.on('error', () => undefined); // The library listens for what comes.
  client.once('established', () => done());
  client.once('error', reject);
  client.connect(socket);
  try {
    await promise;
    return socket;
  } catch (error) {
    // SAFETY: the library rejects with errors.
    throw failureOf(server, target, error as NodeJS.ErrnoException);
  }
}

async function ipv4Of(
  host: string,
  target: string,
  resolve: ProxiedPlace['resolve'],
  signal: AbortSignal,
): Promise<string> {
  const found = (await findAddresses(host, resolve, signal)).find(({ family }) => family === 4);
  if (!found) throw proxyRefusal(target, 'SOCKS4 knows no IPv6 addresses, and the name has no other');
  return found.address;
}

function failureOf({ host, port }: ProxyServer, target: string, error: NodeJS.ErrnoException) {
  const code = error.code ?? /\bE[A-Z]{4,}\b/.exec(error.message)?.[0];
  if (code === 'ECONNRESET' || /socket closed/i.test(error.message))
    return proxyFailure(host, port, 'it closed the connection', error);
  if (code !== undefined) return proxyFailure(host, port, code, error);
  const isRejected = /^Socks[45] proxy rejected connection - /i.exec(error.message);
  if (error instanceof SocksClientError && !isRejected && !/authentication/i.test(error.message))
    return proxyFailure(host, port, `it does not answer in SOCKS (${error.message})`, error);
  const words = isRejected
    ? error.message.slice(isRejected[0].length).replace(/^\((.*)\)$/, '$1')
    : error.message;
  const remedy = /authentication/i.test(words) ? 'Enter the user name and password of the proxy.' : undefined;
  return proxyRefusal(target, words, remedy, error);
}
