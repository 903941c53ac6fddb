import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import sirv from 'sirv';
import { pagePolicy } from '../../../shared/csp.ts';
import type { Engine } from '../../engine/engine.ts';
import { writeCalendar } from '../../engine/export/calendar.ts';
import type { Log } from '../../engine/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { describeApi } from '../openapi/document.ts';
import type { AccessControl } from '../router/router.ts';
import type { Token } from '../token.ts';
import { makeApiHandler } from './handlers.ts';
import { defaultLimits, type Limits, RateLimits } from './limits.ts';
import { type Listener, listenOnLoopback, listenToOthers, type OpenListening } from './listener.ts';
import { sendProblem } from './problem-details.ts';

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
  const { engine, log, token, access, metrics } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const files = sirv(options.pageFolder, { etag: true, setHeaders: harden });
  const docs = sirv(options.docsFolder, { etag: true, setHeaders: harden });
  const api = makeApiHandler(log, limits.bodyBytes);
  const rates = new RateLimits(limits);
  let streams = new AbortController();
  let isClosing = false;
  let document: Promise<object> | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse, at: Listener): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const { host, origin, authorization } = request.headers;
    const address = request.socket.remoteAddress ?? '';
    if (isClosing) {
      response.setHeader('connection', 'close');
      return sendProblem(response, 503, 'NotAfter is stopping.');
    }
    if (!at.isOurHost(host)) return sendProblem(response, 421, 'This service answers only to its own name.');
    if (!at.isOurOrigin(origin, host))
      return sendProblem(response, 403, 'This service answers only to its own page.');
    const wait = await rates.request(address);
    if (wait > 0) return sendTooMany(response, wait, 'These are too many requests.');
    if (pathname === '/healthz') return sendText(response, 'text/plain', 'ok\n');
    if (pathname === '/openapi.json') {
      document ??= describeApi(engine.version);
      return sendText(response, 'application/json', JSON.stringify(await document));
    }
    if (pathname === '/docs') return redirect(response, '/docs/');
    if (pathname.startsWith('/docs/')) {
      request.url = (request.url ?? '').slice('/docs'.length);
      return docs(request, response, () => sendProblem(response, 404, 'There is no such page.'));
    }
    const refuse = async (status: 401 | 404, sentence: string) => {
      const pause = await rates.failure(address);
      if (pause > 0) return sendTooMany(response, pause, 'These were too many wrong tokens.');
      return sendProblem(response, status, sentence);
    };
    const calendarKey = /^\/calendar\/([\w-]+)\.ics$/.exec(pathname)?.[1];
    if (calendarKey !== undefined) {
      if (!token.opensCalendar(calendarKey)) return refuse(404, 'There is no such calendar.');
      return sendText(
        response,
        'text/calendar; charset=utf-8',
        writeCalendar(engine.jobStandings(), engine.now()),
      );
    }
    if (!/^\/(api|rpc|metrics)(\/|$)/.test(pathname)) {
      return files(request, response, () => sendProblem(response, 404, 'There is no such page.'));
    }
    if (!token.authorises(authorization))
      return refuse(401, 'Send the token as “Authorization: Bearer TOKEN”.');
    if (pathname === '/metrics') {
      return sendPieces(request, response, metrics.contentType, metrics.render());
    }
    return api(request, response, pathname, { engine, access, closing: streams.signal });
  };

  const onRequest =
    (at: Listener): RequestListener =>
    (request, response) => {
      answer(request, response, at).catch((error: unknown) => {
        // A client that went away in the middle of its request is no fault of ours.
        if (request.destroyed && !request.complete) return;
        log.error(`answering ${request.method} ${request.url?.split('?')[0]} failed`, error);
        if (response.headersSent) response.destroy();
        else sendProblem(response, 500, 'NotAfter met a fault of its own.');
      });
    };

  const loopback = await listenOnLoopback(options.port, limits, onRequest);
  const listeners = [loopback];
  if (options.others) {
    try {
      listeners.push(await listenToOthers(options.others, limits, log, onRequest));
    } catch (error) {
      await loopback.close();
      throw error;
    }
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

function harden(response: ServerResponse): void {
  response.setHeader('content-security-policy', pagePolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}

function sendText(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
  response.end(body);
}

/** Pieces of text as they come, gzipped for who can read that (RFC 9110 §12.5.3): what fleets ask for is large. */
async function sendPieces(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(
    String(request.headers['accept-encoding'] ?? ''),
  );
  response.writeHead(200, {
    'content-type': contentType,
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  const text = Readable.from(pieces);
  // A client that has had enough ends the reading, too.
  await (isZipped ? pipeline(text, createGzip({ level: 1 }), response) : pipeline(text, response)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    },
  );
}

function sendTooMany(response: ServerResponse, seconds: number, sentence: string): void {
  response.setHeader('retry-after', String(seconds));
  sendProblem(response, 429, `${sentence} Ask again in ${seconds} s.`);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location });
  response.end();
}
