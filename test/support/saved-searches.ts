import tls from 'node:tls';
import { type SavedSearchInput, savedSearchInputSchema } from '../../shared/schema/saved-search.ts';
import { makeCa } from './pki.ts';
import { TestEngine, type TestEngineOptions } from './test-engine.ts';
import { listen, type TestServer } from './tls-server.ts';

/** When the clock of these engines begins, in milliseconds since the epoch. */
export const searchesNow = Date.parse('2026-11-24T10:00:00Z');
const ca = makeCa('Searches Root', { now: searchesNow });
/** Limits that keep a search of loopback short. */
export const fastSearch = { perSecond: 200, connectSeconds: 0.5, readSeconds: 1 };

/** A server whose certificate can be renewed. */
export async function serveRenewable(address: string, name: string, port = 0) {
  let leaf = ca.issue({ name, now: searchesNow });
  const server = tls.createServer({
    SNICallback: (_, done) => done(null, tls.createSecureContext({ cert: leaf.pem, key: leaf.key })),
    cert: leaf.pem,
    key: leaf.key,
  });
  server.on('tlsClientError', () => undefined); // The search hangs up once it has seen enough.
  const listening: TestServer = await listen(server, address, port);
  const renew = (notAfterDays = 60) => {
    leaf = ca.issue({ name, notAfterDays, now: searchesNow });
    server.setSecureContext({ cert: leaf.pem, key: leaf.key });
  };
  return { ...listening, port: listening.port, renew, listening };
}

/** An engine with saved searches: `await using on = searching()`. */
export function searching(options: TestEngineOptions = {}) {
  const test = new TestEngine({ now: searchesNow, ...options });
  test.engine.start();
  const add = (more: SavedSearchInput) =>
    test.engine.discoveries.add(savedSearchInputSchema.parse({ limits: fastSearch, ...more }));
  const run = async (id: string) => {
    const ended = test.next('discovery-ended', (event) => event.run.discoveryId === id);
    test.engine.discoveries.run(id);
    return ended;
  };
  const finds = (id: string) =>
    test.engine.discoveries.finds.list({ discovery: id, limit: 100, offset: 0 }).items;
  return { test, add, run, finds, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}
