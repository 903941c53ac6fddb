import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../electron/engine/clock.ts';
import { Engine } from '../../electron/engine/engine.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { ApiService } from '../../electron/http/api-service.ts';
import { jobInputSchema } from '../../shared/job.ts';
import { makeCa } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { KeptLog, openConf } from '../support/test-engine.ts';
import { listen, type TestServer } from '../support/tls-server.ts';

/**
 * `npm run soak -- MINUTES` (60 unless given): 2,000 jobs against servers that come and go, with edits, and windows opened and
 * closed. Says how memory went, and fails where it grew, a promise was rejected unheard, or something is left open at the end.
 */
const minutes = Number(process.argv[2] ?? 60);
const jobCount = 2_000;
const serverCount = 20;
/** How much of the heap may be there at the end that was not after warming up. */
const mostGrowth = 0.2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapMb = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

const folder = temporaryFolder();
const ca = makeCa('Soak Root');
writeFileSync(folder.file('ca.pem'), ca.pem);
const leaf = ca.issue({ sans: ['*.soak.example'], name: '*.soak.example' });
/** A server of the one certificate, on a port of its own or on the one that it had. */
const serve = (port = 0) =>
  listen(tls.createServer({ cert: leaf.pem + ca.pem, key: leaf.key }), '127.0.0.1', port);
const servers: (TestServer | null)[] = [];
const ports: number[] = [];
for (let index = 0; index < serverCount; index += 1) {
  const server = await serve();
  servers.push(server);
  ports.push(server.port);
}

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
engine.start();
await engine.editSettings({ checksAtOnce: 50, checksPerHost: 50, timeoutSeconds: 5 });
const ids: string[] = [];
for (let index = 0; index < jobCount; index += 1) {
  const port = ports[index % serverCount];
  const target = { host: '127.0.0.1', port, servername: `host-${index}.soak.example` };
  const schedule = { type: 'interval', minutes: 1 };
  ids.push((await engine.add(jobInputSchema.parse({ target, schedule }))).id);
}
let checks = 0;
engine.subscribe(({ type }) => {
  if (type === 'check-finished') checks += 1;
});

/** A window: follows events for a while, asks for the list, and goes. */
async function openWindow(): Promise<void> {
  const headers = { authorization: `Bearer ${api.get().token}` };
  const stop = new AbortController();
  const stream = await fetch(`${url}api/v1/events`, { headers, signal: stop.signal });
  await fetch(`${url}api/v1/jobs?limit=500`, { headers }).then((response) => response.arrayBuffer());
  await pause(500);
  stop.abort();
  await stream.text().catch(() => undefined); // It was cut short by us.
}

const samples: { atSeconds: number; heap: number }[] = [];
const began = performance.now();
const endMs = minutes * 60_000;
const pick = <Value>(values: readonly Value[]) => values[Math.floor(Math.random() * values.length)] as Value;
for (let turn = 0; performance.now() - began < endMs; turn += 1) {
  const index = turn % serverCount;
  // A server goes, and comes back a few turns later.
  await servers[index]?.close();
  servers[index] = null;
  const back = (index + serverCount - 3) % serverCount;
  if (servers[back] === null) servers[back] = await serve(ports[back]);
  await engine.edit(pick(ids), { tags: [`turn-${turn}`] });
  const replaced = ids.splice(Math.floor(Math.random() * ids.length), 1)[0] ?? '';
  await engine.remove(replaced);
  const target = { host: '127.0.0.1', port: pick(ports), servername: `new-${turn}.soak.example` };
  ids.push(
    (await engine.add(jobInputSchema.parse({ target, schedule: { type: 'interval', minutes: 1 } }))).id,
  );
  await openWindow();
  if (turn % 5 === 0) {
    const heap = heapMb();
    samples.push({ atSeconds: Math.round((performance.now() - began) / 1000), heap });
    process.stdout.write(`${samples.at(-1)?.atSeconds} s: ${heap.toFixed(1)} MB, ${checks} checks\n`);
    log.lines.length = 0;
  }
}
const settled = samples.slice(Math.floor(samples.length / 3));
const third = Math.max(1, Math.floor(settled.length / 3));
const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
const [early, late] = [settled.slice(0, third), settled.slice(-third)].map((part) =>
  median(part.map(({ heap }) => heap)),
);

await api.stop();
await engine.stop();
await Promise.all(servers.map((server) => server?.close()));
await pause(200);
const left = process
  .getActiveResourcesInfo()
  .filter((name) => !['TTYWrap', 'PipeWrap', 'FSReqCallback'].includes(name));
folder[Symbol.dispose]();

const growth = ((late ?? 0) - (early ?? 0)) / (early || 1);
process.stdout.write(
  `${minutes} min, ${checks} checks: heap ${early?.toFixed(1)} → ${late?.toFixed(1)} MB (${(growth * 100).toFixed(1)} %), ${rejections.length} unhandled rejections, left open: ${left.join(', ') || 'nothing'}\n`,
);
const isSound = growth <= mostGrowth && rejections.length === 0 && left.length === 0 && checks > 0;
process.exitCode = isSound ? 0 : 1;
