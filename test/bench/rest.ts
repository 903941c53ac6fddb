import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildIfNeeded } from '../../build/build.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * `npm run bench -- rest [CHECKOUT]`: what a service costs that has nothing to do, by /proc: how often its threads wake a second, and its
 * share of a core; with another checkout, built, beside it in the same run. Online, offline, and offline with a name server that never
 * answers, the latter two in a network of their own (as root, or where people may make one).
 */
const sizes = [0, 1_000, 10_000];
/** The start, V8's collections of its garbage, and, offline, the first looks for a network, before they are a minute apart. */
const settleMs = 120_000;
const measuredMs = 60_000;
/** Of each kind of rest, how many alert channels are set. */
const manyChannels = 10;
/** Saved searches with a schedule, none of which is due. */
const someSearches = 3;
const root = join(import.meta.dirname, '../..');
const other = process.argv[3] === undefined ? null : resolve(process.argv[3]);

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Usage {
  wakeups: number;
  cpuMs: number;
  megabytes: number;
}

/** Of a process and all of its threads so far. */
function usageOf(pid: number): Usage {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const wakeups = tasks.reduce((sum, task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
  // Nanoseconds on a processor, which the ticks of /proc/PID/stat are too coarse for.
  const cpuMs = tasks.reduce(
    (sum, task) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
    0,
  );
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { wakeups, cpuMs, megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
}

const silent =
  "require('node:dgram').createSocket('udp4').on('message', () => undefined).bind(53, '127.0.0.1')";
type Network = 'online' | 'offline' | 'silent name server';

/** Starts a service in a network. @returns its process, and what ends all of it */
async function start(
  checkout: string,
  data: string,
  network: Network,
): Promise<{ ready: Ready; end: (signal?: NodeJS.Signals) => Promise<void> }> {
  const program = join(checkout, 'dist/app/notafter.js');
  const serve = `exec ${process.execPath} ${program} serve --port 0 --json --data ${data}`;
  const servers = `mount --bind ${join(data, 'resolv.conf')} /etc/resolv.conf`;
  writeFileSync(join(data, 'resolv.conf'), network === 'offline' ? '' : 'nameserver 127.0.0.1\n');
  const scripts: Record<Network, string> = {
    online: serve,
    offline: `ip link set lo up && ${servers} && ${serve}`,
    'silent name server': `ip link set lo up && ${servers} && { ${process.execPath} -e "$SILENT" & ${serve}; }`,
  };
  const [program0, ...args] =
    network === 'online' ? ['sh'] : ['unshare', '--map-root-user', '--net', '--mount', 'sh'];
  const child = spawn(program0 ?? 'sh', [...args, '-c', scripts[network]], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, SILENT: silent },
    detached: true,
  });
  const closed = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line'),
    closed.then(() => Promise.reject(new Error(`The service of ${checkout} ended.`))),
  ])) as [string];
  return {
    ready: JSON.parse(line) as Ready,
    async end(signal = 'SIGKILL') {
      process.kill(-(child.pid ?? 0), signal);
      await closed;
    },
  };
}

/** A folder with so many jobs whose hosts are nowhere. Online none is due in the measured time; else each was due just before. */
async function fill(
  checkout: string,
  folder: string,
  { size, channels, searches, network }: Case,
): Promise<void> {
  mkdirSync(folder);
  const { ready, end } = await start(checkout, folder, 'online');
  const schedule =
    network === 'online' ? { type: 'cron', pattern: '0 0 1 1 *' } : { type: 'interval', minutes: 5 };
  const jobs = Array.from({ length: size }, (_, index) => ({
    target: { host: `host${index}.example` },
    schedule,
    paused: network === 'online' && index > 0,
  }));
  const headers = { authorization: `Bearer ${ready.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ jobs });
  if (size > 0)
    await (await fetch(`${ready.url}api/v1/jobs/import`, { method: 'POST', headers, body })).text();
  const settings = {
    channels: Array.from({ length: channels }, (_, index) => ({
      type: 'discord',
      name: `channel ${index}`,
      url: `https://discord.com/api/webhooks/${index}/token`,
    })),
  };
  if (channels > 0) {
    const set = await fetch(`${ready.url}api/v1/settings`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify(settings),
    });
    if (!set.ok) throw new Error(await set.text());
  }
  for (let index = 0; index < searches; index += 1) {
    const search = {
      ...{ name: `search ${index}`, targets: [`127.40.${index}.0/24`], watched: true },
      schedule: { type: 'cron', pattern: '0 0 1 1 *' },
    };
    const saved = await fetch(`${ready.url}api/v1/discoveries`, {
      method: 'POST',
      headers,
      body: JSON.stringify(search),
    });
    if (!saved.ok) throw new Error(await saved.text());
  }
  await end('SIGTERM');
}

/** One service at rest. */
interface Case {
  network: Network;
  size: number;
  channels: number;
  searches: number;
}

async function measure(checkout: string, one: Case): Promise<string[]> {
  const { network } = one;
  using folder = temporaryFolder();
  await fill(checkout, folder.file('data'), one);
  const { ready, end } = await start(checkout, folder.file('data'), network);
  try {
    await pause(settleMs);
    const before = usageOf(ready.pid);
    await pause(measuredMs);
    const after = usageOf(ready.pid);
    return [
      ((after.wakeups - before.wakeups) / (measuredMs / 1000)).toFixed(2),
      `${(((after.cpuMs - before.cpuMs) / measuredMs) * 100).toFixed(3)} %`,
      `${after.megabytes.toFixed(0)} MB`,
    ];
  } finally {
    await end();
  }
}

await buildIfNeeded();
const row = (cells: string[]) => process.stdout.write(`${cells.map((cell) => cell.padStart(19)).join('')}\n`);
row(['network', 'jobs', 'channels', 'searches', 'checkout', 'wakeups/s', 'CPU', 'memory']);
for (const network of ['online', 'offline', 'silent name server'] as const) {
  const cases: Case[] = [
    ...sizes.map((size) => ({ network, size, channels: 0, searches: 0 })),
    { network, size: 1_000, channels: manyChannels, searches: 0 },
    { network, size: 1_000, channels: 0, searches: someSearches },
  ];
  // At once, as nothing is to do: each has wakeups and processor time of its own. Revisions before 2026-11 have no channels or searches.
  const lines = cases.flatMap((one) =>
    [
      { name: 'this one', checkout: root },
      ...(other === null || one.channels + one.searches > 0
        ? []
        : [{ name: 'the other one', checkout: other }]),
    ].map(async ({ name, checkout }) => {
      const { size, channels, searches } = one;
      const measured = await measure(checkout, one);
      return [network, size.toLocaleString('en'), `${channels}`, `${searches}`, name, ...measured];
    }),
  );
  for (const line of await Promise.all(lines)) row(line);
}
