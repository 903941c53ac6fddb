import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { makeApiService } from '../support/api.ts';
import { freePort } from '../support/free-port.ts';
import { TestEngine } from '../support/test-engine.ts';
import { listen } from '../support/tls-server.ts';

it('follows the settings: off, on, on another port where the first is taken, off again', async () => {
  await using test = new TestEngine();
  const service = makeApiService(test);
  test.engine.start();
  service.followSettings();
  expect(service.get()).toMatchObject({ url: null, token: null, calendarUrl: null, problem: null });
  await using taken = await listen(createServer(), '127.0.0.1');
  const told = () => test.next('state-changed');

  let heard = told();
  await test.engine.settings.edit({ api: { enabled: true, port: taken.port } });
  await heard;
  expect(service.get()).toMatchObject({
    url: null,
    problem: `Cannot listen on port ${taken.port} (EADDRINUSE). Choose another.`,
  });

  const port = await freePort();
  heard = told();
  await test.engine.settings.edit({ api: { enabled: true, port } });
  await heard;
  const { url, token, problem } = service.get();
  expect({ url, problem }).toEqual({ url: `http://127.0.0.1:${port}/`, problem: null });
  const answer = await fetch(`${url}api/v1/access`, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toEqual(service.get());

  // However fast it is clicked, it ends as it was wished last.
  await Promise.all(
    [false, true, false].map((enabled) => test.engine.settings.edit({ api: { enabled, port } })),
  );
  await service.stop();
  expect(service.get().url).toBeNull();
  expect(existsSync(test.folder.file('endpoint.json'))).toBe(false);
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});
