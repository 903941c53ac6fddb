import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Issued } from './pki.ts';

/** A server on a free loopback port that ends with the test: `await using server = await …`. */
export interface TestServer extends AsyncDisposable {
  port: number;
  /** Connections since it started. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A TLS server that shows a leaf with the given certificates behind it, in that order. */
export function serveTls(
  leaf: Issued,
  behind: readonly Issued[] = [],
  options: tls.TlsOptions = {},
  staple?: Buffer,
): Promise<TestServer> {
  const cert = [leaf, ...behind].map(({ pem }) => pem).join('');
  const server = tls.createServer({ cert, key: leaf.key, ...options });
  server.on('tlsClientError', () => undefined); // Clients that only look hang up without a word.
  if (staple) {
    server.on('OCSPRequest', (_certificate, _issuer, callback: (error: null, response: Buffer) => void) =>
      callback(null, staple),
    );
  }
  return listen(server);
}

/** A plain TCP server. */
export function servePlain(onConnection: (socket: Socket) => void): Promise<TestServer> {
  return listen(createPlainServer(onConnection));
}

export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined); // Broken off by the client: what is tested is the client.
    socket.once('close', () => sockets.delete(socket));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    const { promise: closed, resolve: done } = Promise.withResolvers<void>();
    server.close(() => done());
    await closed;
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
