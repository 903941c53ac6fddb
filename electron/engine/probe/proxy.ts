import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect as connectSocket, type Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import { isSealed } from '../../../shared/domain/sealed.ts';
import { proxyPorts } from '../../../shared/schema/connection.ts';
import { isIpv6 } from '../../../shared/schema/target.ts';
import { printable } from '../printable.ts';
import { UnreachableError } from './unreachable.ts';

/**
 * Opens a connection to a host through a proxy, which looks the name up itself: HTTP CONNECT (RFC 9110 §9.3.6), or
 * SOCKS5 (RFC 1928, 1929).
 * @param proxy a URL as proxySchema has it
 * @throws UnreachableError; the signal's reason where it aborts
 */
export async function connectByProxy(
  proxy: string,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  if (isSealed(proxy)) {
    const sentence = 'The password of the proxy is sealed, and cannot be opened here. Enter it again.';
    throw new UnreachableError('refused', sentence);
  }
  const url = new URL(proxy);
  const proxyHost = url.hostname.replace(/^\[|\]$/g, '');
  const proxyPort = url.port === '' ? (proxyPorts[url.protocol] ?? 0) : Number(url.port);
  const place = {
    proxyHost,
    proxyPort,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    host,
    port,
  };
  return url.protocol === 'http:' ? connectByHttp(place, signal) : connectBySocks(place, signal);
}

interface Place {
  proxyHost: string;
  proxyPort: number;
  user: string;
  password: string;
  host: string;
  port: number;
}

function connectByHttp(
  { proxyHost, proxyPort, user, password, host, port }: Place,
  signal: AbortSignal,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const authority = `${isIpv6(host) ? `[${host}]` : host}:${port}`;
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  const connecting = request({
    host: proxyHost,
    port: proxyPort,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...(user === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }) },
    agent: false,
    signal,
  });
  connecting.once('connect', (response, socket: Socket, head) => {
    if (response.statusCode === 200 && head.length === 0) return resolve(socket);
    socket.destroy();
    reject(refusal(authority, response));
  });
  // A proxy that answers as to any other request does not know CONNECT.
  connecting.once('response', (response) => {
    response.destroy();
    reject(refusal(authority, response));
  });
  connecting.once('error', (error: NodeJS.ErrnoException) =>
    reject(signal.aborted ? signal.reason : proxyFailure(proxyHost, proxyPort, error)),
  );
  connecting.end();
  return promise;
}

/** What a proxy says is anybody's text: one line of it is shown, and nothing that cannot be seen. */
const maxWords = 200;

function refusal(authority: string, { statusCode, statusMessage }: IncomingMessage): UnreachableError {
  const words = printable(`${statusCode} ${statusMessage ?? ''}`.trim(), maxWords);
  return new UnreachableError('refused', `The proxy does not connect to ${authority}: ${words}.`);
}

async function connectBySocks(
  { proxyHost, proxyPort, user, password, host, port }: Place,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  // A socket of our own, so that it can be closed at any time: the library gives its own away only once it is through.
  const socket = connectSocket({ host: proxyHost, port: proxyPort, noDelay: true });
  const onAbort = () => void socket.destroy(new Error('The check has ended.'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await connected(socket);
    const client = new SocksClient({
      proxy: {
        host: proxyHost,
        port: proxyPort,
        type: 5,
        ...(user === '' ? {} : { userId: user, password }),
      },
      command: 'connect',
      destination: { host, port },
      timeout: 600_000, // The check's own deadline comes long before.
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    client.once('established', () => resolve());
    client.once('error', reject);
    client.connect(socket);
    await promise;
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw socksFailure(proxyHost, proxyPort, `${host}:${port}`, error as Error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function connected(socket: Socket): Promise<void> {
  await once(socket, 'connect');
  socket.on('error', () => undefined); // The library listens for what comes next.
}

function socksFailure(proxyHost: string, proxyPort: number, target: string, error: Error): UnreachableError {
  const code = (error as NodeJS.ErrnoException).code ?? /E[A-Z]{4,}/.exec(error.message)?.[0];
  if (code?.startsWith('E')) return proxyFailure(proxyHost, proxyPort, { ...error, code });
  const reason =
    error instanceof SocksClientError
      ? error.message.replace(/^Socks5 proxy rejected connection - /, '')
      : error.message;
  return new UnreachableError(
    'refused',
    `The proxy does not connect to ${target}: ${printable(reason, maxWords)}.`,
    {
      cause: error,
    },
  );
}

function proxyFailure(host: string, port: number, { code, cause }: NodeJS.ErrnoException): UnreachableError {
  const words: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'its name is not known',
    ECONNRESET: 'it closed the connection',
  };
  return new UnreachableError(
    'refused',
    `The proxy ${host}:${port} cannot be used: ${words[code ?? ''] ?? code ?? 'unknown error'}.`,
    { cause },
  );
}
