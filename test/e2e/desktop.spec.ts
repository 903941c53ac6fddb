import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { driverName, launchDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-driver.ts';
import { describePageFlows, sees } from './page-flows.ts';

process.stdout.write(`Desktop specs run on ${driverName}.\n`);

describePageFlows('over IPC on the desktop', launchDesktop);

describe('the desktop app', () => {
  let app: DesktopApp;
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
    await sees(app.page, 'Nothing is watched yet');
    const reach = await app.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'standInSend'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(reach).toEqual([]);
  });

  it('shows in the tray that nothing is watched', async () => {
    expect(await tray()).toMatchObject({
      image: 'tray-pending.png',
      toolTip: 'NotAfter: Nothing is watched yet',
    });
  });

  it('notifies of an expiring certificate, and shows the worst status in the tray', async () => {
    await app.page.getByRole('button', { name: 'Add…' }).click();
    await app.page.getByLabel('Address', { exact: true }).fill(`localhost:${expiring.port}`);
    await app.page.keyboard.press('Enter');
    await expect
      .poll(async () => (await app.state()).notifications, { timeout: 10_000 })
      .toMatchObject([{ title: `localhost:${expiring.port} expires in 5 days`, isShown: true }]);
    await expect.poll(async () => (await tray())?.image).toBe('tray-critical.png');
    expect((await tray())?.menu.map(({ label }) => label)).toContain(`localhost:${expiring.port}    5 days`);
  });

  it('hides to the tray when the window is closed, and comes back from the menu', async () => {
    await expect.poll(isVisible).toBe(true);
    await app.closeWindow();
    expect(await isVisible()).toBe(false);
    await app.clickMenu('Open NotAfter');
    await expect.poll(isVisible).toBe(true);
  });

  it('shows the first window when it is started a second time', async () => {
    await app.closeWindow();
    expect(await isVisible()).toBe(false);
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

  it('checks everything from the menu', async () => {
    const before = expiring.connections;
    await app.clickMenu('Check all now');
    await expect.poll(() => expiring.connections).toBeGreaterThan(before);
  });

  it('pauses everything from the menu, says so in the tray and the window, and resumes', async () => {
    await app.clickMenu('For an hour');
    await app.page.getByRole('link', { name: /^Certificates/ }).click();
    await sees(app.page, /^All checks are paused until/);
    const toolTip = async () => (await app.state()).trays[0]?.toolTip;
    await expect.poll(toolTip).toMatch(/^NotAfter: All checks are paused, for \d+ minutes still$/);
    await app.clickMenu('Resume all checks');
    await app.page.getByText(/^All checks are paused until/).waitFor({ state: 'hidden' });
    await expect.poll(toolTip).not.toMatch(/paused/);
  });

  it('quits from the menu, having written everything', async () => {
    await app.clickMenu('Quit NotAfter');
    expect(await app.ended).toBe(0);
  });
});
