import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { Limits } from './limits.ts';
import { drainServer, type Listener, serverOptions } from './listener.ts';
import { limitRequestTimes } from './request-deadlines.ts';

/** A Unix socket on which a reverse proxy reaches the service. */
export interface SocketListening {
  path: string;
  /** Where browsers reach the proxy, such as `https://notafter.example.com`; null: only programs of this machine ask. */
  publicUrl: URL | null;
}

/** The socket cannot be used, as a sentence. */
export class ListenSocketError extends Error {
  override name = 'ListenSocketError';
}

/** Owner and group: the proxy is in the group, and what others of the machine may not open they cannot guess tokens at. */
const socketMode = 0o660;

/** Listens on a Unix socket. @throws ListenSocketError, the listen error */
export async function listenOnSocket(
  { path, publicUrl }: SocketListening,
  limits: Limits,
  onRequest: (listener: Listener) => RequestListener,
): Promise<Listener> {
  await removeStale(path);
  const server = createServer(serverOptions);
  limitRequestTimes(server, limits);
  server.maxConnections = limits.connections;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The socket is made within `listen`, with the mode that the mask leaves: no other user can connect before chmod.
  const mask = process.umask(0o177);
  server.once('error', reject).listen(path, () => {
    server.off('error', reject);
    resolve();
  });
  process.umask(mask);
  await promise;
  chmodSync(path, socketMode);
  // The name that a proxy was asked by is the public one; a program that asks the socket itself says localhost.
  const hosts = [publicUrl?.host ?? 'localhost', 'localhost'];
  const listener: Listener = {
    url: publicUrl?.href ?? `unix:${path}`,
    port: 0,
    isOurHost: (host) => hosts.includes(host?.toLowerCase() ?? ''),
    isOurOrigin: (origin) => origin === undefined || origin === publicUrl?.origin,
    close: () => drainServer(server, limits.drainMs),
  };
  server.on('request', onRequest(listener));
  return listener;
}

/** Removes the socket that a service left behind that was killed. @throws ListenSocketError where a service answers, or it is another file */
async function removeStale(path: string): Promise<void> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isSocket()) throw new ListenSocketError(`${path} is not a socket. Name another path.`);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = connect(path, () => resolve(true)).on('error', () => resolve(false));
  const isAnswering = await promise;
  probe.destroy();
  if (isAnswering) throw new ListenSocketError(`A program already listens on ${path}. Name another path.`);
  rmSync(path);
}
