import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { buildIfNeeded } from '../../build/build.ts';
import type { Marks } from '../electron-stand-in/marks.ts';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fillFolder } from './filled-folder.ts';

/**
 * What a person waits for: from the program's start to its icon in the tray, beside an app on the same runtime that does nothing
 * else; and from the window's opening to its frame and to its rows, beside a page that is one row. The runtime's own start is
 * left out of the first: on the stand-in it is a browser's.
 */
const sizes = [0, 1_000, 10_000];
const rounds = 7;
const root = join(import.meta.dirname, '../..');
const electronCli = createRequire(import.meta.url).resolve('electron/cli.js');

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** An app that shows an icon in the tray, with a menu, and nothing else. */
function writeBareApp(folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{"main":"main.js","version":"0.0.0","type":"module"}');
  const icon = join(root, 'dist/icons/tray-fine-light.png');
  writeFileSync(
    join(folder, 'main.js'),
    `import { app, Menu, nativeImage, Tray } from 'electron';
app.whenReady().then(() => {
  globalThis.tray = new Tray(nativeImage.createFromPath(${JSON.stringify(icon)}));
  tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', click: () => app.quit() }]));
});
`,
  );
}

/** From the start of an app to its menu in the tray, in milliseconds, the start of the runtime left out. */
async function startToTray(program: string, userData: string): Promise<number> {
  const file = join(userData, 'marks.json');
  rmSync(file, { force: true });
  const child = spawn(process.execPath, [electronCli, program, `--user-data-dir=${userData}`, '--hidden'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      XDG_CONFIG_HOME: userData,
      ELECTRON_OVERRIDE_DIST_PATH: join(root, 'test/electron-stand-in'),
      STAND_IN_MARKS_FILE: file,
    },
  });
  const ended = once(child, 'close').then(() => 'ended' as const);
  const watcher = watch(userData);
  const isThere = () => existsSync(file) && readFileSync(file, 'utf8').endsWith('}');
  while (!isThere())
    if ((await Promise.race([once(watcher, 'change'), ended])) === 'ended')
      throw new Error('The app ended before it was in the tray.');
  watcher.close();
  const { waits, ready, tray } = JSON.parse(readFileSync(file, 'utf8')) as Marks;
  child.kill('SIGTERM');
  await ended;
  return waits + (tray - ready);
}

interface Opened {
  frame: number;
  rows: number;
}

/** From the opening of a page to its first paint and to its first row, in milliseconds. */
async function open(chromiumBrowser: Browser, address: string): Promise<Opened> {
  const page = await chromiumBrowser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      const isEmpty = document.body?.textContent?.includes('No hosts yet');
      if (!isEmpty && !document.querySelector('[role=row] a')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => performance.mark('rows')));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName('rows').length > 0);
  const opened = await page.evaluate(() => ({
    frame: performance.getEntriesByType('paint')[0]?.startTime ?? Number.NaN,
    rows: performance.getEntriesByName('rows')[0]?.startTime ?? Number.NaN,
  }));
  await page.close();
  return opened;
}

async function measure(chromiumBrowser: Browser, bare: string, size: number): Promise<void> {
  using folder = temporaryFolder();
  await using filled = await fillFolder(folder, size);
  const trays: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    trays.bare.push(await startToTray(bare, folder.path));
    trays.ours.push(await startToTray(root, filled.dataFolder));
  }
  const service = await Service.start(filled.dataFolder, ...filled.caArgs);
  const pages: { bare: Opened[]; ours: Opened[] } = { bare: [], ours: [] };
  const oneRow = 'data:text/html,<!doctype html><div role="row"><a href="/">one row</a></div>';
  for (let round = 0; round < rounds; round += 1) {
    pages.bare.push(await open(chromiumBrowser, oneRow));
    pages.ours.push(await open(chromiumBrowser, `${service.ready.url}#token=${service.ready.token}`));
  }
  await service.end('SIGTERM');
  const of = (name: keyof Opened, opened: Opened[]) => median(opened.map((one) => one[name]));
  const [bareTray, ourTray] = [median(trays.bare), median(trays.ours)];
  const cells = [
    size.toLocaleString('en'),
    `${bareTray.toFixed(0)} ms`,
    `${ourTray.toFixed(0)} ms (${(ourTray / bareTray).toFixed(1)} ×)`,
    `${of('rows', pages.bare).toFixed(0)} ms`,
    `${of('frame', pages.ours).toFixed(0)} ms`,
    `${of('rows', pages.ours).toFixed(0)} ms`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(18)).join('')}\n`);
}

/** What is loaded before the tray can be there: the entry, and all that it imports without being asked. */
function bytesAtStart(entry: string, seen = new Set<string>()): number {
  if (seen.has(entry)) return 0;
  seen.add(entry);
  const text = readFileSync(entry, 'utf8');
  const imported = text.matchAll(/^(?:import|export)\s[^'"\n]*?(?:from\s?)?["'](\.[^"']+)["']/gm);
  return [...imported].reduce(
    (sum, [, path = '']) => sum + bytesAtStart(join(entry, '..', path), seen),
    statSync(entry).size,
  );
}

await buildIfNeeded();
const executablePath = findChromium();
if (!executablePath) throw new Error('The bench needs a Chromium.');
const browser = await chromium.launch({ executablePath, args: chromiumArgs });
using bareApp = temporaryFolder();
writeBareApp(bareApp.path);
const app = join(root, 'dist/desktop');
const all = readdirSync(join(app, 'chunks')).reduce(
  (sum, name) => sum + statSync(join(app, 'chunks', name)).size,
  0,
);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
process.stdout.write(
  `Loaded before the tray: ${megabytes(bytesAtStart(join(app, 'main.js')))} of ${megabytes(all)}.\n`,
);
const heads = ['jobs', 'bare app: tray', 'NotAfter: tray', 'bare page: row', 'window: frame', 'window: rows'];
process.stdout.write(`${heads.map((head) => head.padStart(18)).join('')}\n`);
for (const size of sizes) await measure(browser, bareApp.path, size);
await browser.close();
