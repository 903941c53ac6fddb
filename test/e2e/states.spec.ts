import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingControls } from '../../shared/schema/settings.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

const lost = /Connection to NotAfter lost/;
const views = ['Alerts', 'Discover', 'Settings'];

describe('a lost connection', () => {
  it('is said on every screen, goes by itself, and what is shown is read again', async () => {
    using folder = temporaryFolder();
    await using app = await HeadlessApp.launch(folder.path);
    const { page, service } = app;
    await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'one' });
    await page.getByRole('link', { name: 'one', exact: true }).waitFor();
    // The code of a view comes from the service too.
    for (const view of views) {
      await page.getByRole('link', { name: new RegExp(`^${view}`) }).click();
      await page.getByRole('heading', { name: view, level: 2 }).waitFor();
    }
    await page.getByRole('link', { name: /^All hosts/ }).click();
    await page.getByRole('link', { name: 'one', exact: true }).click();
    await page.getByRole('button', { name: 'Why was I notified, or not?' }).waitFor();
    const { port } = new URL(service.ready.url);
    await service.end('SIGKILL');
    /** Nothing but the banner says so, in a place that screen readers hear. */
    const saysItOnce = async () => {
      await page.getByRole('status').filter({ hasText: lost }).waitFor();
      expect(await page.getByText(/lost|not responding|Could not/).count()).toBe(1);
    };
    await saysItOnce();
    await page.getByRole('button', { name: 'Why was I notified, or not?' }).click();
    const whySection = page.getByRole('region', { name: 'Why was I notified, or not?' });
    await whySection.getByRole('status', { name: 'Loading' }).waitFor();
    await saysItOnce();
    const why = page.url();
    // Each page is opened while the service is away, and reads what it lacks once it is back, without a hand.
    const read: Readonly<Record<string, () => Promise<unknown>>> = {
      [why]: () =>
        whySection.getByText(/^There is no open alert|^An alert is open|^You were notified/).waitFor(),
      Alerts: () => sees(page, /No open alerts/),
      Discover: () => sees(page, 'Find certificates that you do not watch yet.'),
      Settings: () => page.getByRole('switch', { name: 'Quiet hours' }).waitFor(),
    };
    for (const [place, isRead] of Object.entries(read)) {
      if (place !== why) {
        await page.getByRole('link', { name: new RegExp(`^${place}`) }).click();
        await page.getByRole('heading', { name: place, level: 2 }).waitFor();
        await page
          .getByRole('status', { name: /^Loading/ })
          .first()
          .waitFor();
        await saysItOnce();
      }
      {
        await using back = await Service.start(folder.path, '--port', port);
        await page.getByText(lost).waitFor({ state: 'detached' });
        await isRead();
        expect(await page.getByText(/lost|not responding|Could not/).count()).toBe(0);
        expect(back.ready.url).toContain(port);
      }
      await sees(page, lost);
    }
  });

  it('is said although the page was still loading, and what was missing comes once the service is back', async () => {
    using folder = temporaryFolder();
    await using app = await HeadlessApp.launch(folder.path);
    const { service, browser } = app;
    const page = await browser.newPage();
    const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    // Code and styles that come after the first rows are on their way when the service ends.
    await page.route(
      /\/assets\/(?:late|welcome|notifications|notices|focus-keeper|command-palette)-/,
      async (route) => {
        isAsked();
        await gone;
        await route.continue();
      },
    );
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    await page.getByRole('heading', { name: 'No hosts yet' }).waitFor();
    await asked;
    const { port } = new URL(service.ready.url);
    await service.end('SIGKILL');
    isGone();
    await sees(page, lost);
    await using back = await Service.start(folder.path, '--port', port);
    await page.getByText(lost).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add your first host' }).waitFor();
    expect(back.ready.url).toContain(port);
  });

  it('while code loads takes no view with it, and the code comes once the service is back', async () => {
    await using app = await HeadlessApp.launch();
    const { service, browser } = app;
    await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'one' });
    const page = await browser.newPage();
    // As if the service were gone once it has sent the list: neither late code nor the page itself answers.
    await page.route(/\/assets\/(?:notifications|alerts-view)-/, (route) => route.abort());
    await page.route(
      () => true,
      (route) => (route.request().method() === 'HEAD' ? route.abort() : route.fallback()),
    );
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    await page.getByRole('link', { name: 'one', exact: true }).waitFor();
    await page.getByRole('link', { name: /^Alerts/ }).click();
    await expect.poll(() => page.title()).toBe('Alerts – NotAfter');
    expect(await page.getByText('Something went wrong').count()).toBe(0);
    expect(await page.getByRole('link', { name: /^All hosts/ }).count()).toBe(1);
    await page.unrouteAll();
    await page.getByRole('heading', { name: 'Alerts', level: 2 }).waitFor();
  });
});

describe('settings', () => {
  it('are found by search, have sections with addresses, and say that they are saved', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    await page.goto(`${service.ready.url}#/settings/checks`);
    await page.getByRole('heading', { name: 'Checks' }).waitFor();
    const timeout = page.getByLabel('Check timeout (seconds)');
    await timeout.fill('20');
    await timeout.blur();
    await page.getByRole('status').filter({ hasText: '✓ Saved' }).waitFor();
    await page.getByLabel('Search settings').fill('incident tools');
    await page.getByRole('heading', { name: 'Checks' }).waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    await page.getByLabel('Search settings').fill('');
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
    await page.getByRole('switch', { name: 'High contrast' }).click();
    await page.locator('html[data-contrast=high]').waitFor({ state: 'attached' });
    await page.reload();
    await page
      .locator('html[data-contrast=high][data-mantine-color-scheme=dark]')
      .waitFor({ state: 'attached' });
    await page.getByRole('switch', { name: 'Single-letter shortcuts' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 2 }).click();
    await page.keyboard.press('n');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('a setting that is one value', () => {
  it('has its control by its entry in the table, is saved as its type, and is off while what it needs is off', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    await page.goto(`${service.ready.url}#/settings/checks`);
    for (const { section, label, help } of Object.values(settingControls)) {
      const part = page.locator(`#settings-${section}`);
      await part.getByText(label, { exact: true }).waitFor();
      expect(await part.getByLabel(label).count()).toBe(1);
      if (help) await part.getByText(help).waitFor();
    }
    const ehlo = page.locator('#settings-checks').getByLabel('EHLO name (mail servers)');
    await ehlo.fill('not a name');
    await ehlo.blur();
    await page
      .getByText('An EHLO name is a host name, or an address in brackets such as [192.0.2.1].')
      .waitFor();
    await ehlo.fill('mail.example.com');
    await ehlo.blur();
    const settings = async () => (await service.call('GET', '/settings')).body;
    await expect.poll(settings).toMatchObject({ ehloName: 'mail.example.com' });
    await ehlo.fill('');
    await ehlo.blur();
    await expect.poll(settings).toMatchObject({ ehloName: null });
    const sound = page.getByRole('switch', { name: 'Play a sound' });
    expect(await sound.isEnabled()).toBe(true);
    await page.getByRole('switch', { name: 'Show desktop notifications' }).click();
    await expect.poll(() => sound.isDisabled()).toBe(true);
    expect(await settings()).toMatchObject({ notifications: false, timeoutSeconds: 15 });
  });
});

describe('certificate files in the settings', () => {
  it('are added as a folder, which says what is wrong with its paths, are hosts in the list, and go again', async () => {
    using certs = temporaryFolder();
    writeFileSync(certs.file('web.pem'), makeCa().issue({ name: 'web.test' }).pem);
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    await page.goto(`${service.ready.url}#/settings/sources`);
    await page.getByRole('button', { name: 'Add folder or files…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('certs');
    await dialog.getByLabel('Paths').fill('certs');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Enter an absolute path, such as /etc/ssl/private.').waitFor();
    await dialog.getByLabel('Paths').fill(certs.path);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await sees(page, /1 certificate in 1 file/);
    await page.getByRole('button', { name: 'Edit certs' }).click();
    await page.getByRole('dialog').getByLabel('Tags (separated by commas)').fill('files');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^All hosts/ }).click();
    await page.getByRole('link', { name: certs.file('web.pem'), exact: true }).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove certs' }).click();
    await page.getByRole('button', { name: 'Edit certs' }).waitFor({ state: 'detached' });
    const { body } = await service.call('GET', '/jobs');
    expect(body).toMatchObject({ total: 0 });
  });
});

describe('the palette', () => {
  it('acts on the open host, on tags and on views', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const [name, tag] of [
      ['one', 'web'],
      ['two', 'mail'],
    ])
      await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name, tags: [tag] });
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    await link('one').click();
    await page.getByRole('complementary').waitFor();
    const run = async (text: string) => {
      await expect
        .poll(async () => {
          await page.keyboard.press('Control+k');
          return page.getByPlaceholder('Type a command or a host').isVisible();
        })
        .toBe(true); // It is fetched a while after the list.
      await page.getByPlaceholder('Type a command or a host').fill(text);
      await page.keyboard.press('Enter');
      await page.getByPlaceholder('Type a command or a host').waitFor({ state: 'hidden' });
    };
    await run('edit one');
    await page.getByRole('dialog', { name: 'Edit one' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await run('show tag: web');
    await link('two').waitFor({ state: 'detached' });
    await run('go to all hosts');
    await page.keyboard.press('/');
    await run('show tag: mail'); // From the search box, too.
    await link('one').waitFor({ state: 'detached' });
    await run('go to all hosts');
    await run('settings: channels');
    await page.getByRole('heading', { name: 'Channels', exact: true }).waitFor();
    await run('check two');
    await run('theme: dark');
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
  });
});

describe('the page that discovers', () => {
  it('has its button at the right as other pages, and its dialog leaves no room for a plan that is not there', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    await service.call('POST', '/discoveries', { name: 'lab', targets: ['127.0.0.1'], ports: '1' });
    await page.goto(`${service.ready.url}#/discover`);
    const button = page.getByRole('button', { name: 'New search…' });
    await button.waitFor();
    const [head, box] = [await page.getByRole('main').boundingBox(), await button.boundingBox()];
    // The margin of the page.
    expect((head?.x ?? 0) + (head?.width ?? 0) - (box?.x ?? 0) - (box?.width ?? 0)).toBeCloseTo(20, 0);
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'New search' });
    const gap = async (above: string, below: string) => {
      const [one, other] = [
        await dialog.getByLabel(above, { exact: true }).boundingBox(),
        await dialog.getByText(below, { exact: true }).boundingBox(),
      ];
      return (other?.y ?? 0) - (one?.y ?? 0) - (one?.height ?? 0);
    };
    expect(await gap('Ports', 'Schedule')).toBeCloseTo(await gap('Targets', 'Ports'), 0);
    await dialog.getByLabel('Targets').fill('127.0.0.1');
    await dialog
      .getByRole('status', { name: 'Plan' })
      .getByText(/connection/)
      .waitFor();
    expect(await gap('Ports', 'Schedule')).toBeGreaterThan((await gap('Targets', 'Ports')) + 15);
  });
});

describe('a message', () => {
  it('does not cover the buttons of a dialog', async () => {
    await using app = await HeadlessApp.launch();
    const { page, service } = app;
    for (const size of [
      { width: 900, height: 600 },
      { width: 1200, height: 800 },
    ]) {
      await page.setViewportSize(size);
      await page.getByRole('link', { name: /^All hosts/ }).click();
      await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'one' });
      await page.getByRole('row').filter({ hasText: 'one' }).getByRole('checkbox').check();
      await page.keyboard.press('Delete');
      await page.locator('.mantine-Notification-root').first().waitFor();
      await page
        .getByRole('button', { name: /^Add host/ })
        .first()
        .click();
      const save = page.getByRole('dialog').getByRole('button', { name: /^Add/ }).last();
      await save.waitFor();
      const isFree = () =>
        save.evaluate((element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          const over = document.elementFromPoint(left + width / 2, top + height / 2);
          return over !== null && element.contains(over);
        });
      expect(await isFree()).toBe(true);
      expect(await page.locator('.mantine-Notification-root').count()).toBeGreaterThan(0);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
    }
  });
});
