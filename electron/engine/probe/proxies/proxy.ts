import type { Socket } from 'node:net';
import { isSealed } from '../../../../shared/domain/sealed.ts';
import { proxyPorts } from '../../../../shared/schema/connection.ts';
import { type Resolve, systemResolver } from '../addresses.ts';
import { connect } from '../connect.ts';
import { UnreachableError } from '../unreachable.ts';
import { connectByHttp } from './http-connect.ts';
import { proxyFailure } from './proxy-failure.ts';
import { loadProxyContext, startProxyTls } from './proxy-tls.ts';
import { connectBySocks } from './socks.ts';

/** Where a connection is wanted, and through what. */
export interface ProxiedPlace {
  /** A URL as proxySchema has it. */
  proxy: string;
  host: string;
  port: number;
  /** Looks the host up for SOCKS4, which knows addresses alone. Every other proxy looks names up itself. */
  resolve: Resolve;
  /** Looks up the proxy itself. Default: the operating system's resolver. */
  resolveProxy?: Resolve;
  /** PEM files whose certificates are trusted in addition to the usual roots: for https:// proxies. */
  caFiles: readonly string[];
}

/** A proxy as a URL names it. */
export interface ProxyServer {
  scheme: string;
  host: string;
  port: number;
  user: string;
  password: string;
}

/**
 * Opens a connection to a host through a proxy: HTTP CONNECT (RFC 9110 §9.3.6), in TLS too, SOCKS5 (RFC 1928, 1929), SOCKS4a or SOCKS4. The
 * proxy's own addresses are raced.
 * @throws UnreachableError; the signal's reason where it aborts
 */
export async function connectByProxy(place: ProxiedPlace, signal: AbortSignal): Promise<Socket> {
  if (isSealed(place.proxy)) {
    const sentence = 'The password of the proxy is sealed, and cannot be opened here. Enter it again.';
    throw new UnreachableError('refused', sentence);
  }
  const server = readProxy(place.proxy);
  // Before there is a socket: one that fails while a file is read would have no listener for its error.
  const context = server.scheme === 'https:' ? await loadProxyContext(place.caFiles, signal) : null;
  const socket = await reach(server, place.resolveProxy ?? systemResolver, signal);
  const onAbort = () => socket.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (context !== null)
      return await connectByHttp(await startProxyTls(socket, server, context), server, place);
    if (server.scheme === 'http:') return await connectByHttp(socket, server, place);
    return await connectBySocks(socket, server, place, signal);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function readProxy(proxy: string): ProxyServer {
  const url = new URL(proxy);
  return {
    scheme: url.protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (proxyPorts[url.protocol] ?? 0) : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
  };
}

/** What is no percent-encoding is taken as it is: an older version stored it so. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function reach({ host, port }: ProxyServer, resolve: Resolve, signal: AbortSignal): Promise<Socket> {
  try {
    return (await connect({ host, port, resolve }, signal)).socket;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw proxyFailure(host, port, whyUnreachable(error), error);
  }
}

function whyUnreachable({ reason, message }: UnreachableError): string {
  if (reason === 'dns') return 'its name is not known';
  return reason === 'refused' && /^Nothing listens/.test(message)
    ? 'nothing listens there'
    : `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, '')}`;
}
