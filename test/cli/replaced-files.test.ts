import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dist = join(import.meta.dirname, '../../dist');

it('a service whose files were replaced while it runs says that it must be restarted', async () => {
  using folder = temporaryFolder();
  const copy = folder.file('dist');
  cpSync(dist, copy, { recursive: true });
  await using service = await Service.startFrom(join(copy, 'app/notafter.js'), folder.file('data'));
  const channels = [{ type: 'ntfy', name: 'phone', url: 'https://127.0.0.1:9/', topic: 'alerts' }];
  expect((await service.call('PATCH', '/settings', { channels })).status).toBe(200);
  // An update by npm: other files under other names.
  const chunks = join(copy, 'app/chunks');
  for (const name of readdirSync(chunks)) rmSync(join(chunks, name));
  expect((await service.call('POST', '/channels/phone/test')).body).toEqual({
    delivered: false,
    message: 'NotAfter was updated while it was running. Restart it. What waits is sent then.',
  });
});
