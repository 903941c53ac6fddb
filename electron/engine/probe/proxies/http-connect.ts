import type { Socket } from 'node:net';
import { isIpv6 } from '../../../../shared/schema/target.ts';
import type { ProxyServer } from './proxy.ts';
import { proxyFailure, proxyRefusal } from './proxy-failure.ts';

/** No answer to a CONNECT has a longer head, all that come before it included. */
const maxHead = 64 * 1024;
/** Interim answers before the final one. */
const maxInterim = 20;

/**
 * Asks an HTTP proxy for a tunnel over a connected socket. Any 2xx opens it, and what follows the head belongs to the tunnel: length
 * headers in it mean nothing (RFC 9110 §9.3.6). 1xx are passed over (§15.2).
 * @throws UnreachableError
 */
export async function connectByHttp(
  socket: Socket,
  server: ProxyServer,
  { host, port }: { host: string; port: number },
): Promise<Socket> {
  const authority = `${isIpv6(host) ? `[${host}]` : host}:${port}`;
  const credentials = Buffer.from(`${server.user}:${server.password}`).toString('base64');
  const authorization = server.user === '' ? '' : `Proxy-Authorization: Basic ${credentials}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const { code, words } = await finalAnswer(socket, server);
  if (code >= 200 && code < 300) return socket;
  const remedy = code === 407 ? 'Enter the user name and password of the proxy.' : undefined;
  throw proxyRefusal(authority, `${code} ${words}`, remedy);
}

interface Answer {
  code: number;
  words: string;
}

/** Reads heads until one is final. What has come of the tunnel by then is given back to the socket. */
function finalAnswer(socket: Socket, { host, port }: ProxyServer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const reader = new HeadReader();
  const settle = (answer: () => void) => {
    socket.off('data', onData).off('error', onEnd).off('end', onEnd).off('close', onEnd).pause();
    answer();
  };
  const fail = (why: string) => settle(() => reject(proxyFailure(host, port, why)));
  const onEnd = () =>
    fail(
      reader.rest.length === 0 ? 'it closed the connection' : 'it closed the connection within its answer',
    );
  const onData = (chunk: Buffer) => {
    const read = reader.push(chunk);
    if (read === null) return;
    if ('fault' in read) return fail(read.fault);
    settle(() => {
      if (reader.rest.length > 0) socket.unshift(reader.rest);
      resolve(read.answer);
    });
  };
  socket.on('data', onData).on('error', onEnd).on('end', onEnd).on('close', onEnd);
  return promise;
}

const endless = 'its answer has no end';

/** Reads heads out of bytes as they arrive, until one is final. */
class HeadReader {
  /** What follows the heads that were read. */
  rest = Buffer.alloc(0);
  #total = 0;
  #interim = 0;

  /** Returns the final answer, or why there will be none; null: more bytes are needed. */
  push(chunk: Buffer): { answer: Answer } | { fault: string } | null {
    this.rest = Buffer.concat([this.rest, chunk]);
    this.#total += chunk.length;
    for (;;) {
      const head = readHead(this.rest);
      if (head === 'none') return { fault: 'it does not answer in HTTP' };
      if (head === 'more') return this.#total > maxHead ? { fault: endless } : null;
      this.rest = this.rest.subarray(head.length);
      // 101 is final: it would speak another protocol (RFC 9110 §15.2.2).
      if (head.code >= 200 || head.code === 101) return { answer: head };
      this.#interim += 1;
      if (this.#interim > maxInterim) return { fault: endless };
    }
  }
}

/** Reads the head of an answer (RFC 9112 §4); `more` where it has not ended, `none` where it is none. */
function readHead(bytes: Buffer): (Answer & { length: number }) | 'more' | 'none' {
  if (!'HTTP/'.startsWith(bytes.toString('latin1', 0, 5))) return 'none';
  const ends = [bytes.indexOf('\r\n\r\n') + 4, bytes.indexOf('\n\n') + 2].filter((end) => end >= 4);
  if (ends.length === 0) return 'more';
  const length = Math.min(...ends);
  // The head alone: thousands of interim answers may stand behind it.
  const head = bytes.toString('latin1', 0, length);
  const [, code, words = ''] = /^HTTP\/\d\.\d (\d{3})(?: ([^\r\n]*))?\r?\n/.exec(head) ?? [];
  return code === undefined ? 'none' : { code: Number(code), words, length };
}
