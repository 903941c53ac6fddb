import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { HeadlessApp } from './headless-app.ts';
import { describePageFlows, sees } from './page-flows.ts';

describePageFlows('over HTTP in a browser', () => HeadlessApp.launch());

describe('the page in a browser', () => {
  it('asks for the token where the address has none, and takes it out of the address', async () => {
    await using app = await HeadlessApp.launch();
    await sees(app.page, 'Nothing is watched yet');
    expect(app.page.url()).toBe(app.service.ready.url);
    const stranger = await app.browser.newPage();
    await stranger.goto(app.service.ready.url);
    await stranger.getByLabel('Token').fill('wrong');
    await stranger.keyboard.press('Enter');
    await sees(stranger, 'This token is not, or no longer, the right one.');
    await stranger.getByLabel('Token').fill(app.service.ready.token);
    await stranger.keyboard.press('Enter');
    await sees(stranger, 'Nothing is watched yet');
  });

  it('keeps the columns and the order that were chosen', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const port of [1, 2])
      await service.call('POST', '/jobs', { target: { host: 'localhost', port }, tags: ['kept'] });
    const heads = () => page.getByRole('columnheader').allInnerTexts();
    await page.getByRole('row').nth(2).waitFor();
    expect(await heads()).toEqual(['', '↑', 'Host', 'Expires', 'What is wrong', 'Issuer', 'Last check']);
    await page.getByRole('button', { name: 'Columns ▾' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Tags' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Issuer' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sort by host' }).click();
    await page.getByRole('button', { name: 'Sort by host' }).click();
    await page.reload();
    await page.getByRole('row').nth(2).getByText('kept').waitFor();
    expect(await heads()).toEqual(['', '', 'Host ↓', 'Expires', 'What is wrong', 'Tags', 'Last check']);
    await page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(heads).toEqual(['', '', 'Host ↓', 'Expires', 'What is wrong', 'Last check']);
  });

  it('shows that what it knows is stale when the service has gone', async () => {
    await using app = await HeadlessApp.launch();
    await sees(app.page, 'Nothing is watched yet');
    await app.service.end('SIGKILL');
    await sees(app.page, /The connection to NotAfter is gone/);
  });
});

describe('broken files', () => {
  it('are told of on the page, with where they were kept', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), '{"schemaVersion":1,"jobs":[');
    await using app = await HeadlessApp.launch(folder.path);
    await sees(
      app.page,
      /The file with your jobs could not be read, and there is no backup\. It was kept as .*broken/,
    );
  });
});
