import tls from 'node:tls';
import { expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { makeApiService } from '../../support/api.ts';
import { CutNetwork } from '../../support/cut-network.ts';
import { runNotafter } from '../../support/service.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen } from '../../support/tls-server.ts';

it('jobs check prints what could be checked, says what could not, and never ends with a stack trace or 0', async () => {
  const network = new CutNetwork();
  network.isLocal = (host) => host === '127.0.0.2';
  await using test = new TestEngine({ network });
  const leaf = test.ca.issue({ notAfterDays: 400, sans: ['127.0.0.2'] });
  const server = await listen(tls.createServer({ cert: leaf.pem, key: leaf.key }), '127.0.0.2', 0);
  const service = makeApiService(test);
  test.engine.start();
  await service.start({ port: 0 });
  network.isCut = true;
  const targets = [
    { host: '127.0.0.3', port: 1 },
    { host: '127.0.0.2', port: server.port },
    { host: '127.0.0.4', port: 1 },
  ];
  for (const target of targets) await test.engine.jobs.add(jobInputSchema.parse({ target }));
  const check = (...args: string[]) => runNotafter('jobs', 'check', ...args, '--data', test.folder.path);
  const offline =
    'This machine is offline: nothing that is watched can be reached. It is checked once it is back.';

  const all = await check('--all', '--format', 'json');
  expect(all).toMatchObject({ status: 69, stderr: `notafter: 2 hosts were not checked: ${offline}\n` });
  expect(JSON.parse(all.stdout)).toMatchObject([{ target: { host: '127.0.0.2' }, status: 'ok' }]);

  await server.close();
  const worse = await check('--all', '--format', 'json');
  expect(worse.status).toBe(3);
  expect(JSON.parse(worse.stdout)).toMatchObject([{ status: 'unreachable' }]);

  const none = await check('127.0.0.3:1', '127.0.0.4:1', '--format', 'json');
  expect(none).toEqual({ status: 69, stdout: '', stderr: `notafter: ${offline}\n` });
  await service.stop();
});
