import { mkdirSync, writeFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { liveThrough } from '../support/past.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { expectAccessible } from './axe.ts';
import { discard } from './page-flows.ts';

describe('axe, in light, dark, high contrast and forced colors, finds no violation', () => {
  let service: Service;
  let browser: Browser;
  let page: Page;
  let folder: ReturnType<typeof temporaryFolder>;
  const servers: TestServer[] = [];

  beforeAll(async () => {
    folder = temporaryFolder();
    const other = makeCa('Other Root');
    const root = makeCa('Corp Root', { notBeforeDays: -1500 });
    writeFileSync(folder.file('ca.pem'), root.pem);
    mkdirSync(folder.file('data'));
    mkdirSync(folder.file('certs'));
    writeFileSync(folder.file('certs/web.pem'), root.issue({ name: 'web.test' }).pem);
    const certificates = [150, 90, 30].map((fromDaysAgo) => ({
      fromDaysAgo,
      leaf: root.issue({
        name: 'mail.example.com',
        sans: ['mail.example.com', 'localhost'],
        notBeforeDays: -fromDaysAgo,
        notAfterDays: 90 - fromDaysAgo,
      }),
      behind: [],
    }));
    servers.push(
      await liveThrough(folder.file('data'), folder.file('ca.pem'), {
        job: { name: 'mail', tags: ['web'], target: {} },
        certificates,
        everyDays: 10,
      }),
      await serveTls(other.issue({ sans: ['localhost'] }), [other]),
    );
    service = await Service.start(folder.file('data'), '--ca', folder.file('ca.pem'));
    const executablePath = findChromium();
    if (!executablePath) throw new Error('The specs need a Chromium: see CONTRIBUTING.md.');
    browser = await chromium.launch({ executablePath, args: chromiumArgs });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    for (const [name, tags] of [
      ['strange', ['web', 'mail']],
      ['spare', []],
    ] as const)
      await service.call('POST', '/jobs', {
        name,
        tags,
        target: { host: 'localhost', port: servers[1]?.port },
      });
    await host('spare').getByText('Untrusted issuer').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
    for (const server of servers) await server.close();
    folder?.[Symbol.dispose]();
  });

  const host = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const go = async (hash: string) => {
    await page.goto(`${service.ready.url}#/alerts`);
    await page.goto(`${service.ready.url}${hash}`);
  };
  const closed = () => page.getByRole('dialog').waitFor({ state: 'detached' });

  it.each(['status', 'certificate', 'issuer', 'tag', 'month'])('in the list by %s', async (by) => {
    await go(`#/?by=${by}`);
    await page.getByRole('treegrid', { name: 'Hosts' }).waitFor();
    await page.getByRole('row', { expanded: true }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await expectAccessible(page, `by ${by}`);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('row', { expanded: false }).first().waitFor();
    await expectAccessible(page, `by ${by}, folded`);
  });

  it('in the menus of a row, of several rows and of a column', async () => {
    await go('#/');
    await host('mail').click({ button: 'right' });
    await page.getByRole('menu', { name: 'Actions for mail' }).waitFor();
    await expectAccessible(page, 'menu of a row');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await host('mail').click({ button: 'right' });
    await page.getByRole('menu', { name: 'Actions for 3 hosts' }).waitFor();
    await expectAccessible(page, 'menu of rows');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Sort by host' }).click({ button: 'right' });
    await page.getByRole('menu', { name: 'Column Host' }).waitFor();
    await expectAccessible(page, 'menu of a column');
    await page.keyboard.press('Escape');
  });

  it('in the dialog that saves a view, and in the sidebar that lists it', async () => {
    await go('#/?q=mail&by=issuer');
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitem', { name: 'Save view…' }).waitFor();
    await expectAccessible(page, 'menu of the view');
    await page.getByRole('menuitem', { name: 'Save view…' }).click();
    await page.getByRole('dialog', { name: 'Save view' }).getByRole('button', { name: 'Save view' }).click();
    await page.getByText('Give the view a name.').waitFor();
    await expectAccessible(page, 'save view');
    await page.getByLabel('Name').fill('Mail');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Mail', exact: true }).waitFor();
    await closed();
    await expectAccessible(page, 'saved view');
    await page.getByRole('button', { name: 'Collapse sidebar' }).click();
    await expectAccessible(page, 'rail');
    await page.getByRole('button', { name: 'Show sidebar' }).click();
  });

  it('on a host page with history, why, chain and a comparison', async () => {
    await go('#/');
    await host('mail').click();
    const pane = page.getByRole('complementary', { name: 'Certificate of mail' });
    await pane.getByRole('img', { name: /^Days left from/ }).waitFor();
    await pane.getByRole('button', { name: 'Why was I notified, or not?' }).click();
    await pane.getByText(/^This host renews its certificate by itself\./).waitFor();
    await pane
      .getByRole('button', { name: /Corp Root|mail.example.com/ })
      .first()
      .click();
    await expectAccessible(page, 'host page');
    await pane
      .getByRole('button', { name: /^Compare the certificate of/ })
      .first()
      .click();
    await page.getByRole('dialog', { name: 'Compare certificates' }).getByRole('row').nth(3).waitFor();
    await expectAccessible(page, 'comparison');
    await page.keyboard.press('Escape');
    await closed();
  });

  it('on a problem that trust ends, in the dialog that accepts it, and in the view of what is accepted', async () => {
    await go('#/');
    await host('strange').click();
    const pane = page.getByRole('complementary', { name: 'Certificate of strange' });
    await pane.getByRole('button', { name: 'Trust this CA' }).waitFor();
    await expectAccessible(page, 'trust');
    await pane.getByRole('button', { name: 'Accept untrusted-issuer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Accept this problem' });
    await dialog.getByRole('radio', { name: 'A date' }).check();
    await dialog.getByRole('button', { name: 'Accept problem' }).click();
    await dialog.getByText('Give a reason.').waitFor();
    await expectAccessible(page, 'accept');
    await dialog.getByRole('radio', { name: 'The certificate changes' }).check();
    await dialog.getByLabel('Reason').fill('A test host');
    await dialog.getByRole('button', { name: 'Accept problem' }).click();
    await pane.getByText('Accepted: A test host').waitFor();
    await closed();
    await expectAccessible(page, 'accepted, with what undoes it');
    await page.getByRole('link', { name: /^Accepted/ }).click();
    await host('strange').getByText('Untrusted issuer, accepted').waitFor();
    await expectAccessible(page, 'accepted view');
  });

  it('in the search box with filters of the address and of its own', async () => {
    await go('#/?status=needy&tag=web&q=issuer:root');
    const chips = page.getByRole('group', { name: 'Active filters' });
    await chips.getByRole('button', { name: /^issuer:root/ }).waitFor();
    await expectAccessible(page, 'filters');
    await page.keyboard.press('/');
    await page.keyboard.type('sta');
    await page.getByRole('option', { name: 'status:' }).waitFor();
    await expectAccessible(page, 'filters and completions');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.locator('[data-chip]:focus').waitFor();
    await expectAccessible(page, 'a filter with the focus');
  });

  it('in the dialog that accepts a problem of several hosts, and in the one that offers others with its cause', async () => {
    await go('#/');
    for (const name of ['mail', 'spare']) await host(name).getByRole('checkbox').check();
    await page.keyboard.press('a');
    const many = page.getByRole('dialog', { name: 'Accept a problem of 2 hosts' });
    await many.getByLabel('Reason').and(page.locator(':focus')).waitFor();
    await expectAccessible(page, 'accept for several');
    await page.keyboard.press('Escape');
    await closed();
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await service.call('POST', '/jobs/unaccept', {
      ids: [(await host('strange').getByRole('link').getAttribute('href'))?.split('/').at(-1)],
      problem: 'untrusted-issuer',
    });
    await host('spare').click();
    await page
      .getByRole('complementary', { name: 'Certificate of spare' })
      .getByRole('button', { name: 'Accept untrusted-issuer' })
      .click();
    const one = page.getByRole('dialog', { name: 'Accept this problem' });
    await one.getByRole('checkbox', { name: 'Also accept it for strange, with the same cause' }).check();
    await expectAccessible(page, 'accept with others');
    await one.getByRole('button', { name: 'Cancel' }).click();
    await closed();
  });

  it('in the lists that fields of the form open', async () => {
    await go('#/');
    await host('mail').click();
    await page.getByRole('complementary', { name: 'Certificate of mail' }).waitFor();
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Edit mail' });
    await dialog.getByLabel('Check schedule').click();
    await page.getByRole('option', { name: 'Cron expression' }).hover();
    await expectAccessible(page, 'list of schedules');
    await page.keyboard.press('Escape');
    await dialog.getByLabel('Tags').fill('ma');
    await page.getByRole('option', { name: 'mail' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await expectAccessible(page, 'list of tags');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await closed();
  });

  it('in the certificate files of the settings, and in their dialog', async () => {
    await service.call('POST', '/sources', { name: 'certs', paths: [folder.file('certs')] });
    await go('#/settings/sources');
    await page.getByText(/1 certificate in 1 file/).waitFor();
    await expectAccessible(page, 'certificate files');
    await page.getByRole('button', { name: 'Add folder or files…' }).click();
    await page.getByRole('dialog').getByLabel('Paths').fill('certs');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Enter an absolute path, such as /etc/ssl/private.').waitFor();
    await expectAccessible(page, 'dialog of certificate files');
    await discard(page);
  });

  it('in a window of 900 pixels, whose sidebar is a rail: list, host page, alerts, settings', async () => {
    await page.setViewportSize({ width: 900, height: 600 });
    await go('#/');
    await host('mail').waitFor();
    await expectAccessible(page, 'list at 900');
    await host('mail').click();
    await page.getByRole('main', { name: 'Certificate of mail' }).locator('h2:focus').waitFor();
    await expectAccessible(page, 'host page at 900');
    await page.goto(`${service.ready.url}#/alerts`);
    await page.locator('[data-alert]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await expectAccessible(page, 'alerts at 900');
    await go('#/settings/general');
    await page.getByRole('switch').first().waitFor();
    await expectAccessible(page, 'settings at 900');
    await page.setViewportSize({ width: 1200, height: 800 });
  });

  it('in the list of keys, in an empty filter, and without a connection', async () => {
    await page.reload();
    await go('#/?q=nothing-is-called-so');
    await page.getByText('No hosts match this filter.').waitFor();
    await expectAccessible(page, 'no matches');
    await expect
      .poll(async () => {
        await page.keyboard.press('?'); // Until its code has come.
        return page.getByRole('dialog', { name: 'Keyboard shortcuts' }).count();
      })
      .toBe(1);
    await expectAccessible(page, 'keys');
    await page.keyboard.press('Escape');
    await service.end('SIGKILL');
    await page.getByText(/Connection to NotAfter lost/).waitFor();
    await expectAccessible(page, 'lost connection');
  });
});
