import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';

describe.each([
  { width: 900, height: 600 },
  { width: 1200, height: 800 },
])('the focus at %j', (viewport) => {
  let app: HeadlessApp;
  let page: Page;
  let server: TestServer;
  beforeAll(async () => {
    const ca = makeCa('Page Root');
    server = await serveTls(ca.issue({ notBeforeDays: -80, notAfterDays: 10.5 }), [ca]);
    app = await HeadlessApp.launch();
    page = app.page;
    await page.setViewportSize(viewport);
    for (const name of ['alpha', 'beta', 'gamma', 'delta']) {
      const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
      await app.service.call('POST', '/jobs', { target, name, tags: ['web'] });
    }
    await row('alpha').getByText('Wrong name').waitFor();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await server?.close();
  });
  beforeEach(async () => {
    await page.goto(`${app.service.ready.url}#/?sort=host`);
    await page.reload();
    await row('alpha').waitFor();
    // What keeps the focus comes a while after the list, as the palette does.
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+k');
        return page.getByPlaceholder('Type a command or a host').isVisible();
      })
      .toBe(true);
    await page.keyboard.press('Escape');
    await page.getByPlaceholder('Type a command or a host').waitFor({ state: 'hidden' });
  });

  const row = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === document.body || activeElement === null) return null;
      return activeElement.getAttribute('aria-label') ?? activeElement.textContent?.trim() ?? '';
    });
  const isKept = (name: RegExp) => expect.poll(focused).toMatch(name);
  /** Presses a button as the keyboard does, without moving the pointer. */
  const press = async (locator: ReturnType<Page['locator']>) => {
    await locator.focus();
    await page.keyboard.press('Enter');
  };

  it('goes to the next filter, or to the search that they were in, when one is removed', async () => {
    await page.goto(`${app.service.ready.url}#/?sort=host&tag=web&status=needy`);
    await press(page.getByRole('button', { name: /Needs attention.*remove this filter/ }));
    await isKept(/tag: web/);
    await page.keyboard.press('Enter');
    await isKept(/^Search hosts/);
  });

  it('goes to the list when the filter is cleared that leaves no host', async () => {
    await page.goto(`${app.service.ready.url}#/?sort=host&q=nothing-is-called-so`);
    await press(page.getByRole('button', { name: 'Clear filter' }));
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  });

  it('stays in the list when the row that has it is filtered out, deleted and restored', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await isKept(/beta/);
    await page.keyboard.press('Delete');
    await row('beta').waitFor({ state: 'detached' });
    await isKept(/delta/);
    await press(page.getByRole('button', { name: 'Undo deleting beta' }));
    await row('beta').waitFor();
    await isKept(/./);
  });

  it('stays on the host page when a problem is accepted, and when that is undone', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const pane = page.getByLabel('Certificate of alpha');
    const accept = pane.getByRole('button', { name: 'Accept hostname-mismatch' });
    await press(accept);
    const dialog = page.getByRole('dialog', { name: 'Accept this problem' });
    await dialog.getByLabel('Reason').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('A test host');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    await accept.waitFor({ state: 'detached' });
    const isInPane = () =>
      page.evaluate(() => document.activeElement?.closest('[aria-label="Certificate of alpha"]') !== null);
    await expect.poll(isInPane).toBe(true);
    await press(pane.getByRole('button', { name: 'Undo accepting hostname-mismatch' }));
    await accept.waitFor();
    await expect.poll(isInPane).toBe(true);
  });

  it('comes back to “Check now” when the check has ended', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const before = server.connections;
    await press(page.getByRole('button', { name: 'Check now' }));
    await expect.poll(() => server.connections).toBeGreaterThan(before);
    await isKept(/^Check now/);
  });

  it('stays in a dialog that asks whether to discard', async () => {
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.locator('textarea:focus').waitFor();
    await page.keyboard.type('typed.example');
    await page.keyboard.press('Escape');
    await isKept(/^Keep editing/);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null))
      .toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await isKept(/./);
  });

  it('goes to the list, and not back into the search that was left, when a dialog closes', async () => {
    await page.keyboard.press('/');
    await isKept(/^Search hosts/);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBeNull();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.locator('textarea:focus').waitFor();
    await page.keyboard.type('typed.example');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
    await page.keyboard.press('n'); // A letter of the page, and no text of a search.
    await dialog.locator('textarea:focus').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('is not given back to a search that was used and left since it was lost', async () => {
    const after = await page.evaluate(async () => {
      const timers: (() => void)[] = [];
      const { setTimeout: usual } = window;
      window.setTimeout = ((work: () => void) => timers.push(work)) as typeof usual;
      const gone = document.querySelector('main')?.appendChild(document.createElement('button'));
      gone?.focus();
      gone?.remove();
      await Promise.resolve(); // What keeps the focus hears of it, and sets its timer.
      window.setTimeout = usual;
      const search = document.querySelector<HTMLElement>('#search');
      search?.focus();
      search?.blur();
      for (const work of timers) work();
      return { timers: timers.length, isLeft: search !== null && document.activeElement === document.body };
    });
    expect(after.timers).toBeGreaterThan(0);
    expect(after.isLeft).toBe(true);
  });

  it('goes from alert to alert by arrows and letters, and never leaves the list', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    const alerts = page.getByRole('main').getByRole('listitem');
    await alerts.first().waitFor();
    const number = await alerts.count();
    expect(number).toBeGreaterThan(2);
    await page.keyboard.press('ArrowDown');
    const title = (place: number) => alerts.nth(place).locator('[data-title]');
    const isAt = (place: number) =>
      expect.poll(() => title(place).evaluate((one) => one === document.activeElement)).toBe(true);
    await isAt(0);
    await page.keyboard.press('ArrowDown');
    await isAt(1);
    // One Tab stop for the list: the title and the actions of the alert that has the focus.
    expect(await page.locator('[data-alert] [tabindex="0"]').count()).toBeLessThanOrEqual(4);
    const gone = await title(1).textContent();
    await page.keyboard.press('k');
    await expect.poll(() => alerts.count()).toBe(number - 1);
    expect(await title(1).textContent()).not.toBe(gone);
    await isAt(1);
    await page.keyboard.press('Control+z');
    await expect.poll(() => alerts.count()).toBe(number);
    await page.keyboard.press('s');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    await isAt(2); // What came back is before it.
    await page.evaluate(escapeBeforeMenuHasFocus);
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    await isAt(2);
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Accept this problem' }).waitFor();
    await page.keyboard.press('Escape');
    await isKept(/./);
  });
});

/** Presses “s” and then Escape as soon as the menu is drawn, which is before it takes the focus. */
async function escapeBeforeMenuHasFocus(): Promise<void> {
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
    );
  await new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('[role=menuitem]') === null) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    press('s');
  });
  if (document.activeElement?.closest('[role=menu]')) throw new Error('The menu had the focus already.');
  press('Escape');
}
