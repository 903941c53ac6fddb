import { expect, it } from 'vitest';
import { HeadlessApp } from './headless-app.ts';

// A browser lets requests of up to 64 KiB outlast a page: the ids of some 1,600 hosts.
it.each([200, 2_000])('leaving the page confirms the deletion of %i hosts', async (number) => {
  await using app = await HeadlessApp.launch();
  const { page, service } = app;
  const jobs = Array.from({ length: number }, (_, index) => ({
    target: { host: '127.0.0.1', port: 20_000 + index },
    paused: true,
  }));
  await service.call('POST', '/jobs/import', { jobs });
  await page
    .getByText(`${number.toLocaleString('en')} hosts`)
    .first()
    .waitFor();
  await page.getByRole('row').nth(3).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.getByText(/hosts deleted$/).waitFor();
  await page.goto('about:blank');
  const total = async () => {
    const { body } = await service.call('GET', '/jobs?limit=1');
    return (body as { total: number }).total; // SAFETY: the contract of GET /jobs.
  };
  await expect.poll(total).toBe(0);
});
