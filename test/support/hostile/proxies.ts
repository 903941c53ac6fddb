import type { Socket } from 'node:net';
import { drip, type HostileBehaviour, type Play, pour, proxiesOf } from './behaviour.ts';

const greeting = Buffer.from([5, 0]);
const greeted =
  (then: (socket: Socket) => void): Play =>
  (socket) =>
    void socket.once('data', () => {
      socket.write(greeting);
      socket.once('data', () => then(socket));
    });

/** HTTP proxies that never come to an end of their answer. */
export const silentHttpProxies: Record<string, Play> = {
  'says nothing': () => undefined,
  'answers byte by byte': (socket) => drip(socket, Buffer.from('HTTP/1.1 200 ')),
  'begins an answer': (socket) => socket.write('HTTP/1.1 200'),
};

/** SOCKS proxies that never connect. */
export const silentSocksProxies: Record<string, Play> = {
  'says nothing': () => undefined,
  greets: (socket) => void socket.once('data', () => socket.write(greeting)),
  'connects to nothing': greeted((socket) => socket.write(Buffer.from([5, 0, 0, 1]))),
};

/** Proxies that refuse, in words of their own, or send without end. */
const loudHttpProxies: Record<string, Play> = {
  'refuses in 15 kB of escape sequences': (socket) =>
    socket.once('data', () => socket.end(`HTTP/1.1 502 \u001b[2J\u202e${'x'.repeat(15_000)}\r\n\r\n`)),
  'sends headers without end': (socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, Buffer.from('X-A: b\r\n'.repeat(1_000)));
    }),
  'sends informational answers without end': (socket) =>
    socket.once('data', () => pour(socket, Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(500)))),
  'connects, and says nothing': (socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
};

const loudSocksProxies: Record<string, Play> = {
  'sends without end': (socket) => socket.once('data', () => pour(socket, Buffer.alloc(65_536, 5))),
  'knows another version': (socket) => socket.once('data', () => socket.write(Buffer.from([4, 90]))),
  'wants a way in that nobody has': (socket) =>
    socket.once('data', () => socket.write(Buffer.from([5, 255]))),
};

export const behaviours: Record<string, HostileBehaviour> = {
  ...proxiesOf('http', { ...silentHttpProxies, ...loudHttpProxies }),
  ...proxiesOf('socks5', { ...silentSocksProxies, ...loudSocksProxies }),
};
