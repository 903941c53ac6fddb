import tls from 'node:tls';
import type { Issued } from '../support/pki.ts';
import { listen, type TestServer } from '../support/tls-server.ts';

/** How many turns a server stays away. */
const turnsAway = 3;

/** A server, or the turn in which it went. */
type Place = { server: TestServer } | { goneIn: number };

/** Servers of one certificate on ports of their own, one after another of which goes and comes back on the same port. */
export class ComingServers implements AsyncDisposable {
  readonly ports: readonly number[];
  readonly #ca: Issued;
  readonly #leaf: Issued;
  readonly #places: Place[];

  private constructor(ca: Issued, leaf: Issued, servers: TestServer[]) {
    this.#ca = ca;
    this.#leaf = leaf;
    this.#places = servers.map((server) => ({ server }));
    this.ports = servers.map(({ port }) => port);
  }

  static async start(count: number, ca: Issued, leaf: Issued): Promise<ComingServers> {
    const servers = await Promise.all(Array.from({ length: count }, () => serve(ca, leaf, 0)));
    return new ComingServers(ca, leaf, servers);
  }

  /** One goes, and those that went a few turns ago are back. */
  async turn(number: number): Promise<void> {
    const leaves = number % this.ports.length;
    const leaving = this.#places[leaves];
    if (leaving && 'server' in leaving) {
      await leaving.server.close();
      this.#places[leaves] = { goneIn: number };
    }
    for (const [index, place] of this.#places.entries())
      if ('goneIn' in place && number - place.goneIn >= turnsAway) await this.#comeBack(index);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#places.map((place) => ('server' in place ? place.server.close() : undefined)));
  }

  async #comeBack(index: number): Promise<void> {
    try {
      this.#places[index] = { server: await serve(this.#ca, this.#leaf, this.ports[index] ?? 0) };
    } catch (error) {
      // Somebody else on this machine has taken the port meanwhile: it comes back in a later turn.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

function serve(ca: Issued, leaf: Issued, port: number): Promise<TestServer> {
  return listen(tls.createServer({ cert: leaf.pem + ca.pem, key: leaf.key }), '127.0.0.1', port);
}
