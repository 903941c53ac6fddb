import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfNeeded } from '../../build/build.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { LoadFigures } from './load.ts';

/** What a number of jobs costs: adding them, starting with them, editing one, and doing nothing. */

const sizes = [1_000, 10_000, 50_000];
const edits = 9;
const idleMs = 10_000;
/** The start, and V8's collections of its garbage. */
const settleMs = 30_000;

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Memory (RSS) in MB and processor time so far in ms, from /proc: Linux alone. */
function usage(pid: number): { megabytes: number; cpuMs: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024, cpuMs: ticks * 10 };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(size: number): Promise<void> {
  using folder = temporaryFolder();
  // Paused, so that what is measured is the keeping of jobs and not the checks.
  const jobs = Array.from({ length: size }, (_, index) => ({
    target: { host: `host${index}.example` },
    schedule: { type: 'cron', pattern: '0 6 * * *', timezone: 'Europe/Berlin' },
    tags: [`tag ${index % 20}`],
    paused: index > 0,
  }));
  const first = await Service.start(folder.path);
  const importMs = await time(() => first.call('POST', '/jobs/import', { jobs }));
  const { id } = ((await first.call('GET', '/jobs?limit=1')).body as { items: JobView[] })
    .items[0] as JobView;
  const editTimes: number[] = [];
  for (let count = 0; count < edits; count += 1)
    editTimes.push(await time(() => first.call('PATCH', `/jobs/${id}`, { notes: `${count}` })));
  await first.end('SIGTERM');

  let second: Service | undefined;
  const startMs = await time(async () => {
    second = await Service.start(folder.path);
  });
  if (!second) return;
  await pause(settleMs);
  const before = usage(second.ready.pid);
  await pause(idleMs);
  const after = usage(second.ready.pid);
  const cells = [
    size.toLocaleString('en'),
    `${(importMs / 1000).toFixed(2)} s`,
    `${(startMs / 1000).toFixed(2)} s`,
    `${median(editTimes).toFixed(0)} ms`,
    `${after.megabytes.toFixed(0)} MB`,
    `${(((after.cpuMs - before.cpuMs) / idleMs) * 100).toFixed(2)} %`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(10)).join('')}\n`);
  await second.end('SIGTERM');
}

/** The work of many jobs at once, by a process of its own: see load.ts. */
async function measureLoad(size: number): Promise<void> {
  const child = fork(join(import.meta.dirname, 'load.ts'), [String(size)]);
  const [figures] = (await once(child, 'message')) as [LoadFigures];
  await once(child, 'close');
  const cells = [
    size.toLocaleString('en'),
    `${figures.barePerSecond.toFixed(0)}/s`,
    `${figures.perSecond.toFixed(0)}/s`,
    figures.share.toFixed(2),
    `${figures.maxBlockMs.toFixed(0)} ms`,
    `${figures.bareLongestBlockMs.toFixed(0)} ms`,
    `${figures.latenessMs.p50.toFixed(0)} ms`,
    `${figures.latenessMs.p99.toFixed(0)} ms`,
  ];
  process.stdout.write(`${cells.map((cell) => cell.padStart(12)).join('')}\n`);
}

await buildIfNeeded();
process.stdout.write(
  `${['jobs', 'import', 'start', 'edit', 'memory', 'idle CPU'].map((cell) => cell.padStart(10)).join('')}\n`,
);
for (const size of sizes) await measure(size);
process.stdout.write(
  '\nAll due at once beside the bare handshake, then as many as 30 s hold, spread over them\n',
);
process.stdout.write(
  `${['jobs', 'bare', 'at once', '× bare', 'blocked', 'bare blocked', 'late p50', 'late p99'].map((cell) => cell.padStart(12)).join('')}\n`,
);
for (const size of sizes) await measureLoad(size);
