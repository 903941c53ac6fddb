import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillWithFinds } from '../support/many-finds.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectAccessible } from './axe.ts';
import { HeadlessApp } from './headless-app.ts';
import { sees } from './page-flows.ts';

describe('the page Discover with 5,000 finds', () => {
  const folder = temporaryFolder();
  let app: HeadlessApp;
  beforeAll(async () => {
    await fillWithFinds(folder.path, 5_000);
    app = await HeadlessApp.launch(folder.path);
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const drawn = () => app.page.locator('[data-find]').count();

  it('draws those in view alone, however many were read', async () => {
    const { page } = app;
    await page.getByRole('link', { name: 'Discover' }).click();
    await page.getByText('New 4,375', { exact: true }).waitFor();
    await sees(page, 'host-00000.lab.example');
    expect(await drawn()).toBeLessThan(60);
    await expectAccessible(page, 'thousands of finds');
    for (let rest = 4_375 - 200; rest > 0; rest -= 1_000) {
      const more = page.getByRole('button', { name: /^Show [\d,]+ more finds$/ });
      expect(await more.textContent()).toBe(`Show ${Math.min(rest, 1_000).toLocaleString('en')} more finds`);
      await more.click();
      await page
        .getByText(`Select all ${Math.min(4_375, 4_375 - rest + 1_000).toLocaleString('en')} shown`)
        .waitFor();
    }
    expect(await drawn()).toBeLessThan(60);
  });

  it('shows the last one at the end, and the first one at the top, each at its place', async () => {
    const { page } = app;
    const main = page.getByRole('main');
    await main.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const last = page.locator('[aria-posinset="4375"]');
    await last.getByText('host-04998.lab.example').waitFor();
    expect(await last.getAttribute('aria-setsize')).toBe('4375');
    expect(await drawn()).toBeLessThan(60);
    await main.evaluate((element) => element.scrollTo(0, 0));
    const first = page.locator('[aria-posinset="1"]');
    await first.waitFor();
    // Rows follow each other without a gap, and the first one the line above the list.
    const boxes = await page
      .locator('[data-find]')
      .evaluateAll((rows) =>
        rows.map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]),
      );
    for (const [index, [top = 0]] of boxes.entries())
      if (index > 0) expect(Math.abs(top - (boxes[index - 1]?.[1] ?? 0))).toBeLessThan(1.5);
  });

  it('selects all and one less by the keyboard, and finds one by its name', async () => {
    const { page } = app;
    await page.getByLabel(/^Select all/).focus();
    await page.keyboard.press('Space');
    await sees(page, '4,375 finds selected');
    await page.getByLabel('Select host-00000.lab.example').focus();
    await page.keyboard.press('Space');
    await sees(page, '4,374 finds selected');
    await page.getByLabel('Filter finds').fill('host-04990');
    await expect.poll(drawn).toBe(1);
    await sees(page, 'host-04990.lab.example');
  });
});

describe('the page Discover with more finds than the API returns at once', () => {
  it('shows as many as that, says how many more there are, and changes all that it shows', async () => {
    using folder = temporaryFolder();
    await fillWithFinds(folder.path, 12_000);
    await using app = await HeadlessApp.launch(folder.path);
    const { page } = app;
    await page.getByRole('link', { name: 'Discover' }).click();
    await page.getByText('New 10,500', { exact: true }).waitFor();
    for (let shown = 200; shown < 10_000; shown = Math.min(shown + 1_000, 10_000)) {
      await page.getByText(`Select all ${shown.toLocaleString('en')} shown`).waitFor();
      // By keyboard: it moves down while the rows above are measured, and so away from the pointer.
      await page.getByRole('button', { name: /^Show [\d,]+ more finds$/ }).press('Enter');
    }
    await sees(page, '500 more finds. Filter the list to see them.');
    expect(await page.getByRole('button', { name: /^Show .* more finds$/ }).count()).toBe(0);
    await page.getByLabel('Select all 10,000 shown').check();
    await page.getByRole('button', { name: 'Ignore', exact: true }).first().click();
    await page.getByText('Ignored 10,000', { exact: true }).waitFor();
    await page.getByText('New 500', { exact: true }).waitFor();
    await sees(page, 'Select all 500 shown');
  });
});
