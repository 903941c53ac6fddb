import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

/**
 * Loaded before a program (`--import`), it writes each connection, datagram and name lookup of the program to the file that
 * RECORD_CONNECTIONS names, a line each: `tcp 127.0.0.1:443`, `udp 127.0.0.1:514`, `name www.example.com`.
 */
const file = process.env['RECORD_CONNECTIONS'] ?? '';
const record = (line: string) => appendFileSync(file, `${line}\n`);

const { connect } = Socket.prototype;
// SAFETY: net.connect and tls.connect hand their normalized arguments on as a list: options, then a callback.
Socket.prototype.connect = function (this: Socket, ...args: never[]) {
  const [given] = args as unknown as [unknown];
  const [options] = Array.isArray(given) ? (given as [unknown]) : [given];
  const { host, port, path } = (typeof options === 'object' ? options : { port: options }) as {
    host?: string;
    port?: number;
    path?: string | null;
  };
  record(typeof path === 'string' ? `unix ${path}` : `tcp ${host ?? 'localhost'}:${port}`);
  return Reflect.apply(connect, this, args);
} as typeof connect;

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (this: dgram.Socket, ...args: never[]) {
  const [port, host] = (args as unknown[]).filter((one) => /^(?:number|string)$/.test(typeof one)).slice(-2);
  record(`udp ${host}:${port}`);
  return Reflect.apply(send, this, args);
} as typeof send;

const { lookup } = dns;
// SAFETY: the function behind takes what it is given.
dns.lookup = ((name: string, ...rest: never[]) => {
  record(`name ${name}`);
  return (lookup as (...all: unknown[]) => void)(name, ...rest);
}) as typeof lookup;
const promised = dns.promises.lookup;
dns.promises.lookup = ((name: string, ...rest: never[]) => {
  record(`name ${name}`);
  return (promised as (...all: unknown[]) => unknown)(name, ...rest);
}) as typeof promised;
syncBuiltinESMExports();
