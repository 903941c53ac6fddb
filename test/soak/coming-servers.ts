import tls from 'node:tls';
import type { Issued } from '../support/pki.ts';
import { listen, type TestServer } from '../support/tls-server.ts';

/** How many turns a server stays away. */
const turnsAway = 3;

/** Servers of one certificate on ports of their own, one after another of which goes and comes back on the same port. */
export class ComingServers implements AsyncDisposable {
  readonly ports: readonly number[];
  readonly #leaf: Issued;
  readonly #ca: Issued;
  readonly #servers: (TestServer | null)[];

  private constructor(ca: Issued, leaf: Issued, servers: TestServer[]) {
    this.#ca = ca;
    this.#leaf = leaf;
    this.#servers = servers;
    this.ports = servers.map(({ port }) => port);
  }

  static async start(count: number, ca: Issued, leaf: Issued): Promise<ComingServers> {
    const servers = await Promise.all(Array.from({ length: count }, () => serve(ca, leaf, 0)));
    return new ComingServers(ca, leaf, servers);
  }

  /** One goes, and the one that went a few turns ago is back. */
  async turn(number: number): Promise<void> {
    const count = this.ports.length;
    const [leaves, comes] = [number % count, (number - turnsAway + count) % count];
    await this.#servers[leaves]?.close();
    this.#servers[leaves] = null;
    this.#servers[comes] ??= await serve(this.#ca, this.#leaf, this.ports[comes] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server?.close()));
  }
}

function serve(ca: Issued, leaf: Issued, port: number): Promise<TestServer> {
  return listen(tls.createServer({ cert: leaf.pem + ca.pem, key: leaf.key }), '127.0.0.1', port);
}
