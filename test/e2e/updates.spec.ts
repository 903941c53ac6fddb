import { hash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, type TestServer } from '../support/tls-server.ts';
import { launchOnStandIn } from './stand-in-driver.ts';

/**
 * An app as it is packed into an AppImage, on the stand-in in any case: Electron itself would have to be packed for it. The
 * updater is the real one, and so are the feed, the file that is loaded, and the one in whose place it is put.
 */
const folder = temporaryFolder();
const asked: string[] = [];
const ids = new Set<unknown>();
const newer = `#!/bin/sh\necho started > ${folder.file('marker')}\n`;
const sha512 = hash('sha512', newer, 'base64');
let digest = sha512;
let version = '99.0.0';
let feed: TestServer;

beforeAll(async () => {
  mkdirSync(folder.file('resources'));
  feed = await listen(
    createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://feed.example');
      asked.push(pathname);
      ids.add(request.headers['x-user-staging-id']);
      if (pathname === '/latest-linux.yml') {
        const file = `url: NotAfter.AppImage\n    sha512: ${digest}\n    size: ${newer.length}`;
        response.end(
          `version: ${version}\nfiles:\n  - ${file}\npath: NotAfter.AppImage\nsha512: ${digest}\nreleaseDate: '2026-11-25T10:00:00.000Z'\n`,
        );
      } else if (pathname === '/NotAfter.AppImage') response.end(newer);
      else response.writeHead(404).end();
    }),
    '127.0.0.1',
    0,
  );
  writeFileSync(
    folder.file('resources/app-update.yml'),
    `provider: generic\nurl: http://127.0.0.1:${feed.port}/\nupdaterCacheDirName: notafter-updater\n`,
  );
});
afterAll(async () => {
  await feed.close();
  folder[Symbol.dispose]();
});

const asAppImage = { APPIMAGE: folder.file('NotAfter.AppImage') };

async function launch(name: string, env: Record<string, string> = asAppImage) {
  const dataFolder = folder.file(name);
  mkdirSync(dataFolder);
  writeFileSync(folder.file('NotAfter.AppImage'), 'the old one');
  chmodSync(folder.file('NotAfter.AppImage'), 0o755);
  asked.length = 0;
  const app = await launchOnStandIn(dataFolder, {
    env: {
      STAND_IN_RESOURCES: folder.file('resources'),
      XDG_CACHE_HOME: folder.file('cache'),
      XDG_CONFIG_HOME: dataFolder,
      ...env,
    },
  });
  await app.page.getByRole('link', { name: 'Settings' }).click();
  return app;
}

const appImage = () => readFileSync(folder.file('NotAfter.AppImage'), 'utf8');

describe.runIf(process.platform === 'linux')('a newer version', () => {
  it('is looked for when that is asked for, loaded after a question, and started after another', async () => {
    await using app = await launch('install');
    const { page } = app;
    await page.getByText('Never checked.').waitFor();
    expect(asked).toEqual([]);
    version = '0.0.1';
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/^Up to date \(checked /).waitFor();
    version = '99.0.0';
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Version 99.0.0 is available.').waitFor();
    expect(new Set(asked)).toEqual(new Set(['/latest-linux.yml']));
    const menu = async () => (await app.state()).trays[0]?.menu.map(({ label }) => label);
    await expect.poll(menu).toContain('NotAfter 99.0.0 is available…');

    await app.answerNext('Later');
    await app.clickMenu('NotAfter 99.0.0 is available…');
    await expect.poll(async () => (await app.state()).questions.length).toBe(1);
    expect(asked).not.toContain('/NotAfter.AppImage');
    // Nobody learns which copy asked.
    expect(ids).toEqual(new Set(['00000000-0000-0000-0000-000000000000']));

    await app.answerNext('Download');
    await app.answerNext('Restart now');
    await page.getByRole('button', { name: 'Download 99.0.0…' }).click();
    expect(await app.ended).toBe(0);
    expect(appImage()).toBe(newer);
    await expect.poll(() => existsSync(folder.file('marker'))).toBe(true);
  });

  it('is not put in place where it is not what the feed says', async () => {
    digest = hash('sha512', 'another file', 'base64');
    await using app = await launch('spoiled');
    await app.page.getByRole('button', { name: 'Check now' }).click();
    await app.answerNext('Download');
    await app.page.getByRole('button', { name: 'Download 99.0.0…' }).click();
    await app.page.getByText(/^Version 99\.0\.0 could not be loaded .*Nothing was changed\.$/).waitFor();
    digest = sha512;
    expect(appImage()).toBe('the old one');
  });

  it('waits for the end of NotAfter where the person does', async () => {
    await using app = await launch('later');
    await app.page.getByRole('button', { name: 'Check now' }).click();
    await app.answerNext('Download');
    await app.answerNext('Later');
    await app.page.getByRole('button', { name: 'Download 99.0.0…' }).click();
    await expect.poll(async () => (await app.state()).questions.length).toBe(2);
    expect(appImage()).toBe('the old one');
    await app.clickMenu('Quit NotAfter');
    expect(await app.ended).toBe(0);
    expect(appImage()).toBe(newer);
  });

  it('is only told of where this copy cannot be renewed', async () => {
    await using app = await launch('unpacked', {});
    await app.page.getByRole('button', { name: 'Check now' }).click();
    await app.page.getByRole('button', { name: 'Download 99.0.0…' }).click();
    await expect
      .poll(async () => (await app.state()).questions)
      .toMatchObject([{ message: 'NotAfter 99.0.0 is available', buttons: ['Close'] }]);
    expect(asked).not.toContain('/NotAfter.AppImage');
  });
});

describe('a copy that knows no feed', () => {
  it('says so, and asks nobody', async () => {
    await using app = await launch('feedless', { STAND_IN_RESOURCES: folder.file('none') });
    await app.page.getByText(/^This copy does not update itself/).waitFor();
    expect(asked).toEqual([]);
  });
});

describe('the log', () => {
  it('is shown from the settings, the tray and the palette', async () => {
    await using app = await launch('log');
    const path = folder.file('log/logs/notafter.log');
    const opened = async () => (await app.state()).opened;
    await app.page.getByText(path).waitFor();
    await app.page.getByRole('button', { name: 'Open log' }).click();
    await expect.poll(opened).toEqual([path]);
    await app.clickMenu('Show the log');
    await expect.poll(opened).toEqual([path, path]);
    await app.page.keyboard.press('ControlOrMeta+K');
    await app.page.getByPlaceholder('Type a command or a host').fill('open the log');
    await app.page.keyboard.press('Enter');
    await expect.poll(opened).toEqual([path, path, path]);
    expect(readFileSync(path, 'utf8')).toMatch(/\d{4}-\d{2}-\d{2} .* info /);
  });
});
