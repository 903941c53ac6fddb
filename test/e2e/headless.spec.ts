import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { servePlain, serveTls } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';
import { describePageFlows, sees } from './page-flows.ts';

describePageFlows('over HTTP in a browser', () => HeadlessApp.launch());

describe('the page in a browser', () => {
  it('asks for the token where the address has none, and takes it out of the address', async () => {
    await using app = await HeadlessApp.launch();
    await sees(app.page, 'No hosts yet');
    expect(app.page.url()).toBe(app.service.ready.url);
    const stranger = await app.browser.newPage();
    await stranger.goto(app.service.ready.url);
    await stranger.locator('input[type=password]:focus').waitFor();
    await stranger.getByLabel('Token').fill('wrong');
    await stranger.keyboard.press('Enter');
    await sees(stranger, /^This token is wrong/);
    await stranger.getByLabel('Token').fill(app.service.ready.token);
    await stranger.keyboard.press('Enter');
    await sees(stranger, 'No hosts yet');
  });

  it('hands the token to other tabs of the same browser, and to no other', async () => {
    await using app = await HeadlessApp.launch();
    const { url, token } = app.service.ready;
    const context = await app.browser.newContext();
    const first = await context.newPage();
    await first.goto(`${url}#token=${token}`);
    await sees(first, 'No hosts yet');
    const second = await context.newPage();
    await expect
      .poll(async () => {
        await second.goto(url); // Until the first tab listens.
        await second
          .getByText(/No hosts yet|Enter the token/)
          .first()
          .waitFor();
        return second.getByText('No hosts yet').isVisible({ timeout: 1000 });
      })
      .toBe(true);
    await context.close();
    const stranger = await app.browser.newPage();
    await stranger.goto(url);
    await sees(stranger, /^Enter the token/);
  });

  it('keeps the columns and the order that were chosen', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const port of [1, 2])
      await service.call('POST', '/jobs', { target: { host: 'localhost', port }, tags: ['kept'] });
    const heads = () => page.getByRole('columnheader').allInnerTexts();
    await page.getByRole('row').nth(2).waitFor();
    expect(await heads()).toEqual(['', 'Status', 'Host', 'Expires', 'Problem', 'Issuer', 'Last check']);
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Tags' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Issuer' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sort by host' }).click();
    await page.getByRole('button', { name: 'Sort by host' }).click();
    await page.reload();
    await page.getByRole('row').nth(2).getByText('kept').waitFor();
    expect(await heads()).toEqual(['', 'Status', 'Host ↓', 'Expires', 'Problem', 'Tags', 'Last check']);
    await page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(heads).toEqual(['', 'Status', 'Host ↓', 'Expires', 'Problem', 'Last check']);
  });

  it('shows that what it knows is stale when the service has gone', async () => {
    await using app = await HeadlessApp.launch();
    await sees(app.page, 'No hosts yet');
    await app.service.end('SIGKILL');
    await sees(app.page, /Connection to NotAfter lost/);
  });

  it('recovers by itself when the service is back, with what happened meanwhile', async () => {
    using folder = temporaryFolder();
    await using app = await HeadlessApp.launch(folder.path);
    const { page, service } = app;
    await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'before' });
    await page.getByRole('link', { name: 'before', exact: true }).waitFor();
    const { port } = new URL(service.ready.url);
    await service.end('SIGKILL');
    await sees(page, /Connection to NotAfter lost/);
    await using back = await Service.start(folder.path, '--port', port);
    await back.call('POST', '/jobs', { target: { host: 'localhost', port: 2 }, name: 'meanwhile' });
    await page.getByText(/Connection to NotAfter lost/).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'meanwhile', exact: true }).waitFor();
    await back.call('POST', '/jobs', { target: { host: 'localhost', port: 3 }, name: 'live again' });
    await page.getByRole('link', { name: 'live again', exact: true }).waitFor();
  });

  it('narrows the list to an issuer', async () => {
    const [one, other] = [makeCa('First CA'), makeCa('Second CA')];
    await using first = await serveTls(one.issue());
    await using second = await serveTls(other.issue());
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const [name, { port }] of Object.entries({ first, second }))
      await service.call('POST', '/jobs', { target: { host: 'localhost', port }, name });
    await page.getByRole('gridcell', { name: 'Second CA' }).waitFor();
    await page.getByRole('button', { name: 'Issuer ▾' }).click();
    await page.getByRole('menuitem', { name: 'Second CA' }).click();
    await page.getByRole('link', { name: 'first', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'second', exact: true }).waitFor();
    await page.getByRole('button', { name: /^Second CA.*remove this filter/ }).click();
    await page.getByRole('link', { name: 'first', exact: true }).waitFor();
  });

  it('shows how far many checks are, and stops them', async () => {
    const held = new Set<Socket>();
    let isOver = false;
    /** Says nothing to the first two checks, and hangs up on both, as often as they ask (a check looks again without a name), once that is over. */
    await using silent = await servePlain((socket) => {
      if (isOver && held.size <= 2 * 13) socket.destroy();
      held.add(socket);
    });
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    const jobs = Array.from({ length: 12 }, (_, index) => ({
      target: { host: 'localhost', port: silent.port, servername: `host${index}.example` },
    }));
    await service.call('PATCH', '/settings', { checksPerHost: 2 });
    await service.call('POST', '/jobs/import', { jobs });
    const progress = page.getByRole('progressbar', { name: 'Checks' });
    const announced = (text: string | RegExp) =>
      page.locator('[data-announcements]').filter({ hasText: text }).waitFor({ state: 'attached' });
    await page.getByRole('main').getByText('0 checked, 2 running, 10 waiting').waitFor();
    await announced('0 checked, 2 running, 10 waiting');
    expect(await progress.getAttribute('aria-valuetext')).toBe('0 checked, 2 running, 10 waiting');
    expect(await progress.getAttribute('aria-valuemax')).toBe('12');
    expect(await service.call('GET', '/status')).toMatchObject({
      body: { checking: 12, checks: { done: 0, running: 2, waiting: 10 } },
    });
    // They are true on a page that opens in between, too.
    await page.reload();
    await page.getByRole('main').getByText('0 checked, 2 running, 10 waiting').waitFor();
    // The bar of a selection takes the footer's place, and tells it too.
    await page.getByRole('row').nth(1).getByRole('checkbox').check();
    await page.getByRole('toolbar').getByText('0 checked, 2 running, 10 waiting').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => held.size).toBe(2);
    isOver = true;
    for (const socket of held) socket.destroy();
    const counted = async () => {
      const [, done, running, waiting] =
        /^(\d+) checked, (\d+) running, (\d+) waiting$/.exec(
          (await progress.getAttribute('aria-valuetext')) ?? '',
        ) ?? [];
      return { done: Number(done), running: Number(running), waiting: Number(waiting) };
    };
    await expect.poll(async () => (await counted()).done).toBeGreaterThan(0);
    const { done, running, waiting } = await counted();
    expect({ running, sum: done + running + waiting }).toEqual({ running: 2, sum: 12 });
    await page.getByRole('button', { name: 'Stop the checks' }).click();
    await page.getByRole('button', { name: 'Check all' }).waitFor();
    await progress.waitFor({ state: 'detached' });
    await announced(/^\d+ checks? finished, the others stopped$/);
  });

  it('shows an example certificate without any network', async () => {
    await using app = await HeadlessApp.launch();
    const { page } = app;
    await page.getByRole('button', { name: /an example certificate/ }).click();
    const found = page.getByRole('status', { name: 'Test result' });
    await found.getByText('www.example.com').waitFor();
    await found.getByText(/issued by Example Intermediate/).waitFor();
  });

  it.each([
    { width: 450, height: 300 },
    { width: 700, height: 450 },
  ])('works at 200 % zoom and with reduced motion, as in %j', async (viewport) => {
    const ca = makeCa('Page Root');
    await using server = await serveTls(ca.issue(), [ca]);
    await using app = await HeadlessApp.launch();
    const { page } = app;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    await page.getByRole('button', { name: 'Add your first host' }).click();
    await page.getByLabel('Address', { exact: true }).fill(`localhost:${server.port}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await sees(page, 'The chain ends at “Page Root”, which is not trusted on this machine.');
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: '← All hosts' }).click();
    await page.getByRole('link', { name: `localhost:${server.port}`, exact: true }).waitFor();
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: 'Check all' }).click();
    for (const view of ['Alerts', 'Settings']) {
      await page.getByRole('link', { name: new RegExp(`^${view}`) }).click();
      await page.getByRole('heading', { name: view, level: 2 }).waitFor();
      expect(await fits()).toBe(true);
    }
    await page.getByLabel('Proxy').fill('nonsense');
    await page.getByLabel('Proxy').blur();
    await page.locator('[aria-invalid=true]').waitFor();
  });
});

describe('broken files', () => {
  it('are told of on the page, with where they were kept', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), '{"schemaVersion":1,"jobs":[');
    await using app = await HeadlessApp.launch(folder.path);
    await sees(app.page, /The file with your jobs could not be read.* It was kept as .*broken/);
  });
});
