import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listen } from './tls-server.ts';

/** A request as a service receives it. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  // What is posted differs from service to service: each spec says what it expects of it.
  body: Record<string, unknown>;
}

type Answer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

/** The other side of HTTP channels: keeps what comes and answers as a spec says, with 200 and {} otherwise. */
export async function receiveChannels(answer: (request: Received) => Answer = () => ({ status: 200 })) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const isJson = headers['content-type'] === 'application/json' && text !== '';
      const one: Received = { method, path, headers, text, body: isJson ? JSON.parse(text) : {} };
      received.push(one);
      const given = answer(one);
      if (typeof given === 'function') return given(response);
      response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
      response.end(JSON.stringify(given.body ?? {}));
    });
  });
  const listening = await listen(server);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await listening.close();
    },
  };
}
