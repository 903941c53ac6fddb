import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createServer, type ProxyOptions } from 'vite';
import { build } from './build.ts';

/**
 * Serves the page from its sources, with hot reload, in front of a running service: `npm run dev` starts one on a data folder of its
 * own, `--data DIR` on yours, and `--service URL` takes one that runs already.
 */

const root = join(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(root, 'node_modules/.cache/notafter-dev') },
    service: { type: 'string' },
    port: { type: 'string', default: '5173' },
  },
});

/** A service that this program started, and the line by which it said that it is ready. */
async function startService(data: string): Promise<{ child: ChildProcess; url: string; token: string }> {
  await build('error');
  const args = [join(root, 'dist/app/notafter.js'), 'serve', '--port', '0', '--data', data, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close').then(() => null);
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  if (line === null) process.exit(child.exitCode ?? 1); // It said why on standard error.
  // SAFETY: serve --json prints this line; a test holds its shape.
  const { url, token } = JSON.parse(String(line[0])) as { url: string; token: string };
  return { child, url, token };
}

/** The service answers its own page alone, so a request from this one is sent as if it came from there. */
function toService(address: string): ProxyOptions {
  return {
    target: address,
    changeOrigin: true,
    configure: (proxy) =>
      proxy.on('proxyReq', (request) => request.setHeader('origin', new URL(address).origin)),
  };
}

const service = values.service === undefined ? await startService(values.data) : null;
const url = service?.url ?? values.service ?? '';
const proxied = ['/rpc', '/api', '/metrics', '/healthz', '/openapi.json', '/docs'];
const server = await createServer({
  configFile: join(root, 'vite.config.ts'),
  // Loopback alone; Vite takes the next free port where this one is in use.
  server: {
    host: '127.0.0.1',
    port: Number(values.port),
    proxy: Object.fromEntries(proxied.map((path) => [path, toService(url)])),
  },
});
await server.listen();
// SAFETY: a server that listens on TCP has an address with a port; Vite lacks a server only in middleware mode.
const { port } = (server.httpServer as Server).address() as AddressInfo;
const page = `http://127.0.0.1:${port}/`;
process.stdout.write(`Page: ${page}${service ? `#token=${service.token}` : ''}\nService: ${url}\n`);

const stop = async () => {
  await server.close();
  if (service && service.child.exitCode === null) {
    service.child.kill();
    await once(service.child, 'close');
  }
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
