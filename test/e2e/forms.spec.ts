import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../shared/schema/job.ts';
import { HeadlessApp } from './headless-app.ts';
import { discard } from './page-flows.ts';

describe('forms', () => {
  let app: HeadlessApp;
  let page: Page;
  beforeAll(async () => {
    app = await HeadlessApp.launch();
    page = app.page;
  });
  afterAll(() => app?.[Symbol.asyncDispose]());

  const dialog = () => page.getByRole('dialog');
  const add = async (name: string, port: number): Promise<JobView> => {
    const { body } = await app.service.call('POST', '/jobs', { target: { host: 'localhost', port }, name });
    return body as JobView; // SAFETY: the answer to a new job is the job.
  };
  const edit = async (name: string) => {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('complementary').getByRole('button', { name: /^Edit/ }).click();
    await dialog().waitFor();
  };

  it.each([
    ['Escape', () => page.keyboard.press('Escape')],
    ['a click outside', () => page.mouse.click(5, 5)],
    ['Cancel', () => dialog().getByRole('button', { name: 'Cancel' }).click()],
    ['its ×', () => dialog().getByRole('button', { name: 'Close' }).click()],
  ])('ask before %s takes what was typed, and close at once while nothing was', async (_way, close) => {
    if ((await page.getByRole('row').count()) === 0) await add('typed', 1);
    await edit('typed');
    await close();
    await dialog().waitFor({ state: 'detached' });
    await edit('typed');
    await dialog()
      .getByRole('button', { name: /^Notes/ })
      .click();
    await dialog().getByLabel('Notes').fill('Ask Ada first.');
    await close();
    const question = page.getByRole('alertdialog', { name: 'Discard your changes?' });
    await question.getByRole('button', { name: 'Keep editing' }).click();
    expect(await dialog().getByLabel('Notes', { exact: true }).inputValue()).toBe('Ask Ada first.');
    await close();
    await question.getByRole('button', { name: 'Discard' }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('ask in every dialog: tags and schedule of many, channels, tag rules', async () => {
    await page.getByRole('checkbox', { name: 'Select typed' }).click();
    for (const [button, type] of [
      [/^Tags/, () => dialog().getByLabel('Add tags').fill('a')],
      [/^Schedule/, () => dialog().getByLabel('Warn below').fill('12')],
    ] as const) {
      await page
        .getByRole('toolbar', { name: 'Actions for selected hosts' })
        .getByRole('button', { name: button })
        .click();
      await type();
      if (button.source === '^Tags') await page.keyboard.press('Enter');
      await discard(page);
    }
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('combobox', { name: 'Add channel' }).click();
    await page.getByRole('option', { name: 'Webhook', exact: true }).click();
    await dialog().getByLabel('Name', { exact: true }).fill('typed');
    await discard(page);
    await page.getByRole('button', { name: 'Add tag rule…' }).click();
    await dialog().getByLabel('Tag', { exact: true }).fill('typed');
    await discard(page);
    await page.getByRole('link', { name: /^All hosts/ }).click();
  });

  it('show both sides of a conflict, and keep mine, theirs, or some of each', async () => {
    const { id } = await add('contested', 2);
    const change = (body: object) => app.service.call('PATCH', `/jobs/${id}`, body);
    const now = async () => (await app.service.call('GET', `/jobs/${id}`)).body as JobView; // SAFETY: by its id.
    const typeNotes = async (notes: string) => {
      await edit('contested');
      await dialog()
        .getByRole('button', { name: /^Notes/ })
        .click();
      await dialog().getByLabel('Notes').fill(notes);
    };
    const save = () => dialog().getByRole('button', { name: 'Save' }).click();

    await typeNotes('mine');
    await change({ notes: 'theirs', tags: ['pci'] });
    await save();
    const panel = dialog().getByRole('region', { name: 'Edited elsewhere' });
    const line = panel.getByRole('row', { name: /Notes/ });
    await line.getByRole('cell', { name: 'mine', exact: true }).waitFor();
    await line.getByRole('cell', { name: 'theirs', exact: true }).waitFor();
    // What only they changed is no conflict.
    expect(await panel.getByRole('row', { name: /Tags/ }).count()).toBe(0);
    await save();
    await dialog().waitFor({ state: 'detached' });
    expect(await now()).toMatchObject({ notes: 'mine', tags: ['pci'] });

    await typeNotes('mine again');
    await change({ notes: 'theirs again' });
    await save();
    await panel.getByRole('button', { name: 'Load theirs' }).click();
    expect(await dialog().getByLabel('Notes', { exact: true }).inputValue()).toBe('theirs again');
    await panel.getByText('Mine', { exact: true }).click();
    expect(await dialog().getByLabel('Notes', { exact: true }).inputValue()).toBe('mine again');
    await panel.getByRole('button', { name: 'Load theirs' }).click();
    await save();
    await dialog().waitFor({ state: 'detached' });
    expect(await now()).toMatchObject({ notes: 'theirs again' });
  });

  it('name a host that is already there, and open it or add it all the same', async () => {
    await page.keyboard.press('n');
    await dialog().getByLabel('Address', { exact: true }).fill('localhost:2');
    const notice = dialog().getByText('contested is already in the list.');
    await notice.waitFor();
    await page.keyboard.press('Enter');
    await dialog().getByRole('button', { name: 'Open it' }).click();
    await page.getByRole('complementary', { name: 'Certificate of contested' }).waitFor();
    const count = () => page.getByRole('row').count();
    expect(await count()).toBe(3);
    await page.keyboard.press('n');
    await dialog().getByLabel('Address', { exact: true }).fill('localhost:2');
    await dialog().getByRole('button', { name: 'Add anyway' }).click();
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(count).toBe(4);
  });

  it('focus the first invalid field, in view, with the footer in view too', async () => {
    await page.setViewportSize({ width: 900, height: 600 });
    await page.keyboard.press('n');
    await dialog().getByLabel('Address', { exact: true }).fill('localhost:4');
    for (const name of [/^Connection/, /^Alerts/, /^Trust/, /^Notes/])
      await dialog().getByRole('button', { name }).click();
    await dialog().getByLabel('Warn below').fill('7');
    await dialog().getByLabel('Critical below').fill('10');
    await dialog().getByLabel('Notes').focus();
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await dialog().getByText('Enter 7 days or less: the warning is at 7 days.').waitFor();
    const field = dialog().getByLabel('Critical below');
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    for (const target of [field, dialog().getByRole('button', { name: 'Add', exact: true })]) {
      const box = await target.boundingBox();
      expect(box && box.y >= 0 && box.y + box.height <= 600).toBe(true);
    }
    await dialog().getByRole('alert').filter({ hasText: '1 field needs a change' }).waitFor();
  });

  it('say at once why a cron expression is none, and when the next checks are', async () => {
    await dialog().getByLabel('Critical below').fill('');
    await dialog().getByLabel('Check schedule').click();
    await page.getByRole('option', { name: 'Cron expression' }).click();
    await dialog().getByLabel('Cron expression').fill('61 * * * *');
    await dialog()
      .getByRole('status')
      .filter({ hasText: /^This is not a cron pattern/ })
      .waitFor();
    await dialog().getByLabel('Cron expression').fill('0 0 31 2 *');
    await dialog()
      .getByRole('status')
      .filter({ hasText: 'This pattern names no time that is still to come.' })
      .waitFor();
    await dialog().getByLabel('Cron expression').fill('0 6 * * 1');
    await dialog()
      .getByText(/only on Monday\. Next checks: /)
      .waitFor();
    await discard(page);
  });
});
