import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/schema/settings.ts';
import { receiveChannels } from '../support/channel-receiver.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

describe('heartbeats in the settings', () => {
  let app: HeadlessApp;
  let watcher: Awaited<ReturnType<typeof receiveChannels>>;
  beforeAll(async () => {
    watcher = await receiveChannels();
    app = await HeadlessApp.launch();
    await app.page.getByRole('link', { name: 'Settings' }).click();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await watcher?.[Symbol.asyncDispose]();
  });
  const dialog = () => app.page.getByRole('dialog');
  // SAFETY: the API's settings.
  const kept = async () => ((await app.service.call('GET', '/settings')).body as Settings).heartbeats;

  it('refuse an address that is none, at its field', async () => {
    await app.page.getByRole('button', { name: 'Add heartbeat…' }).click();
    await dialog().getByLabel('Name').fill('watch');
    await dialog().getByLabel('Address', { exact: true }).fill('ftp://watcher.example/alive');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('A heartbeat is an http:// or https:// address.').waitFor();
  });

  it('are called at once when they are added, and kept', async () => {
    await dialog().getByLabel('Address', { exact: true }).fill(`${watcher.url}/alive`);
    await dialog().getByLabel('Failure address').fill(`${watcher.url}/alive/fail`);
    await dialog().getByLabel('Call every (minutes)').fill('15');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await sees(app.page, /^127\.0\.0\.1:\d+, every 15 minutes, reports failures$/);
    await expect
      .poll(() => watcher.received.map(({ method, path }) => `${method} ${path}`))
      .toEqual(['GET /alive']);
    expect(await kept()).toMatchObject([{ name: 'watch', minutes: 15, method: 'GET' }]);
  });

  it('are edited and removed', async () => {
    await app.page.getByRole('button', { name: 'Edit watch' }).click();
    await dialog().getByLabel('Failure address').fill('');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await kept()).toMatchObject([{ name: 'watch', minutes: 15, failUrl: null }]);
    await app.page.getByRole('button', { name: 'Remove watch' }).click();
    await expect.poll(kept).toEqual([]);
  });
});
