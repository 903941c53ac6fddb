import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listen, servePlain, type TestServer } from './tls-server.ts';

/** What a proxy was asked: where to, and by whom. */
export interface ProxyRequest {
  target: string;
  user: string | null;
}

/**
 * An HTTP proxy that knows CONNECT. Every name leads to this machine.
 * @param portOf where a port that was asked for leads to, for the ports that a test cannot listen on
 */
export async function serveHttpProxy(
  password?: string,
  portOf = (port: number) => port,
): Promise<TestServer & { requests: ProxyRequest[]; allClosed(): Promise<void> }> {
  const requests: ProxyRequest[] = [];
  const tunnels: Promise<void>[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const [, credentials = ''] = /^Basic (.*)$/.exec(request.headers['proxy-authorization'] ?? '') ?? [];
    const [user = '', given = ''] = Buffer.from(credentials, 'base64').toString().split(':');
    requests.push({ target: request.url ?? '', user: user || null });
    tunnels.push(new Promise((resolve) => client.once('close', () => resolve())));
    if (password !== undefined && given !== password) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    join(client, portOf(Number(request.url?.split(':').at(-1))), () =>
      client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    );
  });
  return Object.assign(await listen(server), {
    requests,
    /** Waits until each tunnel that was asked for has ended. */
    allClosed: async () => void (await Promise.all(tunnels)),
  });
}

/** A SOCKS4 proxy that knows 4a’s names, too. `requests` have the name where one came, else the address. */
export async function serveSocks4Proxy(code = 90): Promise<TestServer & { requests: ProxyRequest[] }> {
  const requests: ProxyRequest[] = [];
  const server = await servePlain((client) => {
    client.once('data', (request: Buffer) => {
      const port = request.readUInt16BE(2);
      const address = [...request.subarray(4, 8)].join('.');
      const [user = '', name = ''] = request.subarray(8).toString('latin1').split('\0');
      requests.push({ target: `${address === '0.0.0.1' ? name : address}:${port}`, user: user || null });
      const answer = Buffer.from([0, code, 0, 0, 0, 0, 0, 0]);
      if (code !== 90) client.end(answer);
      else join(client, port, () => client.write(answer));
    });
  });
  return Object.assign(server, { requests });
}

/** A SOCKS5 proxy (RFC 1928) that takes domain names, with a user and password (RFC 1929) if one is given. */
export async function serveSocksProxy(password?: string): Promise<TestServer & { requests: ProxyRequest[] }> {
  const requests: ProxyRequest[] = [];
  const server = await servePlain((client) => {
    void converse(client, password, requests);
  });
  return Object.assign(server, { requests });
}

async function converse(
  client: Socket,
  password: string | undefined,
  requests: ProxyRequest[],
): Promise<void> {
  const next = async () => {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    client.once('data', resolve);
    return promise;
  };
  await next();
  client.write(Buffer.from([5, password === undefined ? 0 : 2]));
  let user: string | null = null;
  if (password !== undefined) {
    const sent = await next();
    const userEnd = 2 + (sent[1] ?? 0);
    user = sent.subarray(2, userEnd).toString();
    const isRight = sent.subarray(userEnd + 1).toString() === password;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return void client.end();
  }
  const request = await next();
  const nameEnd = 5 + (request[4] ?? 0);
  const port = request.readUInt16BE(nameEnd);
  requests.push({ target: `${request.subarray(5, nameEnd)}:${port}`, user });
  join(
    client,
    port,
    () => client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0])),
    () => client.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])),
  );
}

function join(
  client: Socket,
  port: number,
  onJoined: () => void,
  onRefused: () => void = () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
): void {
  const upstream = connect(port, '127.0.0.1');
  upstream.once('error', onRefused);
  upstream.once('connect', () => {
    upstream.off('error', onRefused).on('error', () => client.destroy());
    onJoined();
    client.pipe(upstream).pipe(client);
  });
  client.once('close', () => upstream.destroy());
}
