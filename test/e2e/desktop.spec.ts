import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { isOwnersAlone } from '../support/owner-only.ts';
import { makeCa } from '../support/pki.ts';
import { runNotafter } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { servePlain, serveTls, type TestServer } from '../support/tls-server.ts';
import { driverName, launchDesktop } from './desktop-app.ts';
import { describePageFlows, sees } from './page-flows.ts';

process.stdout.write(`Desktop specs run on ${driverName}.\n`);

describePageFlows('over IPC on the desktop', launchDesktop);

describe('the desktop app', () => {
  let app: Awaited<ReturnType<typeof launchDesktop>>;
  let expiring: TestServer;
  beforeAll(async () => {
    const ca = makeCa();
    expiring = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
    app = await launchDesktop();
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await expiring?.close();
  });
  const tray = async () => (await app.state()).trays[0];
  const isVisible = async () => (await app.state()).windows[0]?.isVisible;

  it('gives the page nothing of Node or Electron', async () => {
    await sees(app.page, 'No hosts yet');
    const reach = await app.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'standInSend'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(reach).toEqual([]);
  });

  it('shows in the tray that nothing is watched', async () => {
    expect(await tray()).toMatchObject({
      image: 'tray-pending-light.png',
      toolTip: 'NotAfter: No hosts yet',
    });
  });

  it('notifies of an expiring certificate, and shows the worst status in the tray', async () => {
    await app.page.getByRole('button', { name: 'Add host' }).click();
    await app.page.getByLabel('Address', { exact: true }).fill(`localhost:${expiring.port}`);
    await app.page.keyboard.press('Enter');
    await expect
      .poll(async () => (await app.state()).notifications)
      .toMatchObject([
        {
          title: `localhost:${expiring.port} expires in 5 days`,
          body: expect.stringMatching(
            /^The certificate expires on \d+ \w+ \d{4} at .* UTC\. Renew .* One more thing is the matter\.$/,
          ),
          isShown: true,
          silent: true,
          actions: ['Snooze for a day', 'Check again'],
        },
      ]);
    await expect.poll(async () => (await tray())?.image).toBe('tray-critical-light.png');
    expect((await tray())?.menu[0]?.label).toBe('1 of 1 needs attention');
  });

  it('follows the theme of the desktop', async () => {
    await app.setTheme('dark');
    expect((await tray())?.image).toBe('tray-critical-dark.png');
    await app.setTheme('light');
    expect((await tray())?.image).toBe('tray-critical-light.png');
  });

  it('hides to the tray when the window is closed, says so once, and comes back from the menu', async () => {
    const hints = async () =>
      (await app.state()).notifications.filter(({ title }) => title === 'NotAfter goes on in the tray')
        .length;
    await expect.poll(isVisible).toBe(true);
    await app.closeWindow();
    await expect.poll(isVisible).toBe(false);
    expect(await hints()).toBe(1);
    await app.clickMenu('Open NotAfter');
    await expect.poll(isVisible).toBe(true);
    await app.closeWindow();
    await expect.poll(isVisible).toBe(false);
    expect(await hints()).toBe(1);
    await app.clickMenu('Open NotAfter');
  });

  it('counts in the first line of its menu, and opens a host from below it', async () => {
    const [count, worst] = (await tray())?.menu ?? [];
    expect(count?.label).toBe('1 of 1 needs attention');
    const head = worst?.label ?? '';
    expect(head).toBe(
      `localhost:${expiring.port} shows a certificate from an untrusted issuer (expires in 5 days)`,
    );
    await app.clickMenu('Settings…');
    await app.page.getByRole('switch', { name: 'Quiet hours' }).waitFor();
    await app.clickMenu(head);
    await sees(app.page, /^Expires in 5 days/);
  });

  it('is quiet until tomorrow with one click, which the window shows too, and ends it from either', async () => {
    const { page } = app;
    const entry = async () => (await tray())?.menu.find(({ label }) => label.startsWith('Quiet'));
    const off = { label: 'Quiet until tomorrow', checked: false };
    expect(await entry()).toMatchObject(off);
    await app.clickMenu('Quiet until tomorrow');
    const on = { label: expect.stringMatching(/^Quiet until \w{3} 0?8:00( AM)?$/), checked: true };
    await expect.poll(entry).toMatchObject(on);
    await page.getByRole('link', { name: /^All hosts/ }).click();
    await sees(page, /^Only critical alerts notify you until /);
    await page.getByRole('button', { name: 'End quiet' }).click();
    await page.getByText(/^Only critical alerts notify you until /).waitFor({ state: 'hidden' });
    await expect.poll(entry).toMatchObject(off);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Quiet until tomorrow' }).click();
    await expect.poll(entry).toMatchObject(on);
    await app.clickMenu((await entry())?.label ?? '');
    await expect
      .poll(() => page.getByRole('switch', { name: 'Quiet until tomorrow' }).isChecked())
      .toBe(false);
    await expect.poll(entry).toMatchObject(off);
    const command = async (words: string) => {
      const box = page.getByPlaceholder('Type a command or a host');
      await page.keyboard.press('Control+k');
      await box.fill(words);
      await page
        .getByRole('button', { name: new RegExp(`^${words}`, 'i') })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await box.waitFor({ state: 'hidden' });
    };
    await command('Quiet until tomorrow');
    await expect.poll(entry).toMatchObject(on);
    await command('End quiet');
    await expect.poll(entry).toMatchObject(off);
    await page.getByRole('link', { name: /^All hosts/ }).click();
  });

  it('launches at login when that is ticked, and not before', async () => {
    const isTicked = async () =>
      (await tray())?.menu.find(({ label }) => label === 'Launch at login')?.checked;
    expect(await isTicked()).toBe(false);
    await app.clickMenu('Launch at login');
    await expect.poll(isTicked).toBe(true);
    // The settings have it as well, and both show what the other did.
    await app.page.getByRole('link', { name: 'Settings' }).click();
    const setting = app.page.getByRole('switch', { name: 'Launch at login' });
    await expect.poll(() => setting.isChecked()).toBe(true);
    await setting.click();
    await expect.poll(isTicked).toBe(false);
    await setting.click();
    await expect.poll(isTicked).toBe(true);
    await app.clickMenu('Launch at login');
    await expect.poll(isTicked).toBe(false);
  });

  it('shows the first window when it is started a second time', async () => {
    await app.closeWindow();
    await expect.poll(isVisible).toBe(false);
    expect(await app.startAgain()).toBe(0);
    await expect.poll(isVisible).toBe(true);
  });

  it('opens the job that a notification is about', async () => {
    await app.page.getByRole('link', { name: 'Settings' }).click();
    await app.closeWindow();
    await app.clickNotification(`localhost:${expiring.port} expires in 5 days`);
    await sees(app.page, /^Expires in 5 days/);
    expect(await isVisible()).toBe(true);
  });

  it('opens a host in the person’s browser, after asking, and nothing but https', async () => {
    const address = `https://localhost:${expiring.port}/`;
    const openIt = async () => {
      await app.page.getByRole('button', { name: 'More actions' }).click();
      await app.page.getByRole('menuitem', { name: 'Open in browser' }).click();
    };
    const asked = async () => (await app.state()).questions.length;
    await app.answerNext('Cancel');
    await openIt();
    await expect.poll(asked).toBe(1);
    expect((await app.state()).questions).toMatchObject([
      { message: `Open localhost:${expiring.port} in your browser?`, buttons: ['Open', 'Cancel'] },
    ]);
    await app.answerNext('Open');
    await openIt();
    await expect.poll(async () => (await app.state()).opened).toEqual([address]);
    await app.page.evaluate(() => void window.open('http://localhost:9/'));
    await app.answerNext('Open');
    await openIt();
    await expect.poll(asked).toBe(3);
    expect((await app.state()).opened).toEqual([address, address]);
  });

  it('checks again from a notification', async () => {
    const before = expiring.connections;
    await app.clickNotificationAction(`localhost:${expiring.port} expires in 5 days`, 'Check again');
    await expect.poll(() => expiring.connections).toBeGreaterThan(before);
  });

  it('snoozes from a notification, which goes away', async () => {
    const title = `localhost:${expiring.port} expires in 5 days`;
    await app.clickNotificationAction(title, 'Snooze for a day');
    const isShown = async () => (await app.state()).notifications.find((one) => one.title === title)?.isShown;
    await expect.poll(isShown).toBe(false);
    await app.page.getByRole('link', { name: /^Alerts/ }).click();
    await sees(app.page, /^Snoozed until/);
    await expect.poll(async () => (await tray())?.menu[0]?.label).toBe('0 of 1 need attention, 1 snoozed');
    expect((await tray())?.menu.map(({ label }) => label)).toContain('Accepted and snoozed (1)');
    expect((await tray())?.image).toBe('tray-critical-light.png');
  });

  it('checks everything from the menu', async () => {
    const before = expiring.connections;
    await app.clickMenu('Check all now');
    await expect.poll(() => expiring.connections).toBeGreaterThan(before);
  });

  it('pauses everything from the menu, says so in the tray and the window, and resumes', async () => {
    await app.clickMenu('For an hour');
    await expect.poll(async () => (await tray())?.image).toBe('tray-paused-light.png');
    await app.page.getByRole('link', { name: /^All hosts/ }).click();
    await sees(app.page, /^All checks are paused until/);
    const toolTip = async () => (await app.state()).trays[0]?.toolTip;
    await expect.poll(toolTip).toMatch(/^NotAfter: All checks are paused, for \d+ minutes still$/);
    await app.clickMenu('Resume all checks');
    await app.page.getByText(/^All checks are paused until/).waitFor({ state: 'hidden' });
    await expect.poll(toolTip).not.toMatch(/paused/);
  });

  it.each(['Until tomorrow', 'Until I resume'])('pauses %s from the menu', async (label) => {
    await app.clickMenu(label);
    await expect.poll(async () => (await tray())?.image).toBe('tray-paused-light.png');
    await app.clickMenu('Resume all checks');
    await expect.poll(async () => (await tray())?.image).toBe('tray-critical-light.png');
  });

  it('takes paths from the system’s dialog, and nothing where that is canceled', async () => {
    const { page } = app;
    await page.getByRole('link', { name: /^All hosts/ }).click();
    await page.getByRole('button', { name: 'Add host' }).click();
    const dialog = page.getByRole('dialog');
    const address = dialog.getByLabel('Address', { exact: true });
    const choose = async (name: string, path: string) => {
      await app.answerNext(path);
      await dialog.getByRole('button', { name }).click();
    };
    await choose('Choose files… with certificates', '/srv/tls/shop.pem');
    await expect.poll(() => address.inputValue()).toBe('/srv/tls/shop.pem');
    await choose('Choose files… with certificates', '/srv/tls/mail.pem');
    await expect.poll(() => address.inputValue()).toBe('/srv/tls/shop.pem\n/srv/tls/mail.pem');
    const questions = async () => (await app.state()).questions;
    const before = (await questions()).length;
    await dialog.getByRole('button', { name: 'Choose files… with certificates' }).click(); // Canceled.
    await expect.poll(async () => (await questions()).length).toBe(before + 1);
    expect((await questions()).at(-1)).toMatchObject({
      message: 'Choose files',
      buttons: ['openFile', 'multiSelections', 'showHiddenFiles'],
      isModal: true, // What is typed meanwhile would be lost.
    });
    expect(await address.inputValue()).toBe('/srv/tls/shop.pem\n/srv/tls/mail.pem');
    await address.fill('localhost:1');
    await dialog.getByRole('button', { name: /^Client certificate/ }).click();
    await choose('Choose file… for the key', '/srv/tls/me.key');
    await expect
      .poll(() => dialog.getByLabel('Client key', { exact: true }).inputValue())
      .toBe('/srv/tls/me.key');
    await dialog.getByRole('button', { name: /^Trust/ }).click();
    await choose('Choose files… to trust', '/srv/tls/root.pem');
    await expect.poll(() => dialog.getByLabel('CA files').inputValue()).toBe('/srv/tls/root.pem');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    const file = join(app.dataFolder, 'root.pem');
    writeFileSync(file, makeCa('Chosen Root').pem);
    await app.answerNext(file);
    await page.getByRole('button', { name: 'Choose files… to trust' }).click();
    await expect.poll(() => page.getByLabel('CA files', { exact: true }).inputValue()).toBe(file);
    // What was typed is saved as the button takes the focus, and stays beside what is chosen then.
    const typed = join(app.dataFolder, 'typed.pem');
    writeFileSync(typed, makeCa('Typed Root').pem);
    await page.getByLabel('CA files', { exact: true }).fill(typed);
    await app.answerNext(file);
    await page.getByRole('button', { name: 'Choose files… to trust' }).click();
    const both = `${typed}\n${file}`;
    await expect.poll(() => page.getByLabel('CA files', { exact: true }).inputValue()).toBe(both);
    await page.getByLabel('CA files', { exact: true }).fill('');
    await page.getByLabel('CA files', { exact: true }).blur();
    await expect.poll(() => page.getByLabel('CA files', { exact: true }).inputValue()).toBe('');
    await page.getByRole('link', { name: /^All hosts/ }).click();
  });

  it('has an API for scripts once that is turned on, and none before and after', async () => {
    const { page } = app;
    const port = await freePort();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Port', { exact: true }).fill(String(port));
    const status = (headers = {}) =>
      fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers }).then(
        (response) => response.status,
        () => 'nobody',
      );
    expect(await status()).toBe('nobody');
    await page.getByRole('switch', { name: 'Allow scripts on this computer' }).click();
    await page.getByText(`http://127.0.0.1:${port}/`).waitFor();
    expect(await status()).toBe(401);
    const token = readFileSync(join(app.dataFolder, 'token'), 'utf8').trim();
    expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
    const said = await runNotafter('status', '--data', app.dataFolder);
    expect(said).toMatchObject({ status: 0, stdout: expect.stringContaining('watches') });
    const own = await app.command('status', '--data', app.dataFolder);
    expect(own).toMatchObject({ status: 0, stdout: expect.stringContaining('watches') });
    await page.getByRole('switch', { name: 'Allow scripts on this computer' }).click();
    await expect.poll(status).toBe('nobody');
    const off = await runNotafter('status', '--data', app.dataFolder);
    expect(off).toMatchObject({ status: 69, stderr: expect.stringContaining('its API is off') });
    await page.getByRole('link', { name: /^All hosts/ }).click();
  });

  it('quits from the menu while a check runs, having written everything', async () => {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const silent = await servePlain(() => resolve());
    try {
      await app.page.getByRole('link', { name: /^All hosts/ }).click();
      await app.page.getByRole('button', { name: 'Add host' }).click();
      await app.page.getByLabel('Address', { exact: true }).fill(`localhost:${silent.port}`);
      await app.page.keyboard.press('Enter');
      await reached;
      await app.clickMenu('Quit NotAfter');
      expect(await app.ended).toBe(0);
    } finally {
      await silent.close();
    }
  });
});

describe('the tray', () => {
  it('shows each state by its icon and its sentence', async () => {
    using folder = temporaryFolder();
    const ca = makeCa('Tray Root');
    writeFileSync(folder.file('ca.pem'), ca.pem);
    const server = await serveTls(ca.issue({ notBeforeDays: -30, notAfterDays: 60.5 }), [ca]);
    const address = `localhost:${server.port}`;
    await using app = await launchDesktop();
    const { page } = app;
    const face = async () => {
      const [tray] = (await app.state()).trays;
      return { image: tray?.image, toolTip: tray?.toolTip };
    };
    const setWarning = async (text: string) => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByLabel('Warn below').fill(text);
      await page.getByLabel('Warn below').blur();
    };
    await expect.poll(face).toEqual({ image: 'tray-pending-light.png', toolTip: 'NotAfter: No hosts yet' });
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('CA files').fill(folder.file('ca.pem'));
    await page.getByLabel('CA files').blur();
    await page.getByRole('link', { name: /^All hosts/ }).click();
    await page.getByRole('button', { name: 'Add host' }).click();
    await page.getByLabel('Address', { exact: true }).fill(address);
    await page.keyboard.press('Enter');
    await expect.poll(face).toEqual({
      image: 'tray-fine-light.png',
      toolTip: `NotAfter: The host is OK. ${address} expires in 60 days`,
    });
    await setWarning('70');
    await expect.poll(face).toEqual({
      image: 'tray-warning-light.png',
      toolTip: `NotAfter: 1 of 1 needs attention. ${address} expires in 60 days`,
    });
    await app.clickMenu('Until I resume');
    await expect
      .poll(face)
      .toEqual({ image: 'tray-paused-light.png', toolTip: 'NotAfter: All checks are paused' });
    await app.clickMenu('Resume all checks');
    await server.close();
    await app.clickMenu('Check all now');
    await expect.poll(face).toEqual({
      image: 'tray-unreachable-light.png',
      toolTip: `NotAfter: 1 of 1 needs attention. ${address} cannot be reached (expires in 60 days)`,
    });
  });
});

describe('the desktop app in the background', () => {
  it('starts without its window, in the tray', async () => {
    await using app = await launchDesktop({ args: ['--hidden'] });
    await expect.poll(async () => (await app.state()).trays.length).toBe(1);
    expect((await app.state()).windows).toEqual([]);
    await app.clickMenu('Open NotAfter');
    await expect.poll(async () => (await app.state()).windows[0]?.isVisible).toBe(true);
  });
});

describe('secrets on the desktop', () => {
  const proxy = 'http://user:hunter2@127.0.0.1:9';
  const setProxy = async ({ page }: Awaited<ReturnType<typeof launchDesktop>>) => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Proxy').fill(proxy);
    await page.getByLabel('Proxy').blur();
  };

  it('are sealed by the system’s keyring, and there after a restart', async () => {
    using folder = temporaryFolder();
    const config = () => readFileSync(folder.file('config.json'), 'utf8');
    {
      await using app = await launchDesktop({ dataFolder: folder.path });
      await setProxy(app);
      await expect.poll(config).toContain('127.0.0.1:9');
      expect(config()).toMatch(/"proxy": "http:\/\/user:sealed\.v2\.[\w-]+@127\.0\.0\.1:9"/);
      await app.clickMenu('Quit NotAfter');
      expect(await app.ended).toBe(0);
    }
    expect(isOwnersAlone(folder.file('secrets.key'))).toBe(true);
    {
      await using app = await launchDesktop({ dataFolder: folder.path });
      await app.page.getByRole('link', { name: 'Settings' }).click();
      // What is opened is used, and never shown.
      await expect.poll(() => app.page.getByLabel('Proxy').inputValue()).toBe('http://***@127.0.0.1:9');
      await expect.poll(() => app.page.getByText(/cannot be opened here/).count()).toBe(0);
      await app.clickMenu('Quit NotAfter');
      expect(await app.ended).toBe(0);
    }
    await using app = await launchDesktop({ dataFolder: folder.path, env: { KEYRING_IN_TEST: 'none' } });
    await sees(app.page, /^1 secret in .* was sealed by the desktop app and cannot be opened here/);
  });

  it('lie in a file for its owner alone where there is no keyring, which is logged', async () => {
    await using app = await launchDesktop({ env: { KEYRING_IN_TEST: 'none' } });
    await setProxy(app);
    const config = join(app.dataFolder, 'config.json');
    await expect.poll(() => readFileSync(config, 'utf8')).toContain('hunter2');
    expect(isOwnersAlone(config)).toBe(true);
    const log = readFileSync(join(app.dataFolder, 'logs/notafter.log'), 'utf8');
    expect(log).toContain('there is no keyring: secrets are kept in a file that only you can read');
    expect(log).not.toContain('hunter2');
  });
});

describe('a desktop without a tray', () => {
  // No bus to ask for tray icons, and a desktop that has none by itself.
  const env = { XDG_CURRENT_DESKTOP: 'GNOME', DBUS_SESSION_BUS_ADDRESS: 'disabled:' };

  it.runIf(process.platform === 'linux')('is told in the window, and closing it asks', async () => {
    await using app = await launchDesktop({ env });
    await sees(app.page, /^This desktop shows no tray icons/);
    const isVisible = async () => (await app.state()).windows[0]?.isVisible;
    await app.answerNext('Cancel');
    await app.closeWindow();
    expect((await app.state()).questions).toMatchObject([
      { buttons: ['Keep watching', 'Quit NotAfter', 'Cancel'] },
    ]);
    expect(await isVisible()).toBe(true);
    await app.answerNext('Keep watching');
    await app.closeWindow();
    await expect.poll(isVisible).toBe(false);
    expect(await app.startAgain()).toBe(0);
    await expect.poll(isVisible).toBe(true);
    await app.answerNext('Quit NotAfter');
    await app.closeWindow();
    expect(await app.ended).toBe(0);
  });
});

describe('a desktop without notifications', () => {
  it('is told in the window', async () => {
    await using app = await launchDesktop({ env: { NOTIFICATIONS_IN_TEST: 'none' } });
    await sees(app.page, /^This system does not support notifications/);
  });
});
