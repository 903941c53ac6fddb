import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/schema/settings.ts';
import { HeadlessApp } from './headless-app.ts';
import { row, sees } from './page-flows.ts';

describe('everything that is moved to another machine by the page', () => {
  let [old, fresh]: HeadlessApp[] = [];
  let text = '';
  beforeAll(async () => {
    [old, fresh] = await Promise.all([HeadlessApp.launch(), HeadlessApp.launch()]);
  });
  afterAll(async () => {
    await old?.[Symbol.asyncDispose]();
    await fresh?.[Symbol.asyncDispose]();
  });
  const running = (app: HeadlessApp | undefined) => {
    if (!app) throw new Error('The service did not start.');
    return app;
  };
  const choose = async ({ page }: HeadlessApp, content: string) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import file…' }).click();
    const file = { name: 'all.json', mimeType: 'application/json', buffer: Buffer.from(content) };
    await (await chooser).setFiles(file);
    return page.getByRole('dialog', { name: 'Import all.json' });
  };
  // SAFETY: the API's settings.
  const settingsOf = async ({ service }: HeadlessApp) =>
    (await service.call('GET', '/settings')).body as Settings;

  it('is exported to a file without secrets', async () => {
    const app = running(old);
    await app.service.call('PATCH', '/settings', {
      retentionDays: 99,
      webhooks: [{ name: 'ops', url: 'http://127.0.0.1:9/hidden-path' }],
    });
    await app.service.call('POST', '/jobs', {
      target: { host: 'localhost', port: 1 },
      name: 'Moved',
      paused: true,
    });
    await app.page.getByRole('link', { name: 'Settings' }).click();
    const download = app.page.waitForEvent('download');
    await app.page.getByRole('button', { name: 'Export everything' }).click();
    expect((await download).suggestedFilename()).toBe('notafter-export.json');
    text = readFileSync(await (await download).path(), 'utf8');
    expect(text).toContain('"retentionDays": 99');
    expect(text).not.toContain('hidden-path');
  });

  it('is shown before it is imported, and nothing changes when that is called off', async () => {
    const app = running(fresh);
    const before = await settingsOf(app);
    await app.page.getByRole('link', { name: 'Settings' }).click();
    const dialog = await choose(app, text);
    await dialog.getByText('Adds 1 host and changes 2 settings and sources of this machine.').waitFor();
    await dialog.getByText('Enter its secrets, then turn it on.').waitFor();
    await dialog.getByText('Not exported: secrets of channels: ops.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await settingsOf(app)).toEqual(before);
  });

  it('is there after the import, also in the fields that were open', async () => {
    const app = running(fresh);
    const dialog = await choose(app, text);
    await dialog.getByRole('button', { name: 'Import everything' }).click();
    await dialog.waitFor({ state: 'detached' });
    await sees(app.page, '1 host added, 2 settings and sources changed');
    await expect.poll(() => app.page.getByLabel('Keep results for (days)').inputValue()).toBe('99');
    expect(await settingsOf(app)).toMatchObject({
      retentionDays: 99,
      channels: [{ name: 'ops', enabled: false }],
    });
    // The same file again changes nothing, and there is nothing to import.
    const again = await choose(app, text);
    await again.getByText('This machine already has everything in this file.').waitFor();
    expect(await again.getByRole('button', { name: 'Import everything' }).isDisabled()).toBe(true);
    await again.getByRole('button', { name: 'Cancel' }).click();
    await app.page.getByRole('link', { name: /^All hosts/ }).click();
    await row(app.page, 'Moved').waitFor();
  });

  it('names the addresses that it replaces, and what is wrong with a file', async () => {
    const app = running(old);
    const edited = JSON.parse(text);
    edited.settings.channels[0].url = 'http://127.0.0.2:9/another';
    const dialog = await choose(app, JSON.stringify(edited));
    await dialog
      .getByText(
        'It is replaced by one with a different address (http://127.0.0.1:9 here, http://127.0.0.2:9 in the file).',
      )
      .waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await choose(app, JSON.stringify({ ...edited, schemaVersion: 999 }));
    await sees(app.page, /This file was exported by a newer NotAfter/);
  });
});
