import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { HeadlessApp } from './headless-app.ts';

const count = 120;

describe('on paper', () => {
  let app: HeadlessApp;
  let page: Page;
  let server: TestServer;
  beforeAll(async () => {
    const ca = makeCa('Page Root');
    server = await serveTls(ca.issue(), [ca]);
    app = await HeadlessApp.launch();
    page = app.page;
    const jobs = Array.from({ length: count }, (_, index) => ({
      name: `host-${String(index).padStart(3, '0')}`,
      target: { host: 'localhost', port: server.port, servername: `host-${index}.example` },
    }));
    await app.service.call('POST', '/jobs/import', { jobs });
    await page.getByText(`${count} hosts`, { exact: true }).waitFor();
    // Once all are checked, so that no row moves while it is measured.
    await page.getByText(`${count} of ${count} need attention`).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    await page.emulateMedia({ colorScheme: 'dark' });
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await server?.close();
  });

  /** What a locator looks like on paper. */
  const onPaper = async <Value>(read: () => Promise<Value>): Promise<Value> => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const value = await read();
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: null, colorScheme: 'dark' });
    return value;
  };

  it('the list has every row, one below the other, and nothing to press', async () => {
    const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
    expect(await rows.count()).toBeLessThan(count);
    const [drawn, tops, colors, buttons] = await onPaper(() =>
      Promise.all([
        rows.count(),
        rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().top)),
        rows
          .first()
          .evaluate((row) => [getComputedStyle(row).color, getComputedStyle(document.body).backgroundColor]),
        page.getByRole('button', { name: 'Add host' }).count(),
      ]),
    );
    expect(drawn).toBe(count);
    expect(tops).toEqual(tops.toSorted((one, other) => one - other));
    expect(new Set(tops).size).toBe(count);
    expect(colors).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    expect(buttons).toBe(0);
    await expect.poll(() => rows.count()).toBeLessThan(count);
  });

  it('goes over several sheets of a PDF', async () => {
    const pdf = await page.pdf({ format: 'A4' });
    // ISO 32000-1 §7.7.3.3: each page is an object of this type.
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(sheets.length).toBeGreaterThan(1);
  });

  it('the page of a host stands alone, at its full length', async () => {
    await page.getByRole('link', { name: 'host-000', exact: true }).click();
    const pane = page.getByRole('complementary');
    await pane.getByRole('heading', { name: 'Connection' }).waitFor();
    const [isListShown, cut, buttons] = await onPaper(() =>
      Promise.all([
        page.getByRole('grid', { name: 'Hosts' }).isVisible(),
        pane.evaluate((element) => element.scrollHeight - element.clientHeight),
        pane.getByRole('button', { name: 'Check now' }).count(),
      ]),
    );
    expect([isListShown, cut, buttons]).toEqual([false, 0, 0]);
  });
});
