import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/schema/settings.ts';
import { receiveChannels } from '../support/channel-receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

describe('scheduled reports in the settings', () => {
  let app: HeadlessApp;
  let chat: Awaited<ReturnType<typeof receiveChannels>>;
  const folder = temporaryFolder();
  beforeAll(async () => {
    chat = await receiveChannels();
    app = await HeadlessApp.launch();
    await app.service.call('POST', '/channels', { type: 'slack', name: 'team', url: `${chat.url}/hook` });
    await app.page.getByRole('link', { name: 'Settings' }).click();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await chat?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const dialog = () => app.page.getByRole('dialog');
  // SAFETY: the API's settings.
  const kept = async () => ((await app.service.call('GET', '/settings')).body as Settings).reports;

  it('name what is wrong at its field', async () => {
    await app.page.getByRole('button', { name: 'Add report…' }).click();
    await dialog().getByLabel('Name').fill('weekly');
    await dialog().getByLabel('When (cron pattern)').fill('often');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('A cron pattern has five fields').waitFor();
    await dialog().getByLabel('When (cron pattern)').fill('0 8 * * 1');
    await dialog().getByText('at 08:00, only on Monday').waitFor();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Choose a channel or a folder for the report.').waitFor();
  });

  it('are added, sent at once to a chat and a folder, edited and removed', async () => {
    await dialog().getByLabel('team').check();
    await dialog().getByLabel('Folder (optional)').fill(folder.path);
    await dialog().getByLabel('Time zone').fill('Europe/Berlin');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await kept()).toMatchObject([
      { name: 'weekly', channels: ['team'], folder: folder.path, timezone: 'Europe/Berlin' },
    ]);
    await app.page.getByRole('button', { name: 'Send now weekly' }).click();
    await sees(app.page, /^Sent weekly to team and /);
    await expect
      .poll(() => chat.received.map(({ body }) => String(body['text'])))
      .toEqual([expect.stringContaining('Certificate report: weekly')]);
    expect(readdirSync(folder.path)).toEqual([expect.stringMatching(/^certificates-weekly-.*\.html$/)]);
    await app.page.getByRole('button', { name: 'Edit weekly' }).click();
    await dialog().getByLabel('Look ahead (days)').fill('30');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await kept()).toMatchObject([{ days: 30 }]);
    await app.page.getByRole('button', { name: 'Remove weekly' }).click();
    await expect.poll(kept).toEqual([]);
  });
});
