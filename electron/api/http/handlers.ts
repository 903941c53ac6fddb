import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { RequestHeadersPlugin, ResponseHeadersPlugin } from '@orpc/server/plugins';
import type { StandardResponse } from '@orpc/standard-server';
import { exportFormatEntries } from '../../../shared/domain/export-formats.ts';
import type { Log } from '../../engine/log.ts';
import { allowedMethods, type DescribedPaths, eventsPath } from '../openapi/allowed-methods.ts';
import { logFaults } from '../router/log-faults.ts';
import { type RouterContext, router } from '../router/router.ts';
import { fromRouterError, problemType, sendNotAllowed, sendProblem } from './problem-details.ts';

/** Answers a request to the API: REST for scripts, RPC for our own page. */
export type ApiHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  context: RouterContext,
) => Promise<void>;

/**
 * The router, served in both of its forms.
 * @param describe returns the API's description, which names the methods of each path
 */
export function makeApiHandler(
  log: Log,
  bodyBytes: number,
  describe: () => Promise<DescribedPaths>,
): ApiHandler {
  const plugins = () => [
    new BodyLimitPlugin<RouterContext>({ maxBodySize: bodyBytes }),
    new RequestHeadersPlugin<RouterContext>(),
    new ResponseHeadersPlugin<RouterContext>(),
  ];
  const rest = new OpenAPIHandler(router, {
    plugins: plugins(),
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
    plugins: plugins(),
    clientInterceptors: [({ next, path }) => logFaults(log, path, next)],
  });
  return async (request, response, pathname, context) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    if (!(await readOtherText(request, bodyBytes))) {
      response.setHeader('connection', 'close'); // The rest of the body is not waited for.
      return sendProblem(response, 413, `This is more than ${Math.round(bodyBytes / 1024 / 1024)} MiB.`);
    }
    const asked = `${request.method} ${pathname}`;
    const isRpc = pathname.startsWith('/rpc');
    const { matched } = isRpc
      ? await rpc.handle(request, response, { prefix: '/rpc', context })
      : await rest.handle(asGet(withoutAlias(request, pathname), pathname), response, {
          prefix: '/api/v1',
          context,
        });
    if (matched) return;
    const place = withoutSlash(pathname);
    const path = (aliases.get(place) ?? place).replace(/^\/api\/v1/, '');
    const methods = isRpc ? [] : allowedMethods(await describe(), path);
    const sentence = `There is no ${asked} in this API; see /openapi.json.`;
    if (methods.length > 0) sendNotAllowed(response, methods, sentence);
    else sendProblem(response, 404, sentence);
  };
}

/** HEAD is answered as GET (RFC 9110 §9.3.2): Node leaves out the body of its answer. The request is changed in place. */
function asGet(request: IncomingMessage, pathname: string): IncomingMessage {
  if (request.method === 'HEAD' && withoutSlash(pathname) !== `/api/v1${eventsPath}`) request.method = 'GET';
  return request;
}

/** The router takes a path with a slash at its end as well. */
const withoutSlash = (pathname: string) => pathname.replace(/\/$/, '');

const aliases = new Map(
  exportFormatEntries.flatMap(([format, { path }]) =>
    path === undefined ? [] : [[`/api/v1/jobs/export.${format}`, `/api/v1${path}`]],
  ),
);

/** Leads `/jobs/export.{format}` to the path of the contract, where that is another. The request is changed in place. */
function withoutAlias(request: IncomingMessage, pathname: string): IncomingMessage {
  const target = aliases.get(pathname);
  if (target !== undefined) request.url = request.url?.replace(pathname, target) ?? target;
  return request;
}

/** oRPC labels every body application/json; one that is a stream keeps the label it is given. */
function labelProblem(response: StandardResponse): void {
  if (response.status < 400) return;
  response.headers = { ...response.headers, 'content-type': problemType };
  response.body = new Blob([JSON.stringify(response.body)]).stream();
}

/** oRPC reads text/plain as text and any other text as a file. Answers whether the body is of a size to be read. */
async function readOtherText(request: IncomingMessage, bodyBytes: number): Promise<boolean> {
  if (!/^(text\/(csv|yaml|x-yaml)|application\/(x-)?yaml)/.test(request.headers['content-type'] ?? ''))
    return true;
  const chunks: Buffer[] = [];
  let size = 0;
  // SAFETY: a request without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytes) return false;
    chunks.push(chunk);
  }
  Object.assign(request, { body: Buffer.concat(chunks).toString('utf8') });
  return true;
}
