import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { pagePolicy } from '../../../shared/csp.ts';
import type { Engine } from '../../engine/engine.ts';
import { exportWriters } from '../../engine/export/writers.ts';
import type { Log } from '../../engine/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { describeApi } from '../openapi/document.ts';
import type { AccessControl } from '../router/router.ts';
import { noncePattern, type Token } from '../token.ts';
import { makeApiHandler } from './handlers.ts';
import { sendProblem } from './problem-details.ts';
import { redirect, sendPieces, sendText } from './send.ts';

export interface RouteOptions {
  engine: Engine;
  token: Token;
  access: AccessControl;
  metrics: Metrics;
  log: Log;
  /** Folders with the built page and the built API documentation. */
  pageFolder: string;
  docsFolder: string;
  bodyBytes: number;
  /** Aborts when the event streams that are open have to end. */
  closing: () => AbortSignal;
}

/** A request that may be answered. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  pathname: string;
}

/** What is answered at some paths. */
export interface HttpRoute {
  pattern: RegExp;
  /** `token`: by the API's token. `key`: by the key in the path. `open`: by anyone who reaches the service. */
  access: 'open' | 'token' | 'key';
  /** Whether the key in a path opens it. */
  opens?: (pathname: string) => boolean;
  /** Its methods, where it knows others than GET and HEAD. */
  methods?: 'all';
  handle: (exchange: Exchange) => unknown;
}

/** The routes of the service; the first whose pattern fits a path answers. */
export function makeRoutes(options: RouteOptions): HttpRoute[] {
  const { engine, token, access, metrics, log, bodyBytes, closing } = options;
  const page = sirv(options.pageFolder, { etag: true, setHeaders: harden });
  const docs = sirv(options.docsFolder, { etag: true, setHeaders: harden });
  let document: ReturnType<typeof describeApi> | undefined;
  const describe = () => {
    document ??= describeApi(engine.version);
    return document;
  };
  const api = makeApiHandler(log, bodyBytes, describe);
  const noPage = (response: ServerResponse) => sendProblem(response, 404, 'There is no such page.');
  return [
    {
      pattern: /^\/healthz$/,
      access: 'open',
      handle: ({ response }) => sendText(response, 'text/plain', 'ok\n'),
    },
    {
      pattern: /^\/proof$/,
      access: 'open',
      handle: ({ request, response }) => {
        const nonce = new URLSearchParams(request.url?.split('?')[1]).get('nonce') ?? '';
        if (!noncePattern.test(nonce))
          return sendProblem(response, 400, 'Send a nonce of 22 to 64 characters.');
        return sendText(response, 'text/plain', token.prove(nonce, request.socket.localPort ?? 0));
      },
    },
    {
      pattern: /^\/openapi\.json$/,
      access: 'open',
      handle: async ({ response }) =>
        sendText(response, 'application/json', JSON.stringify(await describe())),
    },
    { pattern: /^\/docs$/, access: 'open', handle: ({ response }) => redirect(response, '/docs/') },
    {
      pattern: /^\/docs\//,
      access: 'open',
      handle: ({ request, response }) => {
        request.url = (request.url ?? '').slice('/docs'.length);
        docs(request, response, () => noPage(response));
      },
    },
    {
      pattern: /^\/calendar\/[\w-]+\.ics$/,
      access: 'key',
      opens: (pathname) => token.opensCalendar(pathname.slice('/calendar/'.length, -'.ics'.length)),
      handle: async ({ request, response }) => {
        const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
        const days = /^\d{1,3}$/.exec(searchParams.get('alarm') ?? '')?.[0];
        const query = {
          tag: searchParams.get('tag') ?? undefined,
          alarm: days === undefined ? undefined : Number(days),
        };
        sendText(response, 'text/calendar; charset=utf-8', await exportWriters.ics(engine, query));
      },
    },
    {
      pattern: /^\/metrics(?:\/|$)/,
      access: 'token',
      handle: ({ request, response, pathname }) =>
        pathname === '/metrics'
          ? sendPieces(request, response, metrics.contentType, metrics.render())
          : sendProblem(response, 404, `There is no ${request.method} ${pathname}; see /openapi.json.`),
    },
    {
      pattern: /^\/(?:api|rpc)(?:\/|$)/,
      access: 'token',
      methods: 'all',
      handle: ({ request, response, pathname }) =>
        api(request, response, pathname, { engine, access, closing: closing() }),
    },
    {
      pattern: /^\//,
      access: 'open',
      handle: ({ request, response }) => page(request, response, () => noPage(response)),
    },
  ];
}

function harden(response: ServerResponse): void {
  response.setHeader('content-security-policy', pagePolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}
