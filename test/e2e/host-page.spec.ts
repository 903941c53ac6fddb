import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { liveThrough } from '../support/past.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';

describe('the page of a host', () => {
  let service: Service;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let folder: ReturnType<typeof temporaryFolder>;
  let result: CheckResult;
  const root = makeCa('Corp Root', { notBeforeDays: -1500 });

  beforeAll(async () => {
    folder = temporaryFolder();
    const intermediate = root.issue({
      name: 'Corp CA 2',
      isCa: true,
      sans: [],
      notBeforeDays: -1200,
      notAfterDays: 900,
    });
    writeFileSync(folder.file('ca.pem'), root.pem);
    mkdirSync(folder.file('data'));
    const names = [
      'mail.example.com',
      'localhost',
      ...Array.from({ length: 20 }, (_, index) => `alt-${index}.example.com`),
    ];
    const certificates = [150, 90, 30].map((fromDaysAgo) => ({
      fromDaysAgo,
      leaf: intermediate.issue({
        name: 'mail.example.com',
        sans: names,
        notBeforeDays: -fromDaysAgo,
        notAfterDays: 90 - fromDaysAgo,
      }),
      behind: [intermediate],
    }));
    const job = {
      name: 'mail',
      tags: ['24x7'],
      target: {},
      notes: 'Ask Ada. Runbook: https://wiki.example.com/mail.',
    };
    server = await liveThrough(folder.file('data'), folder.file('ca.pem'), {
      job,
      certificates,
      everyDays: 10,
    });
    service = await Service.start(folder.file('data'), '--ca', folder.file('ca.pem'));
    await service.call('PATCH', '/settings', {
      tagRules: [{ tag: '24x7', thresholds: { warning: { days: 40 } } }],
    });
    const { body } = await service.call('GET', '/jobs');
    const { items } = body as { items: { id: string }[] }; // SAFETY: the API's list.
    result = (await service.call('POST', `/jobs/${items[0]?.id}/check`)).body as CheckResult; // SAFETY: as above.
    const executablePath = findChromium();
    if (!executablePath) throw new Error('The specs need a Chromium: see CONTRIBUTING.md.');
    browser = await chromium.launch({ executablePath, args: chromiumArgs });
    const context = await browser.newContext({
      viewport: { width: 1200, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = await context.newPage();
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    await page.getByRole('link', { name: 'mail', exact: true }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
    await server?.close();
    folder?.[Symbol.dispose]();
  });
  const pane = () => page.getByRole('complementary', { name: 'Certificate of mail' });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  it('says how long is left, with thresholds and where they come from, and when renewal is expected', async () => {
    await pane()
      .getByRole('heading', { name: /^Expires in 59 days$/ })
      .waitFor();
    await pane().getByText('Renewal expected').waitFor();
    await pane().getByText('Warning below 40 days').waitFor();
    await pane().getByText('(tag 24x7)').waitFor();
    await pane().getByText('(default)').waitFor();
    await pane().getByText('Daily, more often as expiry nears').waitFor();
  });

  it('has subject, issuer, validity in UTC, root and revocation in full', async () => {
    const { certificate } = result;
    if (!certificate) throw new Error('The server shows a certificate.');
    await pane().getByText(certificate.subject, { exact: true }).waitFor();
    await pane().getByText(certificate.issuer, { exact: true }).first().waitFor();
    for (const time of [certificate.validFrom, certificate.validTo])
      await pane()
        .getByText(`${time.slice(0, 16).replace('T', ' ')} UTC`, { exact: true })
        .waitFor();
    await pane()
      .getByText(/^Root: .*Corp Root/)
      .waitFor();
    await pane().getByText('Not checked: checking with the CA is off').waitFor();
  });

  it('copies names, serial number and fingerprint', async () => {
    const { certificate } = result;
    await pane().getByRole('button', { name: 'Copy SHA-256' }).first().click();
    await expect.poll(clipboard).toBe(certificate?.fingerprint256);
    await pane().getByRole('button', { name: 'Copy Names' }).click();
    await expect.poll(clipboard).toBe(certificate?.sans.join('\n'));
    await pane().getByRole('button', { name: 'Copy Serial number' }).first().click();
    expect((await clipboard()).replaceAll(':', '').replace(/^0/, '')).toBe(
      certificate?.serialNumber.replace(/^0/, ''),
    );
  });

  it('opens the certificates of the chain, and shows the root that the server does not send', async () => {
    const card = pane().getByRole('button', { name: /Corp CA 2/ });
    expect(await card.getAttribute('aria-expanded')).toBe('false');
    await card.click();
    expect(await card.getAttribute('aria-expanded')).toBe('true');
    await pane()
      .getByText(result.chain[1]?.fingerprint256 ?? 'none', { exact: true })
      .waitFor();
    await pane()
      .getByText(/^Root, not sent by the server/)
      .waitFor();
  });

  it('has notes with links at its top, and its past as a table', async () => {
    const link = pane().getByRole('link', { name: 'https://wiki.example.com/mail', exact: true });
    expect(await link.getAttribute('href')).toBe('https://wiki.example.com/mail');
    const [notes, problems] = await Promise.all([
      pane().getByText('Ask Ada.').boundingBox(),
      pane().getByText('No problems found').boundingBox(),
    ]);
    expect(notes && problems && notes.y < problems.y).toBe(true);
    const table = pane().getByRole('table');
    expect(await table.getByRole('row').count()).toBe(4);
    await table.getByRole('cell', { name: 'In use' }).waitFor();
    expect(await table.getByRole('cell', { name: /^\d+ days left$/ }).count()).toBe(2);
  });

  it('compares a certificate with the previous one, field by field', async () => {
    await pane()
      .getByRole('button', { name: /^Compare the certificate of/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Compare certificates' });
    const field = (name: string) =>
      dialog.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    await field('Serial number').waitFor();
    const cells = await field('Serial number').getByRole('cell').allTextContents();
    expect(cells).toHaveLength(2);
    expect(cells[0]).not.toBe(cells[1]);
    expect(await field('Subject').getByRole('cell').allTextContents()).toEqual([
      'CN=mail.example.com (the same)',
    ]);
    expect(await field('Lifetime').getByRole('cell').allTextContents()).toEqual(['90 days (the same)']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows the value under the pointer in its charts', async () => {
    const chart = pane().getByRole('img', { name: /^Days left from/ });
    await chart.scrollIntoViewIfNeeded();
    await chart.hover();
    await pane()
      .getByText(/^\w{3}, .*: \d+ days left$/)
      .waitFor();
  });

  it('says why a person was, or was not, notified, and follows what holds alerts back', async () => {
    const why = pane().getByRole('region', { name: 'Why was I notified, or not?' });
    await why.getByRole('button').click();
    await why.getByText(/^This host renews its certificate by itself\. You are notified if/).waitFor();
    await why.getByText('Below 40 days').waitFor();
    await why.getByText('(tag 24x7)').waitFor();
    await why.getByText(/^Renewed \d+ days before expiry/).waitFor();
    await service.call('PATCH', '/settings', {
      quietHours: { from: '00:00', to: '23:59', timezone: 'UTC' },
      alerts: { changes: false },
    });
    await why.getByText('Quiet hours: only critical alerts notify you.').waitFor();
    await why.getByText('Unexpected changes (settings)').waitFor();
    await service.call('PATCH', '/settings', { quietHours: null, alerts: { changes: null } });
    await why.getByText('Quiet hours: only critical alerts notify you.').waitFor({ state: 'detached' });
  });

  it('is closed by its ×, is resized by keys, and keeps its width for windows as wide', async () => {
    const width = async () => (await pane().boundingBox())?.width ?? 0;
    const before = await width();
    await pane().getByRole('separator').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(width).toBe(before + 24);
    await page.reload();
    await pane().waitFor();
    expect(await width()).toBe(before + 24);
    const size = page.viewportSize() ?? { width: 1200, height: 800 };
    await page.setViewportSize({ ...size, width: 1500 });
    await expect.poll(width).toBe(432);
    await pane().getByRole('separator').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(width).toBe(408);
    await page.setViewportSize(size);
    await expect.poll(width).toBe(before + 24);
    await pane().getByRole('button', { name: 'Close' }).click();
    await pane().waitFor({ state: 'detached' });
  });

  it('says how long is left by what ends first of the path, and names it', async () => {
    const short = root.issue({ name: 'Corp CA 3', isCa: true, sans: [], notAfterDays: 30.5 });
    await using limited = await serveTls(short.issue({ sans: ['localhost'], notAfterDays: 90.5 }), [short]);
    await service.call('POST', '/jobs', {
      name: 'limited',
      target: { host: 'localhost', port: limited.port },
    });
    await page.getByRole('link', { name: 'limited', exact: true }).click();
    const limitedPane = page.getByRole('complementary', { name: 'Certificate of limited' });
    await limitedPane.getByRole('heading', { name: /^Expires in 30 days$/ }).waitFor();
    await limitedPane
      .getByText('With “Corp CA 3”, further up the chain; the certificate itself in 90 days')
      .waitFor();
  });
});
