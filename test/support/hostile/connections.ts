import { behavioursOf, drip, type Play, pour } from './behaviour.ts';

/** Servers that show no certificate. */
export const connectionPlays = {
  'plain HTTP': (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'an SMTP greeting': (socket) => socket.write('220 mail.example ESMTP Postfix\r\n'),
  'an IMAP greeting': (socket) => socket.write('* OK ready\r\n'),
  garbage: (socket) => socket.write(Buffer.alloc(64, 7)),
  nothing: () => undefined,
  'a byte now and then': (socket) => drip(socket, Buffer.from([22, 3, 3, 64, 0, 2, 0, 63])),
  'a closed connection': (socket) => socket.destroy(),
  'a reset': (socket) => socket.resetAndDestroy(),
  'an end after the first bytes': (socket) => socket.once('data', () => socket.end()),
  'an alert': (socket) => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 112]))),
} satisfies Record<string, Play>;

/** Servers that go on without end, or never begin: only the deadline or a bound ends the check. */
const endlessPlays: Record<string, Play> = {
  'bytes without end': (socket) => pour(socket, Buffer.alloc(65_536, 22)),
  'text without end': (socket) => pour(socket, Buffer.from('HTTP/1.1 200 OK\r\n'.repeat(1_000))),
  'half a greeting': (socket) => socket.write('2'),
  'bytes of text now and then': (socket) => drip(socket, Buffer.from('220 mail.example ESMTP\r\n')),
  'half an answer': (socket) => socket.once('data', () => socket.write('HTTP/')),
};

export const behaviours = behavioursOf(
  Object.fromEntries(
    Object.entries({ ...connectionPlays, ...endlessPlays }).map(([name, play]) => [
      `answers with ${name}`,
      play,
    ]),
  ),
);
