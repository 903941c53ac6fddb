import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { buildIfNeeded } from '../../build/build.ts';
import type { JobInput } from '../../shared/schema/job.ts';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { makeManyJobs } from '../support/many-jobs.ts';
import { servePrivatePki } from '../support/private-pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * Pictures of every screen with 36 hosts on a private PKI, empty, and with 10,000 hosts, each light and dark in three sizes:
 * `npm run screenshots [-- SCREEN…]`.
 */

const folder = join(import.meta.dirname, '../../docs/images');
/** Only these; all where none is named. */
const wanted = process.argv.slice(2);
const sizes = [
  { width: 900, height: 600 },
  { width: 1200, height: 800 },
  { width: 1400, height: 900 },
];
const themes = ['light', 'dark'] as const;

const screens: { name: string; prepare: (page: Page) => Promise<void> }[] = [
  { name: 'list', prepare: async () => undefined },
  {
    name: 'host',
    prepare: (page) => page.getByRole('link', { name: 'mail.example.com', exact: true }).click(),
  },
  {
    name: 'why',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'mail.example.com', exact: true }).click();
      const why = page.getByRole('region', { name: 'Why was I notified, or not?' });
      await why.getByRole('button').click();
      await why.getByRole('list', { name: 'Notifications' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'group',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'View ▾' }).click();
      await page.getByRole('menuitemradio', { name: 'Certificate', exact: true }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('row', { expanded: true }).first().waitFor();
      await page.getByRole('menu').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'accept',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'old.example.net', exact: true }).click();
      await page.getByRole('button', { name: 'Accept expired' }).click();
      await page.getByRole('dialog', { name: 'Accept this problem' }).waitFor();
    },
  },
  {
    name: 'search',
    prepare: async (page) => {
      await page.getByLabel('Search hosts').fill('tag:web ');
      await page.getByLabel('Search hosts').pressSequentially('sta');
      await page.getByRole('option', { name: 'status:' }).waitFor();
    },
  },
  {
    name: 'palette',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'mail.example.com', exact: true }).click();
      await page.getByRole('heading', { name: 'mail.example.com' }).waitFor();
      for (const box = page.getByPlaceholder('Type a command or a host'); !(await box.isVisible()); )
        await page.keyboard.press('Control+k'); // It is fetched a while after the list.
      await page.getByPlaceholder('Type a command or a host').fill('mail');
    },
  },
  {
    name: 'add',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Add host' }).click();
      await page.getByLabel('Address', { exact: true }).fill('mail.example.com:587');
    },
  },
  {
    name: 'add-many',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Add host' }).click();
      const lines = [
        'www.example.net',
        'https://shop.example.net/',
        'imap.example.net:143',
        'localhost:636',
        'two words',
        'www.example.net',
      ];
      await page.getByLabel('Address', { exact: true }).fill(lines.join('\n'));
    },
  },
  {
    name: 'selected',
    prepare: async (page) => {
      await page.getByRole('checkbox', { name: 'Select www.example.com' }).click();
      await page.getByRole('checkbox', { name: 'Select api.example.com' }).click();
    },
  },
  {
    name: 'alerts',
    prepare: async (page) => {
      await page.getByRole('link', { name: /^Alerts/ }).click();
      await page.getByRole('main').getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'tag-rules',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Add tag rule…' }).click();
    },
  },
  {
    name: 'edit',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'mail.example.com', exact: true }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Alerts/ })
        .click();
      await page.getByLabel('Maintenance windows').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'discover',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Discover' }).click();
      await page.getByRole('button', { name: 'New search' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'settings', prepare: (page) => page.getByRole('link', { name: 'Settings' }).click() },
];

await buildIfNeeded();
mkdirSync(folder, { recursive: true });
const executablePath = findChromium();
if (!executablePath) throw new Error('Screenshots need a Chromium.');
const browser = await chromium.launch({ executablePath, args: chromiumArgs });
const data = temporaryFolder();
const empty = await Service.start(data.file('empty'));
let service = empty;

async function take(name: string, prepare: (page: Page) => Promise<void>): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  for (const viewport of sizes) {
    for (const colorScheme of themes) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${service.ready.url}#token=${service.ready.token}`);
      await page.getByText(/\d hosts?$/).waitFor();
      await prepare(page);
      await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined); // The event stream never idles.
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`) });
      await page.close();
    }
  }
}

/** Adds jobs, and waits until each that is not paused was checked. */
async function addAndCheck(inputs: readonly JobInput[]): Promise<void> {
  const stop = new AbortController();
  const events = await service.events(stop.signal);
  await service.call('POST', '/jobs/import', { jobs: inputs });
  let unchecked = inputs.filter(({ paused }) => !paused).length;
  for await (const event of events) {
    if (event.type === 'check-finished') unchecked -= 1;
    if (unchecked === 0) break;
  }
  stop.abort();
}

await take('empty', async () => undefined);
await empty.end('SIGTERM');
mkdirSync(data.file('data'));
const { jobs, servers } = await servePrivatePki(data.file('data'), data.file('ca.pem'));
service = await Service.start(data.file('data'), '--ca', data.file('ca.pem'));
await addAndCheck(jobs);
for (const { name, prepare } of screens) await take(name, prepare);
await service.end('SIGTERM');
for (const server of servers) await server.close();

if (wanted.length === 0 || wanted.some((name) => name.startsWith('many'))) {
  await using many = await makeManyJobs(10_000);
  writeFileSync(data.file('many.pem'), many.root.pem);
  service = await Service.start(data.file('many'), '--ca', data.file('many.pem'));
  await service.call('PATCH', '/settings', { checksAtOnce: 20, checksPerHost: 20 });
  await addAndCheck(many.jobs);
  await take('many', async () => undefined);
  await take('many-host', (page) =>
    page.getByRole('link', { name: 'host-00000.example.com', exact: true }).click(),
  );
  await service.end('SIGTERM');
}

await browser.close();
data[Symbol.dispose]();
