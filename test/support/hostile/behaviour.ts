import type { Socket } from 'node:net';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import type { StarttlsProtocol } from '../../../shared/schema/target.ts';
import type { Issued } from '../pki.ts';
import { servePlain, type TestServer } from '../tls-server.ts';

/** What a hostile server does with a connection. */
export type Play = (socket: Socket) => void;

/** A hostile server, and how a job reaches it. */
export interface HostileHost extends TestServer {
  starttls?: StarttlsProtocol;
  connection?: ReturnType<typeof connectionSchema.parse>;
  /** Whether the job asks the CA for revocation, which leads to the server. */
  fetchRevocation?: boolean;
}

/** Starts a hostile server. @param ca the CA that the engine trusts */
export type HostileBehaviour = (ca: Issued) => Promise<HostileHost>;

/** Returns behaviours of servers that play a part on each connection. */
export function behavioursOf(plays: Readonly<Record<string, Play>>): Record<string, HostileBehaviour> {
  return Object.fromEntries(Object.entries(plays).map(([name, play]) => [name, () => servePlain(play)]));
}

/** Returns behaviours of a proxy. */
export function proxiesOf(
  scheme: 'http' | 'socks5',
  plays: Readonly<Record<string, Play>>,
): Record<string, HostileBehaviour> {
  return Object.fromEntries(
    Object.entries(plays).map(([name, play]) => [
      `is behind a proxy (${scheme}): ${name}`,
      async () => {
        const server = await servePlain(play);
        const proxy = `${scheme}://127.0.0.1:${server.port}`;
        return Object.assign(server, { connection: connectionSchema.parse({ proxy }) });
      },
    ]),
  );
}

/** Sends bytes again and again for as long as the client takes them. */
export function pour(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** Sends a byte now and then. */
export function drip(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
    at += 1;
  }, 50);
  socket.once('close', () => clearInterval(timer));
}
