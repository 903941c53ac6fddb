import { createServer } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen } from '../support/tls-server.ts';
import { launchDesktop, onStandIn } from './desktop-app.ts';
import { sees } from './page-flows.ts';

/** No session bus: what this machine runs is of no account. */
const noBus = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Do alerts reach you?' });
const choose = (page: Page, name: string) =>
  dialogOf(page).getByRole('button', { name, exact: true }).click();

describe('the first alert, on the desktop', () => {
  it('is confirmed by the person, who is helped where nothing comes, and is remembered', async () => {
    await using app = await launchDesktop({ env: noBus });
    const { page } = app;
    await page.getByRole('button', { name: 'Check that alerts reach you' }).click();
    await choose(page, 'Send a test notification');
    await dialogOf(page).getByText('A notification was sent. Did you see it?').waitFor();
    await expect
      .poll(async () => (await app.state()).notifications.map(({ title, isShown }) => ({ title, isShown })))
      .toContainEqual({ title: 'NotAfter can reach you', isShown: true });
    await choose(page, 'Nothing came');
    await dialogOf(page).getByText('The system accepted the notification but did not show it.').waitFor();
    await dialogOf(page)
      .getByText(/Do Not Disturb|Focus|Do not disturb/)
      .first()
      .waitFor();
    await choose(page, 'Send again');
    await choose(page, 'I saw it');
    await dialogOf(page).getByText('Alerts reach you here.').waitFor();
    await choose(page, 'Done');
    await page.getByRole('link', { name: 'Settings' }).click();
    await sees(page, /^You confirmed that alerts reach you on /);
  });

  it('says that notifications are off, and how to turn them on', async () => {
    await using app = await launchDesktop({ env: noBus });
    const { page } = app;
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Show desktop notifications').click();
    await sees(page, '✓ Saved');
    await page.getByRole('button', { name: 'Send a test…' }).click();
    await choose(page, 'Send a test notification');
    await dialogOf(page).getByText('Desktop notifications are off in NotAfter.').waitFor();
  });

  it.runIf(onStandIn)('gives the reason of a system that refuses, and what to do there', async () => {
    const modes = { STAND_IN_MODES: 'macos', NOTIFICATIONS_IN_TEST: 'refused' };
    await using app = await launchDesktop({ env: { ...noBus, ...modes } });
    await app.page.getByRole('button', { name: 'Check that alerts reach you' }).click();
    await choose(app.page, 'Send a test notification');
    await dialogOf(app.page)
      .getByText(/^macOS does not let NotAfter show notifications\. It says: Notifications are not allowed/)
      .waitFor();
    await dialogOf(app.page)
      .getByText(/System Settings → Notifications → NotAfter/)
      .waitFor();
  });
});

describe('the first alert, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    const executablePath = findChromium();
    if (!executablePath) throw new Error('The specs need a Chromium: see README, Development.');
    browser = await chromium.launch({ executablePath, args: chromiumArgs });
  });
  afterAll(() => browser?.close());

  it('is sent by a channel', async () => {
    using folder = temporaryFolder();
    const heard: string[] = [];
    const receiver = createServer((request, response) => {
      heard.push(request.url ?? '');
      response.end();
    });
    await using server = await listen(receiver);
    await using service = await Service.start(folder.file('data'));
    const page = await browser.newPage();
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    await page.getByRole('button', { name: 'Check that alerts reach you' }).click();
    await dialogOf(page).getByText('No channel is turned on yet.').waitFor();
    await page.keyboard.press('Escape');
    const channel = { type: 'webhook', name: 'ops', url: `http://127.0.0.1:${server.port}/alerts` };
    await service.call('PATCH', '/settings', { channels: [channel] });
    await page.getByRole('button', { name: 'Check that alerts reach you' }).click();
    await choose(page, 'Send a test to ops');
    await dialogOf(page).getByText('ops accepted the test. Did you see it?').waitFor();
    expect(heard).toEqual(['/alerts']);
    await choose(page, 'Nothing came');
    await dialogOf(page)
      .getByText(/^ops accepted the message, so check there/)
      .waitFor();
    await choose(page, 'Send a test to ops');
    await choose(page, 'I saw it');
    await dialogOf(page).getByText('Alerts reach you here.').waitFor();
  });
});
