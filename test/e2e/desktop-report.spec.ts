import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { launchDesktop } from './desktop-app.ts';
import { sees } from './page-flows.ts';

it('a report is printed to a PDF by the desktop app', async () => {
  using folder = temporaryFolder();
  await using app = await launchDesktop({});
  const { page } = app;
  const dialog = page.getByRole('dialog');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Add report…' }).click();
  await dialog.getByLabel('Name').fill('monthly');
  await dialog.getByLabel('Folder (optional)').fill(folder.path);
  await dialog.getByRole('combobox', { name: 'Format of the file' }).click();
  await page.getByRole('option', { name: 'PDF' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Send now monthly' }).click();
  await sees(page, /^Sent monthly to .*certificates-monthly-.*\.pdf\.$/);
  const [name = ''] = readdirSync(folder.path);
  const pdf = readFileSync(folder.file(name), 'latin1');
  expect(pdf).toMatch(/^%PDF-/);
  // One sheet of A4, in points.
  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
  expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  // The window that it was printed in is gone.
  expect((await app.state()).windows).toHaveLength(1);
});
