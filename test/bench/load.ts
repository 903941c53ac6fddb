import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../electron/engine/clock.ts';
import { Engine } from '../../electron/engine/engine.ts';
import { createReadingContext } from '../../electron/engine/probe/tls-contexts.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openConf } from '../support/test-engine.ts';
import { bareHandshake } from './bare-handshake.ts';

/**
 * An engine with so many jobs of one local server, in a process of its own: all due at once, beside the bare handshake in
 * the same run; then, for half a minute, as many as are due one after the other.
 */
export interface LoadFigures {
  barePerSecond: number;
  perSecond: number;
  /** Median over rounds in turn of our rate as a share of the bare one. */
  share: number;
  maxBlockMs: number;
  bareLongestBlockMs: number;
  latenessMs: { p50: number; p99: number };
}

const size = Number(process.argv[2]);
const atOnce = 20;
const portion = 2500;
const rounds = 4;
const spreadSeconds = 30;
/** Half of what a core can do: a machine that only checks is no machine. */
const spreadPerSecond = Math.min(250, Math.floor(size / spreadSeconds));

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
const quantile = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function timed(
  work: () => Promise<unknown>,
): Promise<{ perSecond: (count: number) => number; blockMs: number }> {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  loop.disable();
  return { perSecond: (count) => count / seconds, blockMs: loop.max / 1e6 };
}

using folder = temporaryFolder();
const server = fork(join(import.meta.dirname, 'serve.ts'), ['ecdsa']);
const [{ port, ca }] = (await once(server, 'message')) as [{ port: number; ca: string }];
writeFileSync(folder.file('ca.pem'), ca);
const silent = {
  info: () => undefined,
  warn: () => undefined,
  error: (line: string, error: unknown) => console.error(line, error),
};
const engine = new Engine({
  folder: openDataFolder(folder.file('data')),
  openConfig: openConf,
  clock: systemClock,
  log: silent,
  version: '0.0.0',
  caFiles: [folder.file('ca.pem')],
});
await engine.settings.edit({ checksAtOnce: atOnce, checksPerHost: atOnce });
const never = { type: 'cron', pattern: '0 0 0 1 1 *' } as const;
const jobs = await Promise.all(
  Array.from({ length: size }, (_, index) =>
    engine.jobs.add(
      jobInputSchema.parse({
        target: { host: '127.0.0.1', port, servername: 'localhost', starttls: null },
        name: `job ${index}`,
        schedule: never,
        paused: true,
      }),
    ),
  ),
);
engine.start();

async function runBare(count: number): Promise<void> {
  const context = createReadingContext();
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await bareHandshake(port, context);
    }),
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A pattern that names one second, some seconds from now. */
function secondFromNow(ahead: number) {
  const at = new Date(Math.ceil(Date.now() / 1000 + ahead) * 1000);
  const pattern = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  return { at: at.getTime(), schedule: { type: 'cron', pattern, timezone: 'UTC' } as const };
}

/** Jobs that fall due in one second: what they cost from then until the last of them is checked. */
async function runDue(some: readonly string[]): Promise<Awaited<ReturnType<typeof timed>>> {
  const { at, schedule } = secondFromNow(4);
  await Promise.all(some.map((id) => engine.jobs.edit(id, { schedule, paused: false })));
  const left = new Set(some);
  const all = Promise.withResolvers<void>();
  const end = engine.events.subscribe((event) => {
    if (event.type !== 'check-finished' || Date.now() < at) return;
    left.delete(event.id);
    if (left.size === 0) all.resolve();
  });
  if (Date.now() > at) throw new Error('The edits took longer than the time that was left for them.');
  await pause(at - Date.now());
  const figures = await timed(() => all.promise);
  end();
  return figures;
}

const ids = jobs.map(({ id }) => id);
await runBare(500);
const bare: number[] = [];
const ours: number[] = [];
const blocks: number[] = [];
const bareBlocks: number[] = [];
const perRound = Math.min(portion, Math.floor(size / rounds));
// Jobs that were never checked write more: measured is what every later check costs.
await Promise.all(ids.slice(0, perRound * rounds).map((id) => engine.checks.checkNow(id)));
for (let round = 0; round < rounds; round += 1) {
  const before = await timed(() => runBare(perRound));
  bare.push(before.perSecond(perRound));
  bareBlocks.push(before.blockMs);
  const some = ids.slice(round * perRound, (round + 1) * perRound);
  const worked = await runDue(some);
  ours.push(worked.perSecond(perRound));
  blocks.push(worked.blockMs);
}

// Each second so many jobs of a pattern that names that second.
const checked = ids.slice(0, spreadPerSecond * spreadSeconds);
const due = new Map<string, number>();
const seconds = Array.from({ length: spreadSeconds }, (_, second) => secondFromNow(10 + second));
await Promise.all(
  checked.map((id, index) => {
    const { at, schedule } = seconds[Math.floor(index / spreadPerSecond)] ?? secondFromNow(0);
    due.set(id, at);
    return engine.jobs.edit(id, { schedule, paused: false });
  }),
);
const lateness: number[] = [];
const spread = Promise.withResolvers<void>();
engine.events.subscribe((event) => {
  if (event.type !== 'check-finished') return;
  const dueAt = due.get(event.id);
  if (dueAt === undefined || Date.now() < dueAt) return;
  lateness.push(Date.now() - dueAt);
  if (lateness.length === checked.length) spread.resolve();
});
await spread.promise;
lateness.sort((one, other) => one - other);
const figures: LoadFigures = {
  barePerSecond: median(bare),
  perSecond: median(ours),
  share: median(ours.map((rate, round) => rate / (bare[round] ?? rate))),
  maxBlockMs: Math.max(...blocks),
  bareLongestBlockMs: Math.max(...bareBlocks),
  latenessMs: { p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99) },
};
process.send?.(figures);
await engine.stop();
server.disconnect();
process.disconnect?.();
