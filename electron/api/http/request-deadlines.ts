import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Limits } from './limits.ts';

/** Node looks at every connection every so often, whether there is one or not: at rest that is what wakes the process. Never, then. */
export const neverLooks = 2 ** 31 - 1;

const tooLate = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/**
 * Ends connections that do not send their request in time: the headers, counted from the connection or from the end of the answer
 * before, and the whole request. Each connection has one timer, and a server without connections has none.
 */
export function limitRequestTimes(server: Server | TlsServer, { headersMs, requestMs }: Limits): void {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  const asking = new WeakMap<Socket, number>();
  const disarm = (socket: Socket) => clearTimeout(timers.get(socket));
  const arm = (socket: Socket, ms: number, onLate: () => void) => {
    disarm(socket);
    if (!socket.destroyed) timers.set(socket, setTimeout(onLate, ms).unref());
  };
  const refuse = (socket: Socket) => {
    if (socket.writable) socket.end(tooLate, () => socket.destroy());
    else socket.destroy();
  };
  const onConnection = (socket: Socket) => {
    socket.once('close', () => disarm(socket));
    arm(socket, headersMs, () => refuse(socket));
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    asking.set(socket, (asking.get(socket) ?? 0) + 1);
    arm(socket, requestMs, () => {
      // All of it came and nothing reads its body: a GET that is still being answered, by a stream of events say.
      if (request.complete) return;
      if (response.headersSent) socket.destroy();
      else refuse(socket);
    });
    request.once('end', () => disarm(socket));
    response.once('close', () => {
      const left = (asking.get(socket) ?? 1) - 1;
      asking.set(socket, left);
      // Node itself ends a connection that stays idle; one that begins a request has its time for the headers on top.
      if (left === 0) arm(socket, server.keepAliveTimeout + headersMs, () => refuse(socket));
    });
  };
  server.on(isTls(server) ? 'secureConnection' : 'connection', onConnection);
  server.prependListener('request', onRequest);
}

function isTls(server: Server | TlsServer): server is TlsServer {
  return 'setSecureContext' in server;
}
