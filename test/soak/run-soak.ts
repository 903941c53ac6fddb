import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ApiService } from '../../electron/api/api-service.ts';
import { systemClock } from '../../electron/engine/clock.ts';
import { Engine } from '../../electron/engine/engine.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { jobInputSchema, type NewJob } from '../../shared/schema/job.ts';
import { chromiumArgs, findChromium } from '../support/chromium.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KeptLog, openConf } from '../support/test-engine.ts';
import { ComingServers } from './coming-servers.ts';
import { ownMemory, trend } from './memory.ts';
import { SoakWindow } from './soak-window.ts';

/**
 * `npm run soak -- MINUTES` (60 unless given): 2,000 jobs against servers that come and go, with edits, one window open all the
 * while and others opened and closed. Says how memory went, and fails where it grew, a promise was rejected unheard, or
 * something is left open at the end.
 */
const minutes = Number(process.argv[2] ?? 60);
if (!(minutes >= 0.5)) {
  process.stderr.write('npm run soak -- MINUTES: at least half a minute.\n');
  process.exit(1);
}
const jobCount = 2_000;
const serverCount = 20;
/** Checks that a person asks for in each turn, beside those that are due. */
const checkedByHand = 100;
/** By how much a figure may be larger in the last third than in the first, after warming up. */
const maxGrowth = { heap: 0.1, resident: 0.25, page: 0.25 };
const sampleEveryMs = Math.min(30_000, (minutes * 60_000) / 30);

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

// In a process of its own: what a build takes of memory would hide what the soak takes.
const build = join(import.meta.dirname, '../../build/build.ts');
if (spawnSync(process.execPath, [build, '--if-needed'], { stdio: 'inherit' }).status !== 0) process.exit(1);
const executablePath = findChromium();
if (!executablePath) throw new Error('The soak needs a Chromium: see README, Development.');
const browser = await chromium.launch({ executablePath, args: chromiumArgs });

const folder = temporaryFolder();
const ca = makeCa('Soak Root');
writeFileSync(folder.file('ca.pem'), ca.pem);
const leaf = ca.issue({ sans: ['*.soak.example'], name: '*.soak.example' });
const servers = await ComingServers.start(serverCount, ca, leaf);

const log = new KeptLog();
const engine = new Engine({
  folder: openDataFolder(folder.path),
  openConfig: openConf,
  clock: systemClock,
  log,
  version: '0.0.0',
  caFiles: [folder.file('ca.pem')],
});
const dist = join(import.meta.dirname, '../../dist');
const api = new ApiService({
  engine,
  log,
  dataFolder: folder.path,
  pageFolder: join(dist, 'page'),
  docsFolder: join(dist, 'docs'),
});
const { url } = await api.start({ port: 0 });
const address = `${url}#token=${api.get().token}`;
engine.start();
await engine.settings.edit({ checksAtOnce: 50, checksPerHost: 50, timeoutSeconds: 5 });

const pick = <Value>(values: readonly Value[]) => values[Math.floor(Math.random() * values.length)] as Value;
const makeJob = (name: string): NewJob =>
  jobInputSchema.parse({
    target: { host: '127.0.0.1', port: pick(servers.ports), servername: `${name}.soak.example` },
    schedule: { type: 'interval', minutes: 1 },
  });
let checks = 0;
const { promise: allChecked, resolve } = Promise.withResolvers<void>();
engine.events.subscribe(({ type }) => {
  if (type === 'check-finished') checks += 1;
  if (checks === jobCount) resolve();
});
const jobs = await Promise.all(
  Array.from({ length: jobCount }, (_, index) => engine.jobs.add(makeJob(`host-${index}`))),
);
const ids = jobs.map(({ id }) => id);
await allChecked; // Each is checked when it is added: so much is there before memory is looked at.
checks = 0;

const window = await SoakWindow.open(browser, address);
const samples: Record<'heap' | 'resident' | 'page', number[]> = { heap: [], resident: [], page: [] };
const began = performance.now();
const elapsedMs = () => performance.now() - began;
let sampledAt = 0;
let turn = 0;
for (; elapsedMs() < minutes * 60_000; turn += 1) {
  await servers.turn(turn);
  await engine.jobs.edit(pick(ids), { tags: [`turn-${turn % 50}`] });
  await engine.jobs.remove(ids.splice(Math.floor(Math.random() * ids.length), 1)[0] ?? '');
  ids.push((await engine.jobs.add(makeJob(`new-${turn}`))).id);
  engine.checks.checkAll(Array.from({ length: checkedByHand }, () => pick(ids)));
  const other = await SoakWindow.open(browser, address);
  await pause(500);
  await other.close();
  if (elapsedMs() - sampledAt < sampleEveryMs) continue;
  sampledAt = elapsedMs();
  log.lines.length = 0;
  const { heap, resident } = ownMemory();
  const page = await window.heap();
  for (const [name, value] of Object.entries({ heap, resident, page }))
    samples[name as keyof typeof samples].push(value);
  process.stdout.write(
    `${(sampledAt / 1000).toFixed(0)} s: heap ${heap.toFixed(1)} MB, process ${resident.toFixed(0)} MB, page ${page.toFixed(1)} MB, ${checks} checks\n`,
  );
}

await window.close();
await browser.close();
await api.stop();
await engine.stop();
await servers[Symbol.asyncDispose]();
await pause(200); // What was closed is let go of in its own time.
const left = process
  .getActiveResourcesInfo()
  .filter((name) => !['TTYWrap', 'PipeWrap', 'FSReqCallback'].includes(name));
folder[Symbol.dispose]();

const faults: string[] = [];
process.stdout.write(`${minutes} min, ${turn} turns, ${checks} checks of ${jobCount} jobs\n`);
for (const [name, values] of Object.entries(samples)) {
  const { early, late, growth } = trend(values);
  const most = maxGrowth[name as keyof typeof maxGrowth];
  process.stdout.write(
    `${name.padEnd(8)} ${early.toFixed(1)} → ${late.toFixed(1)} MB (${(growth * 100).toFixed(1)} %)\n`,
  );
  if (!(growth <= most)) faults.push(`${name} grew by more than ${most * 100} %`);
}
if (rejections.length > 0)
  faults.push(`${rejections.length} unhandled rejections, the first: ${rejections[0]}`);
if (left.length > 0) faults.push(`left open: ${left.join(', ')}`);
// Every job is due once a minute, but in the first, over which they are spread, not at its beginning.
if (checks < (minutes - 0.5) * jobCount * 0.9) faults.push(`only ${checks} checks were made`);
for (const fault of faults) process.stdout.write(`FAULT: ${fault}\n`);
if (faults.length === 0) process.stdout.write('Memory flat, no unhandled rejection, nothing left open.\n');
process.exitCode = faults.length > 0 ? 1 : 0;
