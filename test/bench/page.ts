import { type Browser, chromium, type Page } from 'playwright-core';
import { buildIfNeeded } from '../../build/build.ts';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fillFolder } from './filled-folder.ts';

/** What the page costs a person with many jobs: until the first rows, from key to answer, while scrolling, in memory. */
const sizes = [12, 1_000, 10_000];
const rounds = 5;

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

declare global {
  interface Window {
    firstRowAt?: number;
  }
}

/** Notes when the first row was painted, in milliseconds since the page was asked for. */
function noteFirstRow(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('[role=row] a')) return;
    observer.disconnect();
    requestAnimationFrame(() =>
      setTimeout(() => {
        window.firstRowAt = performance.now();
      }),
    );
  });
  observer.observe(document, { childList: true, subtree: true });
}

async function firstRowAt(page: Page): Promise<number> {
  const at = await page.waitForFunction(() => window.firstRowAt);
  return (await at.jsonValue()) as number; // SAFETY: it is waited for until it is one.
}

/** What the browser alone takes for a page that is one row, in the same minute: how fast this machine is just now. */
async function openBarePage(browser: Browser): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.addInitScript(noteFirstRow);
  await page.goto('data:text/html,<!doctype html><div role="row"><a href="/">one row</a></div>');
  const at = await firstRowAt(page);
  await page.close();
  return at;
}

/** From a key in the search box until the list is drawn that answers it, in milliseconds. */
function keyToAnswer(page: Page, text: string): Promise<number> {
  return page.evaluate(async (typed) => {
    const input = document.querySelector<HTMLInputElement>('input[type=search]');
    if (!input) throw new Error('There is no search box.');
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const begun = performance.now();
    write?.call(input, typed);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - begun;
  }, text);
}

/** Scrolls through the list by leaps; tells in how many frames a part of it was blank. */
function blankFrames(page: Page): Promise<{ frames: number; blank: number }> {
  return page.evaluate(async () => {
    const body = document.querySelector('[role=rowgroup] ~ [role=rowgroup]');
    if (!body) throw new Error('There is no list.');
    let blank = 0;
    const frames = 120;
    for (let frame = 0; frame < frames; frame += 1) {
      body.scrollTop += 217;
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      const { left, top, bottom } = body.getBoundingClientRect();
      for (const y of [top + 10, (top + bottom) / 2, bottom - 10])
        if (!document.elementFromPoint(left + 200, y)?.closest('[role=row]')) blank += 1;
    }
    return { frames, blank };
  });
}

async function measure(size: number): Promise<void> {
  using folder = temporaryFolder();
  await using filled = await fillFolder(folder, size);
  const service = await Service.start(filled.dataFolder, ...filled.caArgs);
  const executablePath = findChromium();
  if (!executablePath) throw new Error('The bench needs a Chromium.');
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumArgs, '--enable-precise-memory-info'],
  });
  const bare: number[] = [];
  const first: number[] = [];
  const keys: number[] = [];
  let scroll = { frames: 0, blank: 0 };
  let megabytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await openBarePage(browser));
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.addInitScript(noteFirstRow);
    await page.goto(`${service.ready.url}#token=${service.ready.token}`);
    first.push(await firstRowAt(page));
    await page.getByText(/\d hosts?$/).waitFor();
    for (const text of ['h', 'ho', 'host-0', 'host-00', 'web', 'web host', ''])
      keys.push(await keyToAnswer(page, text));
    if (size > 100) scroll = await blankFrames(page);
    megabytes = await page.evaluate(
      // Chromium's own figure; no standard has one.
      () =>
        (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 2 ** 20,
    );
    await page.close();
  }
  await browser.close();
  await service.end('SIGTERM');
  const cells = [
    size.toLocaleString('en'),
    `${median(bare).toFixed(0)} ms`,
    `${median(first).toFixed(0)} ms`,
    `${median(keys).toFixed(0)} ms`,
    `${Math.max(...keys).toFixed(0)} ms`,
    size > 100 ? `${scroll.blank} of ${scroll.frames * 3}` : '(all in sight)',
    `${megabytes.toFixed(0)} MB`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(16)).join('')}\n`);
}

await buildIfNeeded();
process.stdout.write(
  `${['jobs', 'bare page', 'first rows', 'key (median)', 'key (worst)', 'blank spots', 'heap'].map((cell) => cell.padStart(16)).join('')}\n`,
);
for (const size of sizes) await measure(size);
