import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HeadlessApp } from './headless-app.ts';

describe('the columns of the list', () => {
  let app: HeadlessApp;
  let page: Page;
  beforeAll(async () => {
    app = await HeadlessApp.launch();
    page = app.page;
    await app.service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, name: 'one' });
  });
  afterAll(() => app?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await page.evaluate(() => localStorage.removeItem('notafter-list'));
    await page.goto(`${app.service.ready.url}#/`);
    await page.reload();
    await head('Host').waitFor();
    await ready();
  });

  const head = (name: string) => page.getByRole('columnheader').filter({ hasText: name });
  const names = async () =>
    (await page.getByRole('columnheader').allInnerTexts())
      .map((text) => text.replace(/ [↑↓]/, ''))
      .filter(Boolean);
  /** Drag and keys come after the first rows. */
  const ready = () => head('Host').locator('[title^=Drag]').waitFor({ state: 'attached' });
  const width = async (name: string) => (await head(name).boundingBox())?.width ?? 0;
  const cell = async (column: string) =>
    page
      .getByRole('gridcell')
      .and(page.locator(`[data-column=${column}]`))
      .boundingBox();
  const usual = ['Status', 'Host', 'Expires', 'Problem', 'Issuer', 'Last check'];
  const middle = async (name: string) => {
    const box = await head(name).boundingBox();
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, to.y);
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
  };
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('[role=columnheader]')?.textContent ?? '');
  const focusHead = async (name: string) => {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    for (let step = 0; step < usual.length && !(await focused()).startsWith(name); step += 1)
      await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(new RegExp(`^${name}`));
  };

  it('change places by drag, without sorting, and stay so', async () => {
    expect(await names()).toEqual(usual);
    const to = await middle('Expires');
    await drag(await middle('Issuer'), { ...to, x: to.x - 10 });
    await expect.poll(names).toEqual(['Status', 'Host', 'Issuer', 'Expires', 'Problem', 'Last check']);
    expect(new URL(page.url()).hash).toBe('#/');
    await page.reload();
    await head('Host').waitFor();
    expect(await names()).toEqual(['Status', 'Host', 'Issuer', 'Expires', 'Problem', 'Last check']);
    // The cells are where their heads are.
    expect((await cell('issuer'))?.x).toBe((await head('Issuer').boundingBox())?.x);
    await ready();
    // Host is the first, and nothing goes before it; behind the last is the end.
    await drag(await middle('Problem'), await middle('Host'));
    await expect.poll(names).toEqual(['Status', 'Host', 'Problem', 'Issuer', 'Expires', 'Last check']);
    const end = await middle('Last check');
    await drag(await middle('Problem'), { ...end, x: end.x + 30 });
    await expect.poll(names).toEqual(['Status', 'Host', 'Issuer', 'Expires', 'Last check', 'Problem']);
  });

  it('change their width by drag, and have the usual one again by a double click', async () => {
    const before = await width('Expires');
    const box = await head('Expires').boundingBox();
    const edge = { x: (box?.x ?? 0) + (box?.width ?? 0) - 3, y: (box?.y ?? 0) + 10 };
    await drag(edge, { ...edge, x: edge.x + 60 });
    await expect.poll(() => width('Expires')).toBe(before + 60);
    // The edge is where the pointer left it.
    expect((await head('Expires').boundingBox())?.x).toBeCloseTo(box?.x ?? 0, -1);
    expect((await cell('expiry'))?.width).toBe(before + 60);
    await page.reload();
    await head('Host').waitFor();
    expect(await width('Expires')).toBe(before + 60);
    await ready();
    await page.mouse.dblclick(edge.x + 60, edge.y);
    await expect.poll(() => width('Expires')).toBe(before);
  });

  it('never push each other out of the window, however wide they are', async () => {
    await page.evaluate(() =>
      localStorage.setItem(
        'notafter-list',
        JSON.stringify({
          columns: ['expiry', 'wrong', 'issuer', 'checked'],
          widths: { host: 800, expiry: 800, wrong: 800, issuer: 800, checked: 800 },
          sort: { column: 'urgency', isDescending: false },
        }),
      ),
    );
    await page.reload();
    await head('Host').waitFor();
    const last = await head('Last check').boundingBox();
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(1400);
  });

  it('move by Shift and size by Alt with the arrows, and say so', async () => {
    const announced = (text: string) =>
      page.locator('[data-announcements]').filter({ hasText: text }).waitFor({ state: 'attached' });
    await focusHead('Problem');
    await page.keyboard.press('Shift+ArrowRight');
    await announced('Problem: column 4 of 5');
    expect(await names()).toEqual(['Status', 'Host', 'Expires', 'Issuer', 'Problem', 'Last check']);
    await page.keyboard.press('Shift+ArrowLeft');
    await announced('Problem: column 3 of 5');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await announced('Problem cannot move further');
    expect(await names()).toEqual(['Status', 'Host', 'Problem', 'Expires', 'Issuer', 'Last check']);
    expect(await focused()).toMatch(/^Problem/);
    await page.keyboard.press('ArrowRight');
    const before = await width('Expires');
    await page.keyboard.press('Alt+ArrowRight');
    await announced(`Expires: ${before + 16} pixels wide`);
    await expect.poll(() => width('Expires')).toBe(before + 16);
    await page.keyboard.press('Alt+ArrowLeft');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => width('Expires')).toBe(before - 16);
    expect(await focused()).toMatch(/^Expires/);
  });

  it('have a menu that does the same without a drag, gives the focus back, and hides them', async () => {
    await focusHead('Issuer');
    await page.keyboard.press('Shift+F10');
    const menu = page.getByRole('menu', { name: 'Column Issuer' });
    await menu.getByRole('menuitem', { name: /^Move left/ }).click();
    await expect.poll(names).toEqual(['Status', 'Host', 'Expires', 'Issuer', 'Problem', 'Last check']);
    await expect.poll(focused).toMatch(/^Issuer/);
    await head('Host').click({ button: 'right' });
    const host = page.getByRole('menu', { name: 'Column Host' });
    expect(await host.getByRole('menuitem', { name: /^Move left/ }).isDisabled()).toBe(true);
    expect(await host.getByRole('menuitem', { name: 'Hide column' }).count()).toBe(0);
    const before = await width('Host');
    await host.getByRole('menuitem', { name: /^Narrower/ }).click();
    await expect.poll(() => width('Host')).toBe(Math.round(before) - 16);
    await host.getByRole('menuitem', { name: 'Usual width' }).click();
    await expect.poll(() => width('Host')).toBe(before);
    await head('Issuer').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Hide column' }).click();
    await expect.poll(names).toEqual(['Status', 'Host', 'Expires', 'Problem', 'Last check']);
    await page.getByRole('button', { name: 'View ▾' }).click();
    await page.getByRole('menuitem', { name: 'Reset columns' }).click();
    await expect.poll(names).toEqual(usual);
  });

  it('show the address beside the name of a host whole, or not at all', async () => {
    const target = { host: 'localhost', port: 2 };
    const name = 'payroll of the northern branch';
    const { body } = await app.service.call('POST', '/jobs', { target, name });
    const { id } = body as { id: string };
    const link = page.getByRole('link', { name, exact: true });
    await link.waitFor();
    const address = page.getByRole('gridcell').filter({ has: link }).locator('.dim');
    const shows = async () => {
      const [cellBox, box] = await Promise.all([address.locator('..').boundingBox(), address.boundingBox()]);
      if (!cellBox || !box) throw new Error('The row is not there.');
      const isInLine = box.y < cellBox.y + cellBox.height / 2;
      const isWhole = box.x + box.width <= cellBox.x + cellBox.width;
      return { isInLine, isWhole };
    };
    expect(await shows()).toEqual({ isInLine: true, isWhole: true });
    const { x, y } = await middle('Host');
    const right = x + (await width('Host')) / 2 - 4;
    await drag({ x: right, y }, { x: right - (await width('Host')) + 230, y });
    expect((await shows()).isInLine).toBe(false);
    expect(await link.getAttribute('title')).toBe(`${name} localhost:2`);
    expect(await link.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
    await app.service.call('DELETE', `/jobs/${id}`);
    await link.waitFor({ state: 'detached' });
  });
});
