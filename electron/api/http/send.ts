import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sendProblem } from './problem-details.ts';

export function sendText(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
  response.end(body);
}

/** Sends pieces of text as they come, gzipped for a client that accepts that (RFC 9110 §12.5.3): a fleet's metrics are large. */
export async function sendPieces(
  request: IncomingMessage,
  response: ServerResponse,
  contentType: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const isZipped = acceptsGzip(request.headers['accept-encoding']);
  response.writeHead(200, {
    'content-type': contentType,
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  const text = Readable.from(pieces);
  // A client that closes its connection early ends the reading, too.
  await (isZipped ? pipeline(text, createGzip({ level: 1 }), response) : pipeline(text, response)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    },
  );
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((coding) => {
      const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
      return name === 'gzip' && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
    });
}

/** Sends 429 with the seconds after which the client may ask again. */
export function sendTooMany(response: ServerResponse, seconds: number, sentence: string): void {
  response.setHeader('retry-after', String(seconds));
  sendProblem(response, 429, `${sentence} Ask again in ${seconds} s.`);
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location });
  response.end();
}
