import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';

describe('groups, saved views and the menu of a row', () => {
  let app: HeadlessApp;
  let page: Page;
  let servers: TestServer[];
  beforeAll(async () => {
    const ca = makeCa('Page Root');
    const names = { name: 'shop.example', sans: ['*.shop.example'] };
    servers = [
      await serveTls(ca.issue({ ...names, notBeforeDays: -80, notAfterDays: 10.5 }), [ca]),
      await serveTls(ca.issue({ ...names, notBeforeDays: -2, notAfterDays: 88 }), [ca]),
    ];
    app = await HeadlessApp.launch();
    page = app.page;
    for (const [name, index, tags] of [
      ['alpha', 0, ['web']],
      ['beta', 1, ['web', 'mail']],
      ['gamma', 1, []],
    ] as const) {
      const target = { host: 'localhost', port: servers[index]?.port, servername: `${name}.shop.example` };
      await app.service.call('POST', '/jobs', { target, name, tags });
    }
    await host('gamma').getByText('Untrusted issuer').waitFor();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    for (const server of servers) await server.close();
  });
  beforeEach(async () => {
    await page.goto(`${app.service.ready.url}#/?sort=host`);
    await page.reload();
    await host('gamma').first().waitFor();
  });

  const host = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const group = (name: string | RegExp) =>
    page.getByRole('row', { expanded: true }).filter({ hasText: name });
  const focused = (locator: ReturnType<Page['getByRole']>) => locator.and(page.locator(':focus')).waitFor();
  const chooseGrouping = async (name: string) => {
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitemradio', { name, exact: true }).last().click();
    await page.keyboard.press('Escape');
  };

  it('groups by certificate, and says on how many hosts it is renewed', async () => {
    await chooseGrouping('Certificate');
    await group('*.shop.example').getByText('3 hosts, renewed on 2').waitFor();
    expect(new URL(page.url()).hash).toContain('by=certificate');
    const order = await page.getByRole('row').getByRole('link').allTextContents();
    expect(order).toEqual(['alpha', 'beta', 'gamma']);
    await page.getByRole('treegrid', { name: 'Hosts' }).waitFor();
  });

  it('folds and opens groups by arrows and Enter, and acts on all hosts of a group', async () => {
    await page.goto(`${app.service.ready.url}#/?sort=host&by=tag`);
    await group('web').waitFor();
    await page.keyboard.press('ArrowDown');
    await focused(group('web'));
    await page.keyboard.press('ArrowLeft');
    const folded = page.getByRole('row', { expanded: false }).filter({ hasText: 'web' });
    await focused(folded);
    // Beta is under mail still.
    expect(await host('alpha').count()).toBe(0);
    expect(await host('beta').count()).toBe(1);
    await page.keyboard.press('Enter');
    await focused(group('web'));
    await page.keyboard.press('ArrowDown');
    await focused(host('alpha'));
    await page.keyboard.press('ArrowLeft');
    await focused(group('web'));
    await page.keyboard.press('x');
    await page.getByRole('toolbar').getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    // Both rows of a host that is under two tags stand for it.
    expect(await host('beta').count()).toBe(2);
    await host('beta').last().click();
    await page.getByRole('complementary', { name: 'Certificate of beta' }).waitFor();
    await page.keyboard.press('Escape');
    await focused(host('beta').last());
  });

  it.each(['ContextMenu', 'Shift+F10'])(
    'opens the menu of the row by %s, and gives the focus back',
    async (key) => {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await focused(host('beta'));
      await page.keyboard.press(key);
      const menu = page.getByRole('menu', { name: 'Actions for beta' });
      await menu.waitFor();
      const [row, box] = [await host('beta').boundingBox(), await menu.boundingBox()];
      expect((box?.y ?? 0) - (row?.y ?? 0)).toBeLessThan(60);
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
      await focused(host('beta'));
      await page.keyboard.press(key);
      await focused(menu.getByRole('menuitem', { name: /^Open/ }));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Edit beta' }).waitFor();
      await page.keyboard.press('Escape');
      await focused(host('beta'));
    },
  );

  it('opens it by a right click, for all selected hosts where the row is one of them', async () => {
    await host('alpha').click({ button: 'right' });
    await page.getByRole('menu', { name: 'Actions for alpha' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await host('beta').click({ button: 'right' });
    await page
      .getByRole('menu', { name: 'Actions for 3 hosts' })
      .getByRole('menuitem', { name: /^Pause/ })
      .click();
    await host('gamma').getByRole('gridcell', { name: 'Paused' }).first().waitFor();
    await host('gamma').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Resume/ }).click();
    await host('gamma').getByText('Untrusted issuer').waitFor();
  });

  it('saves a view in the settings, shows it in the sidebar of every page, and deletes it with undo', async () => {
    await page.goto(`${app.service.ready.url}#/?q=alpha&by=issuer`);
    await host('beta').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitem', { name: 'Save view…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save view' });
    await dialog.getByRole('button', { name: 'Save view' }).click();
    await dialog.getByText('Give the view a name.').waitFor();
    await dialog.getByLabel('Name').fill('First shop');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const link = page.getByRole('link', { name: 'First shop' });
    await link.waitFor();
    expect(await link.getAttribute('aria-current')).toBe('page');
    const views = async () => {
      const { body } = await app.service.call('GET', '/settings');
      return (body as { views: unknown }).views; // SAFETY: the contract of GET /settings.
    };
    expect(await views()).toEqual([{ name: 'First shop', query: 'q=alpha&by=issuer' }]);
    await page.goto(`${app.service.ready.url}#/`);
    await host('beta').waitFor();
    await link.click();
    await host('beta').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitem', { name: 'Delete view “First shop”' }).click();
    await link.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await link.waitFor();
    await expect.poll(views).toHaveLength(1);
  });

  it('opens the form with what is dropped or pasted anywhere, and asks before it loses that', async () => {
    const drop = (text: string, name: string) =>
      page.evaluate(
        ([content, file]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content ?? ''], file ?? ''));
          document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
          );
        },
        [text, name],
      );
    const dialog = page.getByRole('dialog', { name: /^Add hosts?$/ });
    const address = dialog.getByLabel('Address', { exact: true });
    await expect
      .poll(async () => {
        await drop('one.example\ntwo.example:8443\n', 'hosts.txt'); // Until what listens has loaded.
        return dialog.count();
      })
      .toBe(1);
    expect(await address.inputValue()).toBe('one.example\ntwo.example:8443');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ' pasted.example ');
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    });
    await expect.poll(() => address.inputValue()).toBe('pasted.example');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await drop('-----BEGIN CERTIFICATE-----', 'shop.pem');
    await page.getByText('A browser does not tell where shop.pem is.').waitFor();
    await drop('{}', 'kuma.json');
    await page.getByText('Import kuma.json here').waitFor();
    await page.getByRole('heading', { name: 'Settings', level: 2 }).waitFor();
  });

  it('undoes tags of many hosts, in the order that they had', async () => {
    const tags = async () => {
      const { body } = await app.service.call('GET', '/jobs?sort=host');
      // SAFETY: the contract of GET /jobs.
      return Object.fromEntries(
        (body as { items: { name: string; tags: string[] }[] }).items.map((job) => [job.name, job.tags]),
      );
    };
    const before = await tags();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('t');
    const dialog = page.getByRole('dialog', { name: 'Tags of 3 hosts' });
    await dialog.getByLabel('Remove tags').fill('web');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Add tags').fill('shop');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => (await tags())['beta']).toEqual(['mail', 'shop']);
    await page.keyboard.press('Control+z');
    await expect.poll(tags).toEqual(before);
  });

  it('trusts the CA of a host from its problem, and undoes that', async () => {
    await host('beta').click();
    const pane = page.getByRole('complementary', { name: 'Certificate of beta' });
    await pane.getByRole('button', { name: 'Trust this CA' }).click();
    await pane.getByRole('list', { name: 'Problems' }).waitFor({ state: 'detached' });
    await pane.getByText('No problems found').waitFor();
    await pane.getByText('Root: CN=Page Root').waitFor();
    await page.keyboard.press('Control+z');
    await pane.getByRole('button', { name: 'Trust this CA' }).waitFor();
  });

  it('acknowledges an alert at once, and undoes that for ten seconds', async () => {
    await page.goto(`${app.service.ready.url}#/alerts`);
    const alert = page.getByRole('listitem').filter({ hasText: 'gamma' });
    await alert
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click();
    await alert.first().waitFor({ state: 'detached' });
    const open = async () => {
      const { body } = await app.service.call('GET', '/alerts?open=true');
      return (body as { total: number }).total; // SAFETY: the contract of GET /alerts.
    };
    const before = await open();
    await page.keyboard.press('Control+z');
    await alert.first().waitFor();
    expect(await open()).toBe(before);
    await alert
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click();
    await page.reload(); // Leaving the page makes it final.
    await expect.poll(open).toBe(before - 1);
  });
});
