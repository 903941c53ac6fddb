import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaVersion } from '../../electron/engine/store/config-file.ts';
import { isHeld } from '../../electron/engine/store/folder-lock.ts';
import { receiveChannels } from '../support/channel-receiver.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls } from '../support/tls-server.ts';
import { driverName, launchDesktop, onStandIn } from './desktop-app.ts';
import { sees } from './page-flows.ts';
import { startApp } from './stand-in-driver.ts';

type App = Awaited<ReturnType<typeof launchDesktop>>;

/** What the systems that the stand-in can be do differently: test/electron-stand-in/README.md has the source of each. */
const inMode = (...modes: string[]) => ({ STAND_IN_MODES: modes.join(',') });
const firstWindow = async (app: App) => (await app.standIn?.())?.windows[0];
const isVisible = async (app: App) => (await firstWindow(app))?.isVisible;
const logOf = (app: App) => readFileSync(join(app.dataFolder, 'logs/notafter.log'), 'utf8');

if (onStandIn)
  process.stdout.write(
    'Desktop specs also run in the modes wayland, windows, macos, keyring-waits, page-fails, page-missing of the stand-in.\n',
  );
else process.stdout.write(`The modes of the stand-in are not run on ${driverName}.\n`);

describe.runIf(onStandIn)('a quit ends the process with status 0, and another start works', () => {
  const ways: [string, (app: App) => Promise<unknown>][] = [
    ['from the tray', (app) => app.clickMenu('Quit NotAfter')],
    ['by SIGTERM', async (app) => process.kill(app.pid ?? 0, 'SIGTERM')],
    ['by SIGINT, as Ctrl+C sends it', async (app) => process.kill(app.pid ?? 0, 'SIGINT')],
    ['by the system’s shutdown', async (app) => app.system?.({ action: 'system-shuts-down' })],
  ];
  const states: [string, readonly string[], (app: App) => Promise<unknown>][] = [
    ['with its window', [], async (app) => sees(app.page, 'No hosts yet')],
    [
      'in the tray',
      [],
      async (app) => {
        await app.closeWindow();
        await expect.poll(() => isVisible(app)).toBe(false);
      },
    ],
    [
      'started without a window',
      ['--hidden'],
      async (app) => expect.poll(async () => (await app.state()).trays.length).toBe(1),
    ],
  ];
  describe.each(states)('%s', (_name, args, prepare) => {
    it.each(ways)('%s', async (_way, quit) => {
      using folder = temporaryFolder();
      await using app = await launchDesktop({ dataFolder: folder.path, args });
      await prepare(app);
      await quit(app);
      expect(await app.ended).toBe(0);
      expect(isHeld(folder.path)).toBe(false);
      expect(existsSync(folder.file('SingletonLock'))).toBe(false);
      expect(logOf(app)).toContain('NotAfter has stopped');
      await using again = await launchDesktop({ dataFolder: folder.path });
      await sees(again.page, 'No hosts yet');
    });
  });
});

describe.runIf(onStandIn)('a quit while a client of the API says nothing', () => {
  it('writes everything, and leaves no file of this run', async () => {
    using folder = temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    // SAFETY: it listens on a TCP port.
    const { port } = taken.address() as AddressInfo;
    taken.close();
    const settings = { api: { enabled: true, port } };
    writeFileSync(folder.file('config.json'), JSON.stringify({ schemaVersion, settings, jobs: [] }));
    await using app = await launchDesktop({ dataFolder: folder.path });
    await expect.poll(() => logOf(app)).toContain(`the API is at http://127.0.0.1:${port}`);
    // A browser opens such a connection ahead of time.
    const client = connect(port, '127.0.0.1');
    client.on('error', () => undefined); // It is closed for it.
    await once(client, 'connect');
    process.kill(app.pid ?? 0, 'SIGTERM');
    expect(await app.ended).toBe(0);
    expect(logOf(app)).toContain('NotAfter has stopped');
    for (const name of ['running.json', 'lock.sqlite', 'lock.pid', 'history.sqlite-wal', 'endpoint.json'])
      expect([name, existsSync(folder.file(name))]).toEqual([name, false]);
  });
});

describe.runIf(onStandIn)('a start while the app quits', () => {
  it.each([
    [['--hidden'], [], false],
    [[], ['--hidden'], true],
    [['--hidden'], ['--hidden'], true],
  ])('starts it again, as that start asked: first %j, then %j', async (first, second, staysHidden) => {
    using folder = temporaryFolder();
    const env = { STAND_IN_RELAUNCH_FILE: folder.file('relaunch'), APPIMAGE: '/home/me/NotAfter.AppImage' };
    await using app = await launchDesktop({ args: first, env });
    await expect.poll(async () => (await app.state()).trays.length).toBe(1);
    await app.system?.({ action: 'starts-while-quitting', argv: ['electron', ...second] });
    expect(await app.ended).toBe(0);
    const relaunch = JSON.parse(readFileSync(folder.file('relaunch'), 'utf8')) as { args: string[] };
    // An AppImage is mounted for one run alone: its own file is what can be started again.
    expect(relaunch).toMatchObject({ execPath: '/home/me/NotAfter.AppImage' });
    expect(relaunch.args.includes('--hidden')).toBe(staysHidden);
  });
});

describe.runIf(onStandIn)('the window', () => {
  it('appears on Wayland, where ready-to-show does not come for a hidden window', async () => {
    await using app = await launchDesktop({ env: inMode('wayland') });
    await expect.poll(() => isVisible(app)).toBe(true);
    await sees(app.page, 'No hosts yet');
  });

  it('has the background of the theme before its page has painted', async () => {
    await using app = await launchDesktop();
    expect((await firstWindow(app))?.backgroundColor).toBe('#ffffff');
  });

  it('says that its page could not be loaded, and tries again', async () => {
    await using app = await launchDesktop({ env: inMode('page-fails') });
    await expect.poll(() => isVisible(app)).toBe(true);
    await sees(app.page, 'The page of NotAfter could not be loaded.');
    expect(logOf(app)).toContain('the page could not be loaded: ERR_FAILED');
    await app.page.getByRole('link', { name: 'Try again' }).focus();
    await app.page.getByRole('link', { name: 'Try again' }).press('Enter');
    await sees(app.page, 'No hosts yet');
  });

  it('says so, too, where its page is missing: an answer of 404 counts as loaded for Electron', async () => {
    await using app = await launchDesktop({ env: inMode('page-missing') });
    await sees(app.page, 'The page of NotAfter could not be loaded.');
    expect(logOf(app)).toContain('the page could not be loaded: 404');
    await app.page.getByRole('link', { name: 'Try again' }).press('Enter');
    await sees(app.page, 'No hosts yet');
  });

  it('is made new once when its process ends, and says so the second time within a minute', async () => {
    await using app = await launchDesktop();
    await sees(app.page, 'No hosts yet');
    // Between the end of one and the start of the next there is no page at all.
    const text = async () => {
      try {
        return await app.page.locator('body').innerText({ timeout: 1000 });
      } catch {
        return '';
      }
    };
    await app.system?.({ action: 'crash-page' });
    await expect.poll(() => logOf(app)).toContain('the page’s process ended: crashed (11)');
    await expect.poll(text).toContain('No hosts yet');
    await app.system?.({ action: 'crash-page' });
    await expect.poll(text).toContain('The page of NotAfter ended twice within a minute.');
    expect(logOf(app).match(/the page’s process ended: crashed \(11\)/g)).toHaveLength(2);
  });

  it('comes back in sight on the displays that there are, also when they changed while it was hidden', async () => {
    await using app = await launchDesktop();
    await expect.poll(() => isVisible(app)).toBe(true);
    const areas = [{ x: 5000, y: 0, width: 1024, height: 768 }];
    await app.closeWindow();
    await app.system?.({ action: 'displays', areas });
    await app.clickMenu('Open NotAfter');
    await expect
      .poll(async () => (await firstWindow(app))?.bounds)
      .toEqual({ x: 5000, y: 0, width: 1024, height: 768 });
  });
});

describe.runIf(onStandIn)('a start', () => {
  it('that fails shows why and where the log is, and leaves no process', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('config.json'), '{"schemaVersion":999}');
    const app = startApp(folder.path, {}, undefined, 'ignore');
    expect(await once(app, 'close')).toEqual([1, null]);
    expect(readFileSync(folder.file('logs/notafter.log'), 'utf8')).toMatch(
      /error NotAfter \S+ cannot start: .*\n\s+at /,
    );
    expect(isHeld(folder.path)).toBe(false);
  });

  it('of a second copy with --quit ends the first in good order, and starts none where none runs', async () => {
    using folder = temporaryFolder();
    await using app = await launchDesktop({ dataFolder: folder.path });
    expect(await app.command('--quit')).toMatchObject({ status: 0 });
    expect(await app.ended).toBe(0);
    expect(isHeld(folder.path)).toBe(false);
    expect(await app.command('--quit')).toMatchObject({ status: 0 });
    expect(isHeld(folder.path)).toBe(false);
  });

  it('of a second copy with --hidden leaves the window hidden', async () => {
    await using app = await launchDesktop({ args: ['--hidden'] });
    await expect.poll(async () => (await app.state()).trays.length).toBe(1);
    expect(await app.startAgain()).toBe(0); // It has the arguments of the first.
    await app.clickMenu('Check all now').catch(() => undefined); // Nothing to check: whatever was sent before it has arrived.
    expect((await app.state()).windows).toEqual([]);
  });

  it('shows window and tray while the keyring waits for the person, and opens the secrets when it answers', async () => {
    using folder = temporaryFolder();
    await using receiver = await receiveChannels();
    {
      await using app = await launchDesktop({ dataFolder: folder.path });
      await app.page.getByRole('link', { name: 'Settings' }).click();
      await app.page.getByRole('combobox', { name: 'Add channel' }).click();
      await app.page.getByRole('option', { name: 'Webhook', exact: true }).click();
      const dialog = app.page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('ops');
      await dialog.getByLabel('Address').fill(`${receiver.url}/hunter2`);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect.poll(() => readFileSync(folder.file('config.json'), 'utf8')).toContain('sealed.v2');
    }
    await using app = await launchDesktop({ dataFolder: folder.path, env: inMode('keyring-waits') });
    await expect.poll(() => isVisible(app)).toBe(true);
    expect((await app.state()).trays).toHaveLength(1);
    await app.page.getByRole('link', { name: 'Settings' }).click();
    const tryIt = () => app.page.getByRole('button', { name: 'Test ops' }).click();
    await tryIt();
    await sees(app.page, /^Its secret is sealed and cannot be opened here/);
    expect(receiver.received).toEqual([]);
    await app.system?.({ action: 'open-keyring' });
    await expect
      .poll(async () => {
        await tryIt();
        return receiver.received[0]?.path;
      })
      .toBe('/hunter2');
    expect(readFileSync(folder.file('config.json'), 'utf8')).not.toContain('hunter2');
  });

  it.runIf(process.platform === 'linux')(
    'makes the tray icon when the desktop shows them after all',
    async () => {
      using bin = temporaryFolder();
      writeFileSync(
        bin.file('gdbus'),
        `#!/bin/sh\ntest -e ${bin.file('extension')} && echo '(true,)' || echo '(false,)'\n`,
      );
      chmodSync(bin.file('gdbus'), 0o755);
      const env = { PATH: `${bin.path}:${process.env['PATH']}`, XDG_CURRENT_DESKTOP: 'GNOME' };
      await using app = await launchDesktop({ env });
      await sees(app.page, /^This desktop shows no tray icons/);
      expect((await app.state()).trays).toEqual([]);
      writeFileSync(bin.file('extension'), '');
      await expect.poll(async () => (await app.state()).trays.length).toBe(1);
      await app.page.getByText(/^This desktop shows no tray icons/).waitFor({ state: 'hidden' });
    },
  );
});

describe.runIf(onStandIn)('on macOS', () => {
  it('a click on the tray opens its menu and not the window, and an open menu is not replaced', async () => {
    await using app = await launchDesktop({ env: inMode('macos'), args: ['--hidden'] });
    const tray = async () => (await app.standIn?.())?.trays[0];
    await expect.poll(async () => (await tray())?.menusSet).toBe(1);
    await app.system?.({ action: 'tray-click' });
    expect((await app.standIn?.())?.windows).toEqual([]);
    await app.clickMenu('Launch at login'); // Its tick changes the words of the menu.
    expect((await tray())?.menusSet).toBe(1);
    await app.system?.({ action: 'tray-menu', isOpen: false });
    await expect.poll(async () => (await tray())?.menusSet).toBe(2);
    expect((await tray())?.menu.find(({ label }) => label === 'Launch at login')?.checked).toBe(true);
  });

  it('stays without a window when it was opened at login, though arguments do not arrive there', async () => {
    const env = { ...inMode('macos'), STAND_IN_OPENED_AT_LOGIN: '1' };
    await using app = await launchDesktop({ env, hasWindow: false });
    await expect.poll(async () => (await app.state()).trays.length).toBe(1);
    expect((await app.state()).windows).toEqual([]);
  });

  it('is in the Dock while its window is, and leaves full screen before it hides', async () => {
    await using app = await launchDesktop({ env: inMode('macos') });
    const policy = async () => (await app.standIn?.())?.activationPolicy;
    await expect.poll(() => isVisible(app)).toBe(true);
    expect(await policy()).toBe('regular');
    await app.system?.({ action: 'full-screen' });
    await expect.poll(async () => (await firstWindow(app))?.isFullScreen).toBe(true);
    await app.closeWindow();
    await expect.poll(async () => (await firstWindow(app))?.isVisible).toBe(false);
    expect((await firstWindow(app))?.isFullScreen).toBe(false);
    expect(await policy()).toBe('accessory');
  });
});

describe.runIf(onStandIn)('on Windows', () => {
  it('the end of the session quits in good order while there is no window', async () => {
    await using app = await launchDesktop({ env: inMode('windows'), args: ['--hidden'] });
    await expect.poll(async () => (await app.state()).trays.length).toBe(1);
    await app.system?.({ action: 'session-ends' });
    expect(await app.ended).toBe(0);
    expect(logOf(app)).toContain('NotAfter has stopped');
  });

  it('a notification that timed out is still ours: it opens its host, and goes when it is no longer true', async () => {
    const ca = makeCa();
    const server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
    try {
      await using app = await launchDesktop({ env: inMode('windows') });
      await sees(app.page, 'No hosts yet');
      await app.page.getByRole('button', { name: 'Add host' }).click();
      await app.page.getByLabel('Address', { exact: true }).fill(`localhost:${server.port}`);
      await app.page.keyboard.press('Enter');
      const title = `localhost:${server.port} expires in 5 days`;
      const found = async () => (await app.standIn?.())?.notifications.find((one) => one.title === title);
      await expect.poll(async () => (await found())?.isShown).toBe(true);
      await app.system?.({ action: 'notification-times-out', title });
      expect(await found()).toMatchObject({ isShown: false, isKept: true });
      // Days later, after restarts: all that Windows hands over is the id.
      await app.page.getByRole('link', { name: 'Settings' }).click();
      await app.closeWindow();
      await app.system?.({ action: 'old-notification', id: (await found())?.id ?? '' });
      await expect.poll(() => isVisible(app)).toBe(true);
      await sees(app.page, /^Expires in 5 days/);
      await app.page.getByRole('link', { name: /^Alerts/ }).click();
      await app.page.getByRole('button', { name: /^Acknowledge all/ }).click();
      await app.page.getByRole('alertdialog').getByRole('button', { name: 'Acknowledge all' }).click();
      // Acknowledging can be undone for ten seconds, and is final then.
      await expect.poll(async () => (await found())?.isKept).toBe(false);
    } finally {
      await server.close();
    }
  });
});
