import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import type { StandardResponse } from '@orpc/standard-server';
import sirv from 'sirv';
import { pagePolicy } from '../../shared/page-policy.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/log.ts';
import { logFaults } from '../engine/log-faults.ts';
import { router } from '../engine/router.ts';
import { describeApi } from './api-document.ts';
import { renderMetrics } from './metrics.ts';
import { fromRouterError, problemType, sendProblem } from './problem-details.ts';
import { isAuthorised } from './token.ts';

export interface HttpServerOptions {
  engine: Engine;
  token: string;
  log: Log;
  /** Folders with the built page and the built API documentation. */
  pageFolder: string;
  docsFolder: string;
  port: number;
}

export interface HttpServer {
  port: number;
  /** `http://127.0.0.1:PORT/`, without the token. */
  url: string;
  close(): Promise<void>;
}

const largestBodyBytes = 20 * 1024 * 1024;
/** Time in which a client must have sent its headers, and its whole request. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;

/** Serves page, API and metrics on loopback until closed. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { engine, log } = options;
  const files = sirv(options.pageFolder, { etag: true, setHeaders: harden });
  const docs = sirv(options.docsFolder, { etag: true, setHeaders: harden });
  const api = new OpenAPIHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: largestBodyBytes })],
    customErrorResponseBodyEncoder: fromRouterError,
    rootInterceptors: [
      async ({ next }) => {
        const result = await next();
        if (result.matched) labelProblem(result.response);
        return result;
      },
    ],
    clientInterceptors: [({ next, path }) => logFaults(log, path, next)],
  });
  const rpc = new RPCHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: largestBodyBytes })],
    clientInterceptors: [({ next, path }) => logFaults(log, path, next)],
  });
  let document: Promise<object> | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse, port: number): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!isOurHost(request.headers.host, port)) {
      return sendProblem(response, 421, 'This service answers only to its own address on this machine.');
    }
    if (!isOurOrigin(request.headers.origin, request.headers.host)) {
      return sendProblem(response, 403, 'This service answers only to its own page.');
    }
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
    if (!/^\/(api|rpc|metrics)(\/|$)/.test(pathname)) {
      return files(request, response, () => sendProblem(response, 404, 'There is no such page.'));
    }
    if (!isAuthorised(request.headers.authorization, options.token)) {
      return sendProblem(response, 401, 'Send the token as “Authorization: Bearer TOKEN”.');
    }
    if (pathname === '/metrics') {
      const { contentType, body } = await renderMetrics(engine);
      return sendText(response, contentType, body);
    }
    response.setHeader('cache-control', 'no-store');
    if (!(await readCsvAsText(request))) return sendProblem(response, 413, 'This is more than 20 MiB.');
    const handler = pathname.startsWith('/rpc') ? rpc : api;
    const prefix = pathname.startsWith('/rpc') ? '/rpc' : '/api/v1';
    const { matched } = await handler.handle(request, response, { prefix, context: { engine } });
    if (!matched)
      sendProblem(response, 404, `There is no ${request.method} ${pathname} in this API; see /openapi.json.`);
  };

  const server = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs });
  const port = await listen(server, options.port);
  server.on('request', ((request, response) => {
    answer(request, response, port).catch((error: unknown) => {
      log.error(`answering ${request.method} ${request.url} failed`, error);
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, 'NotAfter met a fault of its own.');
    });
  }) satisfies RequestListener);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections(); // Event streams never end by themselves.
      await promise;
    },
  };
}

/** @throws the listen error, with a sentence where the port is taken */
async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', () => {
    server.off('error', reject);
    resolve();
  });
  await promise;
  // True because the server listens on a TCP port.
  return (server.address() as AddressInfo).port;
}

/** Names under which a browser on this machine may come: any other is DNS rebinding. */
function isOurHost(host: string | undefined, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host ?? '');
}

function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
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

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location });
  response.end();
}

/** oRPC labels every body application/json; one that is a stream keeps the label it is given. */
function labelProblem(response: StandardResponse): void {
  if (response.status < 400) return;
  response.headers = { ...response.headers, 'content-type': problemType };
  response.body = new Blob([JSON.stringify(response.body)]).stream();
}

/** oRPC reads text/plain as text and any other text as a file. Answers whether the body is of a size to be read. */
async function readCsvAsText(request: IncomingMessage): Promise<boolean> {
  if (!request.headers['content-type']?.startsWith('text/csv')) return true;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBodyBytes) return false;
    chunks.push(chunk);
  }
  Object.assign(request, { body: Buffer.concat(chunks).toString('utf8') });
  return true;
}
