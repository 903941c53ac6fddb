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
  const remedy = code === 407 ? 'Enter the user and password that the proxy wants.' : undefined;
  throw proxyRefusal(authority, `${code} ${words}`, remedy);
}

interface Answer {
  code: number;
  words: string;
}

/** Reads heads until one is final. What has come of the tunnel by then is given back to the socket. */
function finalAnswer(socket: Socket, { host, port }: ProxyServer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let heard = Buffer.alloc(0);
  let total = 0;
  let interim = 0;
  const settle = (answer: () => void) => {
    socket.off('data', onData).off('error', onEnd).off('end', onEnd).off('close', onEnd).pause();
    answer();
  };
  const fail = (why: string) => settle(() => reject(proxyFailure(host, port, why)));
  const onEnd = () =>
    fail(heard.length === 0 ? 'it closed the connection' : 'it broke off within its answer');
  const onData = (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    total += chunk.length;
    for (;;) {
      const answer = readHead(heard);
      if (answer === 'none') return fail('it does not answer in HTTP');
      if (answer === 'more') {
        if (total > maxHead) fail('its answer has no end');
        return;
      }
      heard = heard.subarray(answer.length);
      // 101 is final: it would speak another protocol (RFC 9110 §15.2.2).
      if (answer.code < 200 && answer.code !== 101) {
        interim += 1;
        if (interim > maxInterim) return fail('its answer has no end');
        continue;
      }
      return settle(() => {
        if (heard.length > 0) socket.unshift(heard);
        resolve(answer);
      });
    }
  };
  socket.on('data', onData).on('error', onEnd).on('end', onEnd).on('close', onEnd);
  return promise;
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
