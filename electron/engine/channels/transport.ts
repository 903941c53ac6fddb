import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import { isSealed } from '../../../shared/domain/sealed.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { errorCode } from '../error-code.ts';
import { connect } from '../probe/connect.ts';
import { InputFileError, loadInputFile } from '../probe/files/input-file.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import { type ChannelReply, type ChannelRequest, ChannelUnreachable } from './adapter.ts';
import { guardedLookup, guardedResolver, refuseForbidden } from './guard.ts';

const maxReplyBytes = 64 * 1024;

/** How a channel is reached: by which proxy and whose certificates. */
export type Reach = Pick<Channel, 'caFile'> & { proxy: string | null };

/** Returns the certificates that a channel is verified by. @throws InputFileError */
export async function trustedCertificates({ caFile }: Reach, signal: AbortSignal): Promise<string[]> {
  if (caFile === null) return [...rootCertificates];
  const own = await loadInputFile('The CA file', 'caFile', caFile, signal).catch((error: unknown) => {
    if (!signal.aborted || error instanceof InputFileError) throw error;
    throw new ChannelUnreachable('The CA file could not be read in time.', { cause: error });
  });
  return [...rootCertificates, own.toString('utf8')];
}

/** Opens a TCP connection as a channel is reached. @throws ChannelUnreachable */
export async function openChannelSocket(
  reach: Reach,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await openSocket(reach, host, port, signal);
  // Its user may be busy with a file or a module when the other side hangs up. The next use of the socket fails then.
  socket.on('error', () => undefined);
  return socket;
}

async function openSocket(reach: Reach, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  refuseForbidden(host);
  const caFiles = reach.caFile === null ? [] : [reach.caFile];
  try {
    const resolve = guardedResolver();
    if (reach.proxy === null) return (await connect({ host, port, resolve }, signal)).socket;
    if (URL.canParse(reach.proxy)) refuseForbidden(new URL(reach.proxy).hostname.replace(/^\[|\]$/g, ''));
    const { connectByProxy } = await import('../probe/proxies/proxy.ts'); // With a library that few need.
    return await connectByProxy(
      { proxy: reach.proxy, host, port, resolve, resolveProxy: resolve, caFiles },
      signal,
    );
  } catch (error) {
    throw unreachable(error);
  }
}

/**
 * Speaks TLS over a connection to a host, which the server's certificate must be for. Node takes the name of a socket that it gets as
 * `localhost` without the option `host` (tls.connect).
 */
export function overTls(socket: Socket, host: string, options: ConnectionOptions): TLSSocket {
  return connectTls({ socket, host, ...(isIP(host) ? {} : { servername: host }), ...options });
}

/** Sends a request and reads at most 64 KiB of the reply. @throws ChannelUnreachable; InputFileError */
export async function sendRequest(
  request: ChannelRequest,
  reach: Reach,
  version: string,
  signal: AbortSignal,
): Promise<ChannelReply> {
  if (isSealed(request.url))
    throw new ChannelUnreachable('Its address is sealed and cannot be opened here. Enter it again.');
  const url = new URL(request.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  refuseForbidden(host);
  const isTls = url.protocol === 'https:';
  const ca = isTls ? { ca: await trustedCertificates(reach, signal) } : {};
  const options: RequestOptions = {
    method: request.method ?? 'POST',
    headers: {
      'user-agent': `NotAfter/${version}`,
      ...(request.body === undefined
        ? {}
        : {
            'content-type': request.contentType ?? 'application/json',
            'content-length': Buffer.byteLength(request.body),
          }),
      ...request.headers,
    },
    signal,
    ...ca,
  };
  const open = (connection: RequestOptions) =>
    exchange(() => (isTls ? httpsRequest : httpRequest)(url, { ...options, ...connection }), request);
  if (reach.proxy === null) return open({ agent: false, lookup: guardedLookup });
  const defaultPort = isTls ? 443 : 80;
  const tunnel = await openChannelSocket(reach, host, Number(url.port) || defaultPort, signal);
  try {
    // Any agent, also `false`, opens its own connection past this one (ClientRequest, `createConnection`). Without one, the header Host
    // needs the default port.
    return await open({ defaultPort, createConnection: () => (isTls ? overTls(tunnel, host, ca) : tunnel) });
  } finally {
    tunnel.destroy();
  }
}

async function exchange(
  begin: () => ClientRequest,
  { body, readsReply = false }: ChannelRequest,
): Promise<ChannelReply> {
  const client = beginRequest(begin);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  client.on('response', resolve);
  // A proxy's answer was read from it, and it was paused then.
  client.on('socket', (socket) => socket.resume());
  client.on('error', reject);
  client.end(body);
  try {
    const response = await promise;
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body: readsReply ? await readBody(response) : '' };
  } catch (error) {
    throw unreachable(error);
  } finally {
    client.destroy();
  }
}

/** Node refuses what HTTP cannot carry, such as a header with letters beyond Latin-1, before it connects. */
function beginRequest(begin: () => ClientRequest): ClientRequest {
  try {
    return begin();
  } catch (error) {
    const reason = errorCode(error) ?? 'no reason';
    throw new ChannelUnreachable(
      `A header or the address has characters that HTTP does not allow (${reason}).`,
      {
        cause: error,
      },
    );
  }
}

/** Reads a body up to its bound. What is cut off, or never ends, is as much as came until then: the status is there. */
async function readBody(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // SAFETY: no encoding is set, so that what comes are buffers.
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece.subarray(0, maxReplyBytes - length));
      length += piece.length;
      if (length >= maxReplyBytes) break; // Leaving the loop ends the response.
    }
  } catch {
    // The connection broke or the time was up.
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The message of an error may hold the address, which is secret; its code does not. */
export function unreachable(error: unknown): ChannelUnreachable {
  // A name that is looked up for a connection or its proxy may have been refused.
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ChannelUnreachable) return cause;
  if (error instanceof UnreachableError) return new ChannelUnreachable(error.message, { cause: error });
  const name = error instanceof Error ? error.name : '';
  const isLate = name === 'TimeoutError' || name === 'AbortError';
  return new ChannelUnreachable(
    isLate ? 'It did not answer in time.' : `It could not be reached (${errorCode(error) ?? 'no reason'}).`,
    { cause: error },
  );
}
