import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateFormats } from '../../renderer/lib/dates.ts';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

const day = 86_400_000;
/** Digits of other scripts, and dates as they are written in Japanese. */
const foreign = /[٠-٩۰-۹年月日]/;

describe('times in the page', () => {
  let app: HeadlessApp;
  let server: TestServer;
  let validTo: string;
  beforeAll(async () => {
    server = await serveTls(makeCa('Page Root').issue({ notBeforeDays: -84, notAfterDays: 5.5 }));
    app = await HeadlessApp.launch();
    const target = { host: 'localhost', port: server.port };
    const { body } = await app.service.call('POST', '/jobs', { target, name: 'mail' });
    const { id } = body as { id: string }; // SAFETY: the answer to a new job is the job.
    const { body: result } = await app.service.call('POST', `/jobs/${id}/check`);
    validTo = (result as { certificate: { validTo: string } }).certificate.validTo; // SAFETY: the server shows one.
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await server?.close();
  });

  const open = async (options: BrowserContextOptions, at: number, use: (page: Page) => Promise<void>) => {
    const context = await app.browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
    const page = await context.newPage();
    await page.clock.install({ time: at });
    await page.goto(`${app.service.ready.url}#token=${app.service.ready.token}`);
    await page.getByRole('link', { name: 'mail', exact: true }).click();
    await use(page);
    await context.close();
  };

  it.each([
    [0, 'in 5 days', 'expires in 5 days', 'Expires in 5 days'],
    [2, 'in 3 days', 'expires in 3 days', 'Expires in 3 days'],
    [7, '1 day ago', 'expired 1 day ago', 'Expired 1 day ago'],
  ])('count from now, %i days after they were stored', async (days, cell, title, problem) => {
    await open({ locale: 'en-GB' }, Date.now() + days * day, async (page) => {
      await page.getByRole('row', { name: /mail/ }).getByText(cell, { exact: true }).waitFor();
      const pane = page.getByRole('complementary', { name: 'Certificate of mail' });
      await pane.getByText(problem).first().waitFor();
      await pane.getByText(`mail ${title}`).waitFor();
      // No sentence on the page still has the days of when it was stored.
      if (days > 0) expect(await page.getByText('in 5 days').count()).toBe(0);
      await page.getByRole('link', { name: /^Alerts/ }).click();
      await page.getByRole('main').getByText(`mail ${title}`).waitFor();
    });
  });

  it.each([
    ['Europe/Berlin', 'de'],
    ['America/Los_Angeles', 'en-US'],
    ['Asia/Kathmandu', 'fa'],
    ['Pacific/Auckland', 'en-GB'],
    ['UTC', 'ar-EG'],
    ['Asia/Tokyo', 'ja'],
  ])('are those of %s in %s, in English with UTC on hover', async (timezoneId, locale) => {
    await open({ timezoneId, locale }, Date.now(), async (page) => {
      const { exactTime, exactDate } = dateFormats(locale, timezoneId);
      const pane = page.getByRole('complementary', { name: 'Certificate of mail' });
      const time = pane.getByText(exactTime(validTo), { exact: true }).first();
      await time.waitFor();
      // It comes once the page is idle.
      const utc = `${validTo.slice(0, 16).replace('T', ' ')} UTC`;
      await expect.poll(() => time.getAttribute('title')).toContain(utc);
      await sees(page, exactDate(validTo));
      const why = pane.getByRole('region', { name: 'Why was I notified, or not?' });
      await why.getByRole('button').click();
      await why.getByText('Below', { exact: false }).first().waitFor();
      const text = await page.evaluate(() => document.body.innerText);
      expect(text).not.toMatch(foreign);
    });
  });

  it.each([
    ['Pacific/Kiritimati', 'fa'],
    ['America/Los_Angeles', 'ar-EG'],
    ['Asia/Kathmandu', 'ja'],
  ])('name the months of groups and the end of an accepted problem in %s, %s', async (timezoneId, locale) => {
    await open({ timezoneId, locale }, Date.now(), async (page) => {
      const { monthName, shortTime } = dateFormats(locale, timezoneId);
      await page.goto(`${app.service.ready.url}#/?by=month`);
      await page
        .getByRole('row', { expanded: true })
        .getByText(monthName(validTo), { exact: true })
        .waitFor();
      await page.getByRole('link', { name: 'mail', exact: true }).click();
      const pane = page.getByRole('complementary', { name: 'Certificate of mail' });
      const accept = pane.getByRole('button', { name: 'Accept expiring' });
      await accept.click();
      const dialog = page.getByRole('dialog', { name: 'Accept this problem' });
      await dialog.getByRole('radio', { name: 'A date' }).check();
      await dialog.getByLabel('Accept through').fill('2027-01-31');
      await dialog.getByLabel('Reason').fill('A test host');
      await dialog.getByRole('button', { name: 'Accept problem' }).click();
      await pane.getByText('Accepted: A test host').waitFor();
      const { body } = await app.service.call('GET', '/jobs');
      // SAFETY: the contract of GET /jobs.
      const { items } = body as { items: { accepted: { until: string }[] }[] };
      const until = items[0]?.accepted[0]?.until ?? '';
      // The day that was chosen ends at the midnight of the person who chose it.
      expect(shortTime(until)).toMatch(/^Mon,? (?:1 Feb|Feb 1), (?:00:00|12:00 am)$/i);
      await pane.getByText(`Until ${shortTime(until)}`).waitFor();
      expect(await page.evaluate(() => document.body.innerText)).not.toMatch(foreign);
      await pane.getByRole('button', { name: 'Undo accepting expiring' }).click();
      await accept.waitFor();
    });
  });
});
