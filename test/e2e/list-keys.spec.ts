import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

const names = ['alpha', 'beta', 'gamma', 'delta'];

describe('the list by keys alone', () => {
  let app: HeadlessApp;
  let page: Page;
  let server: TestServer;
  beforeAll(async () => {
    const ca = makeCa('Page Root');
    server = await serveTls(ca.issue(), [ca]);
    app = await HeadlessApp.launch();
    page = app.page;
    for (const name of names) {
      const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
      await app.service.call('POST', '/jobs', { target, name });
    }
    await row('alpha').getByText('Wrong name').waitFor();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await server?.close();
  });
  beforeEach(async () => {
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.goto(`${app.service.ready.url}#/?sort=host`);
    await page.reload();
    await row('delta').waitFor();
  });

  const row = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const focusedRow = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('role') === 'row'
        ? activeElement.querySelector('a')?.textContent
        : activeElement?.tagName;
    });
  /** Sees how many are selected in the bar; null: no bar. */
  const selected = async (count: number | null) => {
    const bar = page.getByRole('toolbar', { name: 'Actions for selected hosts' });
    if (count === null) await bar.waitFor({ state: 'detached' });
    else await bar.getByText(`${count} selected`).waitFor();
  };
  const isFocused = (name: string) => expect.poll(focusedRow).toBe(name);
  const announced = (text: string | RegExp) =>
    page.locator('[data-announcements]').filter({ hasText: text }).waitFor({ state: 'attached' });

  it('is reached by three Tabs, or by one and Enter', async () => {
    for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('Tab');
    await isFocused('alpha');
    await page.reload();
    await row('delta').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await isFocused('alpha');
    await page.reload();
    await row('delta').waitFor();
    await page.keyboard.press('ArrowDown');
    await isFocused('alpha');
  });

  it('is a grid whose rows say whether they are selected', async () => {
    const grid = page.getByRole('grid', { name: 'Hosts' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('5');
    expect(await grid.getAttribute('aria-multiselectable')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('x');
    expect(await row('alpha').getAttribute('aria-selected')).toBe('true');
    expect(await row('beta').getAttribute('aria-selected')).toBe('false');
    expect(await page.locator('[role=row][tabindex="0"]').count()).toBe(1);
  });

  it('selects by x, Space, Shift and Ctrl+A, and Esc clears from everywhere', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await selected(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+X');
    await selected(3);
    await page.keyboard.press('Escape');
    await selected(null);
    await page.keyboard.press('Control+a');
    await selected(4);
    await page.getByRole('checkbox', { name: 'Select all hosts in the list' }).click();
    await selected(null);
    await page.getByRole('checkbox', { name: 'Select all hosts in the list' }).click();
    await selected(4);
    await page.keyboard.press('Escape');
    await selected(null);
  });

  it('keeps what is selected while another view is shown', async () => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await selected(1);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await selected(null);
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await selected(1);
  });

  it.each([
    { width: 900, height: 600 },
    { width: 1200, height: 800 },
  ])('moves without opening, opens by Enter, and comes back to the same row at %j', async (size) => {
    await page.setViewportSize(size);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await isFocused('beta');
    expect(await page.getByLabel(/^Certificate of/).count()).toBe(0);
    for (const back of ['Escape', 'Backspace']) {
      await page.keyboard.press('Enter');
      await page.getByLabel('Certificate of beta').waitFor();
      await page.keyboard.press(back);
      await page.getByLabel(/^Certificate of/).waitFor({ state: 'detached' });
      await isFocused('beta');
    }
    await page.keyboard.press('End');
    await isFocused('gamma');
    // A second Enter goes into the page that is beside the list.
    await page.keyboard.press('Enter');
    await page.getByLabel('Certificate of gamma').waitFor();
    if (size.width > 1000) await page.keyboard.press('Enter');
    await page.locator('[aria-label="Certificate of gamma"] h2:focus').waitFor();
    for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('Tab');
    await expect
      .poll(() =>
        page.evaluate(() => document.activeElement?.closest('[aria-label="Certificate of gamma"]') !== null),
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    await isFocused('gamma');
  });

  it('checks, edits, tags, pauses, deletes and undoes without another Tab, and never loses the focus', async () => {
    for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await isFocused('beta');
    const before = server.connections;
    await page.keyboard.press('c');
    await announced('Checking beta');
    await expect.poll(() => server.connections).toBeGreaterThan(before);
    await page.keyboard.press('e');
    await page.getByRole('dialog', { name: 'Edit beta' }).waitFor();
    await page.keyboard.press('Escape');
    await isFocused('beta');
    await page.keyboard.press('t');
    await page.getByRole('dialog').getByLabel('Add tags').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('keyed');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('link', { name: 'keyed 1' }).waitFor();
    await isFocused('beta');
    await page.keyboard.press('p');
    await row('beta').getByRole('gridcell', { name: 'Paused' }).first().waitFor();
    await announced('beta paused');
    await page.keyboard.press('p');
    await announced('beta resumed');
    await page.keyboard.press('Delete');
    await announced('beta deleted. Press Control Z to undo.');
    await row('beta').waitFor({ state: 'detached' });
    await isFocused('delta'); // The next one in the order of names.
    await page.keyboard.press('Control+z');
    await row('beta').waitFor();
  });

  it('accepts a problem by a, undoes it by Ctrl+Z, and keeps the focus', async () => {
    const accepted = async () => {
      const { body } = await app.service.call('GET', '/jobs');
      // SAFETY: the contract of GET /jobs.
      const { items } = body as { items: { name: string; accepted?: { reason: string }[] }[] };
      return items.find(({ name }) => name === 'beta')?.accepted?.map(({ reason }) => reason) ?? [];
    };
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await isFocused('beta');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Accept this problem' });
    await dialog.getByLabel('Reason').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('A test host');
    await page.keyboard.press('Control+Enter');
    await announced('Problem of beta accepted. Press Control Z to undo.');
    await isFocused('beta');
    await expect.poll(accepted).toEqual(['A test host']);
    // A host with an accepted problem is listed in a view of its own.
    await page
      .getByRole('link', { name: 'Accepted', exact: false })
      .getByText('1', { exact: true })
      .waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(accepted).toEqual([]);
    await page.getByRole('button', { name: /^Undo accepting/ }).waitFor({ state: 'detached' });
  });

  it('accepts a problem for several hosts by a, from the bar, the menu and the palette, and undoes it', async () => {
    const accepted = async () => {
      const { body } = await app.service.call('GET', '/jobs?sort=host');
      // SAFETY: the contract of GET /jobs.
      const { items } = body as { items: { name: string; accepted: { code: string }[] }[] };
      return items
        .filter(({ accepted: some }) => some.length > 0)
        .map(({ name }) => name)
        .sort();
    };
    const palette = async () => {
      const box = page.getByPlaceholder('Type a command or a host');
      await expect
        .poll(async () => {
          await page.keyboard.press('Control+k');
          return box.isVisible();
        })
        .toBe(true); // It is fetched a while after the list.
      await box.and(page.locator(':focus')).waitFor();
      await page.keyboard.type('accept a problem of 2 selected');
      await page.keyboard.press('Enter');
    };
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      key: () => page.keyboard.press('a'),
      bar: () => page.getByRole('toolbar').getByRole('button', { name: 'Accept…' }).click(),
      menu: async () => {
        await row('alpha').click({ button: 'right' });
        await page.getByRole('menuitem', { name: /^Accept a problem…/ }).click();
      },
      palette,
    };
    for (const name of ['alpha', 'beta']) await row(name).getByRole('checkbox').check();
    const dialog = page.getByRole('dialog', { name: 'Accept a problem of 2 hosts' });
    const problem = dialog.getByRole('combobox', { name: 'Problem' });
    const option = page.getByRole('option', { name: 'Wrong name (2 of 2)' });
    /**
     * The page hears of what was undone a moment after the service has it, of one host after the other: until then the dialog has no choice
     * between two problems, or one for one host.
     */
    const choose = async (open: () => Promise<unknown>) => {
      for (;;) {
        await open();
        await dialog.getByLabel('Reason').and(page.locator(':focus')).waitFor();
        if (await problem.isVisible()) {
          await problem.click();
          await page.getByRole('option').first().waitFor();
          if (await option.isVisible()) return option.click();
          await page.keyboard.press('Escape');
          await page.getByRole('option').first().waitFor({ state: 'hidden' });
        }
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
    };
    for (const [way, open] of Object.entries(ways)) {
      await choose(open);
      await dialog.getByText(/alpha, beta\./).waitFor();
      await dialog.getByLabel('Reason').fill(way);
      await dialog.getByRole('button', { name: 'Accept problem' }).click();
      await dialog.waitFor({ state: 'detached' });
      await announced('Problem of 2 hosts accepted. Press Control Z to undo.');
      expect(await accepted()).toEqual(['alpha', 'beta']);
      await page.keyboard.press('Control+z');
      await expect.poll(accepted).toEqual([]);
      await selected(2);
    }
  });

  it('acts by its menu on all that is selected, as it is by then, though a host changes while the menu is open', async () => {
    const { body } = await app.service.call('GET', '/jobs');
    // SAFETY: the contract of GET /jobs.
    const { items } = body as { items: { id: string; name: string }[] };
    const change = async (name: string, paused: boolean) => {
      const job = items.find((one) => one.name === name);
      await app.service.call('PATCH', `/jobs/${job?.id}`, { paused });
    };
    for (const name of ['alpha', 'beta']) await row(name).getByRole('checkbox').check();
    await row('alpha').click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'Actions for 2 hosts' });
    await menu.getByRole('menuitem', { name: /^Pause/ }).waitFor();
    for (const name of ['alpha', 'beta']) await change(name, true);
    await menu.getByRole('menuitem', { name: /^Resume/ }).click();
    await announced('2 hosts resumed');
    await page.keyboard.press('Escape');
    await row('gamma').click({ button: 'right' });
    await page
      .getByRole('menu', { name: 'Actions for gamma' })
      .getByRole('menuitem', { name: /^Pause/ })
      .waitFor();
    await change('gamma', true);
    await page.getByRole('menuitem', { name: /^Resume/ }).click();
    await announced('gamma resumed');
  });

  it('offers an alert’s problem to be accepted for all hosts with its cause', async () => {
    const acceptedCount = async () => {
      const { body } = await app.service.call('GET', '/jobs');
      // SAFETY: the contract of GET /jobs.
      const { items } = body as { items: { accepted: { code: string }[] }[] };
      return items.flatMap(({ accepted }) => accepted).filter(({ code }) => code === 'untrusted-issuer')
        .length;
    };
    await page.goto(`${app.service.ready.url}#/alerts`);
    const alert = page
      .getByRole('listitem')
      .filter({ hasText: 'alpha shows a certificate from an untrusted issuer' });
    await alert.getByRole('button', { name: /^Accept/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Accept this problem' });
    // The wrong name is of each host alone; who signed is the same for all.
    await dialog
      .getByRole('checkbox', { name: 'Also accept it for 3 other hosts, with the same cause' })
      .check();
    await dialog.getByText('beta, gamma, delta').waitFor();
    await dialog.getByLabel('Reason').fill('The lab’s own CA');
    await dialog.getByRole('button', { name: 'Accept problem' }).click();
    await alert.waitFor({ state: 'detached' });
    expect(await acceptedCount()).toBe(4);
    await page.getByRole('button', { name: 'Undo accepting untrusted-issuer' }).click();
    await expect.poll(acceptedCount).toBe(0);
  });

  it('goes places by g and a letter, and says how many hosts a search leaves', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Alerts', level: 2 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await row('alpha').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('gamm');
    await announced('1 of 4 hosts');
    await page.keyboard.press('ArrowDown');
    await isFocused('gamma');
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await row('alpha').waitFor();
  });

  it('keeps the rows of hosts that letters leave, and writes the address once typing pauses', async () => {
    await row('gamma').waitFor();
    await page.keyboard.press('/');
    await page.evaluate(() => {
      const counts = { rows: 0, addresses: 0 };
      Object.assign(window, { counts });
      // Not what is in the rows: a check that ends meanwhile changes it.
      const rows = document.querySelector('[role=rowgroup] ~ [role=rowgroup] > [role=presentation]');
      if (!rows) throw new Error('There is no list.');
      new MutationObserver((changes) => {
        counts.rows += changes.length;
      }).observe(rows, { childList: true });
      const write = history.replaceState.bind(history);
      history.replaceState = (...given) => {
        counts.addresses += 1;
        write(...given);
      };
    });
    await page.keyboard.type('localhost');
    await expect.poll(() => new URL(page.url()).hash).toContain('q=localhost');
    const { rows, addresses } = await page.evaluate(
      () => (window as unknown as { counts: { rows: number; addresses: number } }).counts,
    );
    // A machine that is busy may pause between two letters; one address for each would be nine.
    expect(rows).toBe(0);
    expect(addresses).toBeLessThan(5);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).hash).not.toContain('q=');
  });

  it('completes filters in the search', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('sta');
    await page.getByRole('option', { name: 'status:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'critical' }).waitFor();
    await expect.poll(() => page.getByLabel('Search hosts').inputValue()).toBe('status:');
    await page.keyboard.type('paused');
    await sees(page, 'No hosts match this filter.');
    await expect.poll(() => new URL(page.url()).hash).toContain('q=status%3Apaused');
  });

  it('shows complete filters as chips in the search box, which keys remove, and says them to screen readers', async () => {
    const search = page.getByRole('combobox', { name: 'Search hosts' });
    const chips = () =>
      page.getByRole('group', { name: 'Active filters' }).getByRole('button').allInnerTexts();
    const labels = async () => (await chips()).map((text) => text.replace(/\s*×[\s\S]*$/, ''));
    const query = () => new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('q')?.trim() ?? '';
    await page.keyboard.press('/');
    await page.keyboard.type('alph -status:pa');
    await page.getByRole('option', { name: 'paused' }).waitFor();
    expect(await labels()).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('expires>3 issuer:"Page Root" ');
    await expect.poll(labels).toEqual(['-status:paused', 'expires>3', 'issuer:"Page Root"']);
    expect(await search.inputValue()).toBe('alph ');
    await expect.poll(query).toBe('-status:paused expires>3 issuer:"Page Root" alph');
    await row('alpha').waitFor();
    await row('beta').waitFor({ state: 'detached' });
    expect(await search.getAttribute('aria-description')).toBe(
      'Active filters: -status:paused, expires>3, issuer:"Page Root". Backspace removes the last.',
    );
    // Backspace takes text first, then the last filter.
    for (let press = 0; press < 'alph '.length; press += 1) await page.keyboard.press('Backspace');
    await row('beta').waitFor();
    expect(await labels()).toHaveLength(3);
    await page.keyboard.press('Backspace');
    await expect.poll(labels).toEqual(['-status:paused', 'expires>3']);
    await search.and(page.locator(':focus')).waitFor();
    // The arrow leads to them, and what one removes leaves the focus beside it.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.locator('[data-chip]:focus').filter({ hasText: '-status:paused' }).waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(labels).toEqual(['expires>3']);
    await page.locator('[data-chip]:focus').filter({ hasText: 'expires>3' }).waitFor();
    await page.keyboard.type('b');
    await search.and(page.locator(':focus')).waitFor();
    expect(await search.inputValue()).toBe('b');
    await page.getByRole('button', { name: 'expires>3 : remove this filter' }).click();
    await expect.poll(labels).toEqual([]);
    await search.and(page.locator(':focus')).waitFor();
    await expect.poll(query).toBe('b');
    // An address has them all as chips, with those of the sidebar before.
    await page.goto(`${app.service.ready.url}#/?sort=host&tag=web&q=status:critical`);
    await expect.poll(labels).toEqual(['tag: web', 'status:critical']);
    await search.focus();
    await page.keyboard.press('Escape');
    await expect.poll(labels).toEqual(['tag: web']);
    await page.keyboard.press('Backspace');
    await expect.poll(labels).toEqual([]);
    await expect.poll(() => new URL(page.url()).hash).toBe('#/?sort=host');
    // One that is typed before other words is complete when the person goes on, and not after a letter.
    await page.keyboard.type(' alph');
    await page.keyboard.press('Home');
    await page.keyboard.type('tag:web');
    expect([await labels(), await search.inputValue()]).toEqual([[], 'tag:web alph']);
    await page.keyboard.press('Space');
    await expect.poll(labels).toEqual(['tag:web']);
    expect((await search.inputValue()).trim()).toBe('alph');
  });
});

describe('the address', () => {
  it('keeps filter, order and host through Back, reload and links, and names the place in the title', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const [name, tag] of [
      ['one', 'web'],
      ['two', 'mail'],
    ])
      await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name, tags: [tag] });
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    await link('two').waitFor();
    await expect.poll(() => page.title()).toMatch(/ – NotAfter$/);
    await page.getByRole('link', { name: /^web/ }).click();
    await link('two').waitFor({ state: 'detached' });
    await link('one').click();
    await page.getByRole('complementary').waitFor();
    await expect.poll(() => page.title()).toBe('one – NotAfter');
    await page.reload();
    await page.getByRole('complementary', { name: 'Certificate of one' }).waitFor();
    expect(await link('two').count()).toBe(0);
    await page.getByRole('link', { name: /^Alerts/ }).click();
    await expect.poll(() => page.title()).toBe('Alerts – NotAfter');
    await page.goBack();
    await page.getByRole('complementary', { name: 'Certificate of one' }).waitFor();
    await page.goBack();
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    expect(await link('two').count()).toBe(0);
    await page.goBack();
    await link('two').waitFor();
    // A link of its own for every view, so that it opens in another tab.
    const href = await page.getByRole('link', { name: /^mail/ }).getAttribute('href');
    const other = await app.browser.newPage();
    await other.goto(`${service.ready.url}#token=${service.ready.token}`);
    await other.getByRole('link', { name: 'one', exact: true }).waitFor();
    await other.goto(`${service.ready.url}${href}`);
    await other.getByRole('link', { name: 'one', exact: true }).waitFor({ state: 'detached' });
    await page.goto(`${service.ready.url}#/jobs/gone`);
    await sees(page, 'This host was deleted, or the link is from another computer.');
    await page.getByRole('button', { name: 'Show all hosts' }).click();
    await link('one').waitFor();
  });
});

describe('a host that an address opens', () => {
  it('is seen as a whole row in the list, however many come before it', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    const jobs = Array.from({ length: 260 }, (_, index) => ({
      name: `host-${String(index).padStart(3, '0')}`,
      target: { host: `host-${index}.example` },
      paused: true,
    }));
    await service.call('POST', '/jobs/import', { jobs });
    const { body } = await service.call('GET', '/jobs?limit=1000');
    const id = (body as { items: { id: string; name: string }[] }).items.find(
      ({ name }) => name === 'host-140',
    )?.id;
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'host-140', exact: true }) });
    const isWhole = () =>
      row.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const list = element.closest('[tabindex="-1"]')?.getBoundingClientRect();
        return list !== undefined && top >= list.top - 1 && bottom <= list.bottom + 1;
      });
    for (const height of [600, 700, 800]) {
      await page.setViewportSize({ width: 1200, height });
      await page.goto(`${service.ready.url}#/jobs/${id}?sort=host`);
      await page.reload();
      await page.getByRole('complementary').waitFor();
      await expect.poll(isWhole).toBe(true);
    }
  });
});
