import { expect, it } from 'vitest';
import { launchDesktop } from './desktop-app.ts';
import { sees } from './page-flows.ts';

it('a channel that runs a program is asked for in a dialog of the system, with its full path', async () => {
  await using app = await launchDesktop({});
  const { page } = app;
  const dialog = page.getByRole('dialog');
  const save = () => dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Add channel' }).click();
  await page.getByRole('option', { name: 'Program' }).click();
  await dialog.getByLabel('Program', { exact: true }).fill('/bin/true');
  await dialog.getByLabel('Arguments (one per line)').fill('--team\nweb, shop');
  await app.answerNext('Don’t allow');
  await save();
  await dialog.getByText('You did not allow this command.').waitFor();
  expect((await app.state()).questions).toEqual([
    {
      message: 'Let NotAfter run /bin/true for alerts?',
      buttons: ['Allow', 'Never run programs', 'Don’t allow'],
    },
  ]);
  await app.answerNext('Allow');
  await save();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Test program' }).click();
  await sees(page, 'Delivered to program.');
  // Another command is another question; after “never” none comes again.
  await page.getByRole('button', { name: 'Edit program' }).click();
  expect(await dialog.getByLabel('Arguments (one per line)').inputValue()).toBe('--team\nweb, shop');
  await dialog.getByLabel('Arguments (one per line)').fill('--team');
  await app.answerNext('Never run programs');
  await save();
  await dialog.getByText(/^Programs are turned off on this computer/).waitFor();
  await save();
  await dialog.getByText(/^Programs are turned off on this computer/).waitFor();
  expect((await app.state()).questions).toHaveLength(3);
});
