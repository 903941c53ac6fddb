import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { AccessControl } from '../router/router.ts';
import type { Token } from '../token.ts';
import { defaultLimits, type Limits, RateLimits } from './limits.ts';
import { type Listener, listenOnLoopback, listenToOthers, type OpenListening } from './listener.ts';
import { sendNotAllowed, sendProblem } from './problem-details.ts';
import { forwardedAddress, readRequestTarget } from './request-target.ts';
import { type Exchange, type HttpRoute, makeRoutes } from './routes.ts';
import { sendTooMany } from './send.ts';
import { listenOnSocket, type SocketListening } from './socket-listener.ts';

export interface HttpServerOptions {
  engine: Engine;
  token: Token;
  access: AccessControl;
  metrics: Metrics;
  log: Log;
  /** Folders with the built page and the built API documentation. */
  pageFolder: string;
  docsFolder: string;
  /** Port on 127.0.0.1; 0 picks a free one. */
  port: number;
  /** Where it listens beside that, for other machines. */
  others?: OpenListening | undefined;
  /** A Unix socket on which it listens beside that, for a reverse proxy. */
  socket?: SocketListening | undefined;
  limits?: Partial<Limits> | undefined;
}

export interface HttpServer {
  port: number;
  /** `http://127.0.0.1:PORT/`, without the token. */
  url: string;
  /** Where other machines reach it; null: nowhere. */
  listenUrl: string | null;
  /** Ends the event streams that are open; who may, opens a new one. */
  endStreams(): void;
  /** Takes no more requests, ends event streams, and waits for what is being answered. */
  close(): Promise<void>;
}

/** Serves page, API and metrics until closed. @throws ListenCertificateError, the listen error */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, token } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const rates = new RateLimits(limits);
  let streams = new AbortController();
  let isClosing = false;
  const routes = makeRoutes({ ...options, bodyBytes: limits.bodyBytes, closing: () => streams.signal });

  /** Answers whom the service does not answer. @returns whether the request was refused */
  const refuse = (request: IncomingMessage, response: ServerResponse, at: Listener): boolean => {
    const { host, origin } = request.headers;
    const target = readRequestTarget(request.url);
    const [status, sentence] = isClosing
      ? [503, 'NotAfter is stopping.']
      : refusalOf(target, at.isOurHost(host), at.isOurOrigin(origin, host), at);
    if (status === null) return false;
    if (isClosing || status === 400) response.setHeader('connection', 'close');
    sendProblem(response, status, sentence);
    return true;
  };

  /** @returns what answers a request that comes too often, or without the token; null: it may be answered */
  const findRefusal = async (
    { request, response, pathname }: Exchange,
    route: HttpRoute,
  ): Promise<(() => void) | null> => {
    const address = request.socket.remoteAddress ?? forwardedAddress(request);
    // The token first: what others ask for never counts against its owner (docs/decisions/0011).
    const isOwner = token.authorises(request.headers.authorization);
    const wait = await rates.request(isOwner ? 'owner' : address);
    if (wait > 0) return () => sendTooMany(response, wait, 'These are too many requests.');
    if (mayEnter(route, pathname, isOwner)) return null;
    const pause = await rates.failure(address);
    if (pause > 0) return () => sendTooMany(response, pause, 'These were too many wrong tokens.');
    if (route.access === 'key') return () => sendProblem(response, 404, 'There is no such calendar.');
    return () => sendProblem(response, 401, 'Send the token as “Authorization: Bearer TOKEN”.');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, at: Listener): Promise<void> => {
    if (refuse(request, response, at)) return;
    const { pathname = '/', pathAndQuery = '/' } = readRequestTarget(request.url) ?? {};
    request.url = pathAndQuery;
    const route = routes.find(({ pattern }) => pattern.test(pathname));
    if (!route) return sendProblem(response, 404, 'There is no such page.');
    const asked = { request, response, pathname };
    const refuseEntry = await findRefusal(asked, route);
    if (refuseEntry) return refuseEntry();
    if (route.methods !== 'all' && !['GET', 'HEAD'].includes(request.method ?? ''))
      return sendNotAllowed(response, ['GET', 'HEAD'], `There is no ${request.method} ${pathname}.`);
    await route.handle(asked);
  };

  const onRequest =
    (at: Listener): RequestListener =>
    (request, response) => {
      answer(request, response, at).catch((error: unknown) => {
        // A client that went away in the middle of its request is no fault of ours.
        if (request.destroyed && !request.complete) return;
        log.error(`answering ${request.method} ${request.url?.split('?')[0]} failed`, error);
        if (response.headersSent) response.destroy();
        else sendProblem(response, 500, 'NotAfter failed. Its log has the details.');
      });
    };

  const loopback = await listenOnLoopback(options.port, limits, onRequest);
  const listeners = [loopback];
  const { others, socket } = options;
  try {
    if (others) listeners.push(await listenToOthers(others, limits, log, onRequest));
    if (socket) listeners.push(await listenOnSocket(socket, limits, onRequest));
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
  return {
    port: loopback.port,
    url: loopback.url,
    listenUrl: listeners[1]?.url ?? null,
    endStreams() {
      streams.abort();
      streams = new AbortController();
    },
    async close() {
      isClosing = true;
      streams.abort();
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

function mayEnter({ access, opens }: HttpRoute, pathname: string, isOwner: boolean): boolean {
  if (access === 'key') return opens?.(pathname) === true;
  return access === 'open' || isOwner;
}

/** Why a request is refused before anything is looked up: its form, its Host (DNS rebinding), its Origin. */
function refusalOf(
  target: ReturnType<typeof readRequestTarget>,
  isOurHost: boolean,
  isOurOrigin: boolean,
  at: Listener,
): [number, string] | [null, ''] {
  if (!target) return [400, 'The request’s path is malformed.'];
  // RFC 9112 §3.2.2: the authority of a whole URL replaces Host, so both must be ours.
  if (!isOurHost || (target.host !== null && !at.isOurHost(target.host)))
    return [421, 'This service answers only to its own name.'];
  if (!isOurOrigin) return [403, 'This service answers only to its own page.'];
  return [null, ''];
}
