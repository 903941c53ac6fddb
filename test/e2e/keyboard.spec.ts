import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

/** More stops than any screen has. */
const maxStops = 80;

/** What has the focus, by the name that a screen reader says; in brackets its role where it has no name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null;
    return (
      element.getAttribute('aria-label') ??
      labels?.[0]?.textContent ??
      element.textContent ??
      `(${element.getAttribute('role')})`
    );
  });
}

/** Goes on by Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < maxStops; stop += 1) {
    await page.keyboard.press('Tab');
    const current = (await focused(page)).trim();
    if (typeof name === 'string' ? current === name : name.test(current)) return;
    passed.push(current);
  }
  throw new Error(`Tab never came to ${name}; it came to ${[...new Set(passed)].join(' | ')}`);
}

/** Opens a menu that has the focus, and chooses an entry of it. */
async function choose(page: Page, entry: string | RegExp): Promise<void> {
  const menus = () => page.getByRole('menu').count();
  // One that was chosen from before takes its time to go.
  await expect.poll(menus).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(menus).toBe(1);
  // It takes the focus once it is drawn: keys before that are for the button.
  await page.locator('[role=menu]:focus, [role=menu] :focus').waitFor({ state: 'attached' });
  for (let stop = 0; stop < maxStops; stop += 1) {
    await page.keyboard.press('ArrowDown');
    const current = (await focused(page)).trim();
    if (typeof entry === 'string' ? current === entry : entry.test(current)) {
      await page.keyboard.press('Enter');
      return;
    }
  }
  throw new Error(`The menu has no entry ${entry}.`);
}

describe('by keyboard alone', () => {
  let app: HeadlessApp;
  let page: Page;
  const servers: TestServer[] = [];
  beforeAll(async () => {
    const [first, second] = [makeCa('First CA'), makeCa('Second CA')];
    servers.push(
      await serveTls(first.issue({ notBeforeDays: -80, notAfterDays: 10.5 }), [first]),
      await serveTls(second.issue(), [second]),
    );
    app = await HeadlessApp.launch();
    page = app.page;
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    for (const server of servers) await server.close();
  });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const dialogGone = () => page.getByRole('dialog').waitFor({ state: 'detached' });

  it('adds jobs, from the palette and by the key n', async () => {
    await sees(page, 'No hosts yet');
    await page.getByRole('button', { name: /an example certificate/ }).waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+k');
        return page.getByPlaceholder('Type a command or a host').isVisible();
      }) // It is fetched a while after the list.
      .toBe(true);
    await page.getByPlaceholder('Type a command or a host').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('add host');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').locator('textarea:focus').waitFor();
    await page.keyboard.type(`localhost:${servers[0]?.port}`);
    await tabTo(page, 'Display name');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await dialogGone();
    await link('first').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByRole('dialog').locator('textarea:focus').waitFor();
    await page.keyboard.type(`localhost:${servers[1]?.port}`);
    await page.keyboard.press('Enter');
    await dialogGone();
    await link(`localhost:${servers[1]?.port}`).waitFor();
  });

  it('edits a job', async () => {
    await page.getByRole('complementary').waitFor(); // Its code comes after the list.
    await tabTo(page, 'Edit');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').locator('textarea:focus').waitFor();
    await tabTo(page, 'Display name');
    await page.keyboard.type('second');
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await dialogGone();
    await link('second').waitFor();
  });

  it('searches, sorts, chooses columns, and narrows to an issuer', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('second');
    await link('first').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await link('first').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/first/);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused(page)).toBe('Select all hosts in the list');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('Sort by host');
    await page.keyboard.press('Enter');
    await page.locator('[aria-sort=ascending]').getByText('Host').waitFor();
    await page.keyboard.press('/');
    await tabTo(page, 'View ▾');
    await choose(page, 'Tags');
    await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
    await page.keyboard.press('Escape');
    // Its code was loaded when it was opened, with another button in its place: that one has the focus.
    await expect.poll(() => focused(page)).toBe('View ▾');
    await page.keyboard.press('/');
    await tabTo(page, 'Issuer ▾');
    await choose(page, /^Second CA/);
    await link('first').waitFor({ state: 'detached' });
    await page.getByRole('menu').waitFor({ state: 'detached' }); // It has the keys until then.
    await page.keyboard.press('/');
    // It is in the search box, before its text.
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused(page)).toMatch(/^Second CA.*remove this filter/);
    await page.keyboard.press('Enter');
    await link('first').waitFor();
    expect(await focused(page)).toBe('Search hosts');
    await page.keyboard.press('Escape');
  });

  it('narrows to the days of a bar in the timeline', async () => {
    await page.keyboard.press('/');
    const bar = page
      .getByRole('region', { name: /^Expiring/ })
      .getByRole('button')
      .first();
    await bar.waitFor();
    await tabTo(page, /^\d*1 host: expires /);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Home');
    await expect.poll(() => bar.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await link('second').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await link('second').waitFor();
  });

  it('moves through the list, selects, tags and pauses', async () => {
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toMatch(/first|second/);
    await page.keyboard.press('Home');
    await expect.poll(() => focused(page)).toMatch(/first/);
    // The page of this host is open since it was edited: Enter would go into it.
    await page.getByRole('heading', { name: 'first', level: 2 }).waitFor();
    // While a host page is open beside the list, it follows.
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'second', level: 2 }).waitFor();
    await page.keyboard.press('x');
    await sees(page, '1 selected');
    await page.keyboard.press('Control+a');
    await sees(page, '2 selected');
    await page.keyboard.press('t');
    await page.getByRole('dialog').getByLabel('Add tags').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('web');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await dialogGone();
    await page.getByRole('gridcell', { name: 'web' }).nth(1).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('gridcell', { name: 'Paused', exact: true }).nth(1).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('gridcell', { name: 'Paused', exact: true }).first().waitFor({ state: 'detached' });
    await tabTo(page, 'Clear');
    await page.keyboard.press('Enter');
    await page.getByText('2 selected').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toMatch(/second/);
  });

  it('checks, deletes and takes back from a job’s page', async () => {
    const before = servers[1]?.connections ?? 0;
    await tabTo(page, 'Check now');
    await page.keyboard.press('Enter');
    await expect.poll(() => servers[1]?.connections).toBeGreaterThan(before);
    await tabTo(page, 'More actions');
    await choose(page, /^Delete/);
    await link('second').waitFor({ state: 'detached' });
    await tabTo(page, 'Undo deleting second');
    await page.keyboard.press('Enter');
    await link('second').waitFor();
    await link('second').focus();
    await page.keyboard.press('Enter');
    await tabTo(page, 'More actions');
    await choose(page, /^Delete/);
    await link('second').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await link('second').waitFor();
  });

  it('snoozes and acknowledges alerts', async () => {
    await tabTo(page, /^Alerts/);
    await page.keyboard.press('Enter');
    await page.locator('[data-alert]').first().waitFor();
    for (let step = 0; step < maxStops && !/expires in 10 days$/.test(await focused(page)); step += 1)
      await page.keyboard.press('ArrowDown');
    await tabTo(page, /^Snooze: .*expires in 10 days$/);
    await choose(page, 'For a week');
    await sees(page, /^Snoozed until/);
    await tabTo(page, /^Acknowledge all/);
    await page.keyboard.press('Enter');
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Acknowledge all' })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('Enter');
    await sees(page, /^No open alerts\./);
  });

  it('changes settings', async () => {
    await tabTo(page, 'Settings');
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Quiet hours' }).waitFor();
    await tabTo(page, /^Quiet hours/);
    await page.keyboard.press('Space');
    await page.getByLabel('Quiet hours from').waitFor();
    await tabTo(page, 'Add tag rule…');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Tag', { exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('web');
    await tabTo(page, 'Warn below');
    await page.keyboard.type('50 %');
    await page.keyboard.press('Enter');
    await dialogGone();
    await sees(page, 'warns below 50 %');
  });

  it('lists its keys', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Ctrl').first().waitFor();
    await page.keyboard.press('Escape');
    await dialogGone();
  });
});
