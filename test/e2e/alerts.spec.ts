import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCa } from '../support/pki.ts';
import { serveTls, type TestServer } from '../support/tls-server.ts';
import { expectAccessible } from './axe.ts';
import { HeadlessApp } from './headless-app.ts';

const names = ['alpha', 'beta', 'gamma', 'delta'];

describe('the page of alerts', () => {
  let app: HeadlessApp;
  let page: Page;
  let server: TestServer;
  const idOf = new Map<string, { job: string; alert: number }>();
  beforeAll(async () => {
    const ca = makeCa('Page Root');
    server = await serveTls(ca.issue({ sans: names.map((name) => `${name}.example`) }), [ca]);
    app = await HeadlessApp.launch();
    page = app.page;
    const jobs = new Map<string, string>();
    for (const name of names) {
      const target = { host: 'localhost', port: server.port, servername: `${name}.example` };
      const tags = name === 'alpha' ? ['web'] : [];
      const { body } = await app.service.call('POST', '/jobs', { target, name, tags });
      const { id: job } = body as { id: string }; // SAFETY: the contract of POST /jobs.
      jobs.set(name, job);
    }
    // All at once: they are in one notification.
    for (const [name, job] of jobs)
      await vi.waitFor(async () => {
        const answer = await app.service.call('GET', `/alerts?jobId=${job}`);
        const [alert] = (answer.body as { items: { id: number; notifiedAt: string | null }[] }).items; // SAFETY: the contract of GET /alerts.
        if (!alert?.notifiedAt) throw new Error('Nobody was notified yet.'); // What is resolved before is not shown.
        idOf.set(name, { job, alert: alert.id });
      }, 20_000);
    const [beta, gamma, delta] = ['beta', 'gamma', 'delta'].map((name) => idOf.get(name));
    await app.service.call('POST', `/alerts/${beta?.alert}/snooze`, { until: 'renewed' });
    await app.service.call('POST', '/alerts/acknowledge', { ids: [gamma?.alert] });
    await app.service.call('POST', `/jobs/${delta?.job}/accept`, {
      problem: 'untrusted-issuer',
      reason: 'A test host',
    });
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await server?.close();
  });

  const go = (hash: string) => page.goto(`${app.service.ready.url}${hash}`);
  const group = (name: string) => page.getByRole('region', { name });
  const shown = async () => {
    const groups = await page
      .getByRole('main')
      .getByRole('region')
      .evaluateAll((regions) =>
        regions.map((region) => [
          region.querySelector('h3')?.textContent,
          ...[...region.querySelectorAll('[data-title]')].map((title) => title.textContent?.split(' ')[0]),
        ]),
      );
    return groups;
  };
  const announced = (text: string | RegExp) =>
    page.locator('[data-announcements]').filter({ hasText: text }).waitFor({ state: 'attached' });

  it('puts alerts together by their states, and keeps in the address which are shown', async () => {
    await go('#/alerts');
    await expect.poll(shown).toEqual([
      ['Needs attention 1', 'alpha'],
      ['Snoozed 1', 'beta'],
    ]);
    await page.getByText('All', { exact: true }).click();
    const all = [
      ['Needs attention 1', 'alpha'],
      ['Snoozed 1', 'beta'],
      ['Acknowledged 1', 'gamma'],
      ['Resolved 1', 'delta'],
    ];
    await expect.poll(shown).toEqual(all);
    expect(new URL(page.url()).hash).toBe('#/alerts?show=all');
    await page.reload();
    await expect.poll(shown).toEqual(all);
    await page.goBack();
    await expect.poll(shown).toHaveLength(2);
    await expectAccessible(page, 'alerts by state');
  });

  it('is searched in the language of the list, by keyboard alone, and keeps the search in the address', async () => {
    await go('#/alerts?show=all');
    await group('Resolved').waitFor();
    await page.keyboard.press('/');
    const search = page.getByRole('combobox', { name: 'Search alerts' });
    await search.and(page.locator(':focus')).waitFor();
    await page.keyboard.type('status:sn');
    await page.getByRole('option', { name: 'snoozed' }).waitFor();
    await expectAccessible(page, 'search of alerts');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(shown).toEqual([['Snoozed 1', 'beta']]);
    await announced('1 alert found');
    await expect
      .poll(() => new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('q')?.trim())
      .toBe('status:snoozed');
    await page.reload();
    await expect.poll(shown).toEqual([['Snoozed 1', 'beta']]);
    await go('#/alerts?show=all&q=tag:web');
    await expect.poll(shown).toEqual([['Needs attention 1', 'alpha']]);
    await go('#/alerts?q=status:resolved');
    await page.getByText('No open alerts match. “All” shows the others, too.').waitFor();
  });

  it('leads from the search into the list by an arrow, and acts on the alert by its letters', async () => {
    await go('#/alerts?show=all');
    await group('Resolved').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-alert] a:focus').filter({ hasText: 'alpha' }).waitFor();
    await page.keyboard.press('k');
    // At once, though it can be undone.
    await expect.poll(shown).toEqual([
      ['Snoozed 1', 'beta'],
      ['Acknowledged 2', 'alpha', 'gamma'],
      ['Resolved 1', 'delta'],
    ]);
    await page.keyboard.press('Control+z');
    await expect.poll(shown).toHaveLength(4);
  });
});
