import { join } from 'node:path';
import { ApiService } from '../../electron/api/api-service.ts';
import type { Limits } from '../../electron/api/http/limits.ts';
import type { OpenListening } from '../../electron/api/http/listener.ts';
import type { HttpServer } from '../../electron/api/http/server.ts';
import { TestEngine } from './test-engine.ts';

const dist = join(import.meta.dirname, '../../dist');

/** The API of an engine, not started yet. */
export function makeApiService(test: TestEngine, limits: Partial<Limits> = {}): ApiService {
  return new ApiService({
    engine: test.engine,
    log: test.log,
    dataFolder: test.folder.path,
    pageFolder: join(dist, 'page'),
    docsFolder: join(dist, 'docs'),
    limits,
  });
}

/** The HTTP API of a test's own engine, with limits that a test can reach. */
export async function serveApi(
  limits: Partial<Limits> = {},
  others?: OpenListening,
): Promise<
  { test: TestEngine; service: ApiService; server: HttpServer; token: () => string } & AsyncDisposable
> {
  const test = new TestEngine();
  const service = makeApiService(test, limits);
  test.engine.start();
  const server = await service.start({ port: 0, others }).catch(async (error: unknown) => {
    await test[Symbol.asyncDispose]();
    throw error;
  });
  return {
    test,
    service,
    server,
    token: () => service.get().token ?? '',
    async [Symbol.asyncDispose]() {
      await service.stop();
      await test[Symbol.asyncDispose]();
    },
  };
}
