import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { createReadingContext } from '../../electron/engine/probe/tls-contexts.ts';
import { defaultConnection } from '../../shared/schema/connection.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bareHandshake } from './bare-handshake.ts';

/** One way to look at a server. */
interface Contender {
  name: string;
  /** Looks once. */
  look: () => Promise<unknown>;
  /** Looks in one measurement; fewer for what is slow. */
  count: number;
  /** Whether the work happens in this process, so that its CPU can be told. */
  isOurs: boolean;
}

interface Figure {
  perSecond: number;
  cpuMs: number;
}

const rounds = 5;
const concurrencies = [1, 10, 20, 50];

async function measure({ look, count }: Contender, concurrency: number): Promise<Figure> {
  let left = count;
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await look();
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1000 / count };
}

const median = (values: number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function opensslClient(port: number): Promise<void> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end();
  await once(child, 'close');
}

const has = async (command: string) =>
  (await once(spawn('which', [command], { stdio: 'ignore' }), 'close'))[0] === 0;

/** Debian's prometheus-blackbox-exporter, asked over HTTP as Prometheus asks it. */
async function startBlackbox(
  folder: string,
  port: number,
): Promise<{ look: () => Promise<unknown>; stop: () => void }> {
  const config = join(folder, 'blackbox.yml');
  writeFileSync(
    config,
    'modules:\n  tls:\n    prober: tcp\n    timeout: 5s\n    tcp: { tls: true, tls_config: { insecure_skip_verify: true } }\n',
  );
  const listen = '127.0.0.1:19115';
  const child = spawn(
    'prometheus-blackbox-exporter',
    [`--config.file=${config}`, `--web.listen-address=${listen}`, '--log.level=error'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const look = async () => {
    const response = await fetch(`http://${listen}/probe?module=tls&target=127.0.0.1:${port}`);
    if (!/^probe_success 1$/m.test(await response.text()))
      throw new Error('blackbox_exporter did not reach the server.');
  };
  for (;;) {
    try {
      await look();
      return { look, stop: () => child.kill() };
    } catch (error) {
      if (child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function bench(kind: 'ecdsa' | 'rsa'): Promise<void> {
  using folder = temporaryFolder();
  const server = fork(join(import.meta.dirname, 'serve.ts'), [kind]);
  const [{ port, ca }] = (await once(server, 'message')) as [{ port: number; ca: string }];
  const caFile = folder.file('ca.pem');
  writeFileSync(caFile, ca);
  const checker = new Prober();
  const context = createReadingContext();
  const target = { host: '127.0.0.1', port, servername: 'localhost', starttls: null };
  const check = async (reader: 'light' | 'full') => {
    const { result } = await checker.check({
      target,
      thresholds: defaultThresholds,
      caFiles: [caFile],
      connection: { ...defaultConnection, reader },
      timeoutMs: 10_000,
    });
    if (result.status !== 'ok') throw new Error(JSON.stringify(result.problems));
  };
  const bare: Contender = {
    name: 'bare handshake, node:tls',
    look: () => bareHandshake(port, context),
    count: 1000,
    isOurs: true,
  };
  const contenders: Contender[] = [
    bare,
    { name: 'NotAfter, light reader', look: () => check('light'), count: 1000, isOurs: true },
    { name: 'NotAfter, full reader', look: () => check('full'), count: 1000, isOurs: true },
  ];
  if (await has('openssl'))
    contenders.push({ name: 'openssl s_client', look: () => opensslClient(port), count: 30, isOurs: false });
  const blackbox = (await has('prometheus-blackbox-exporter'))
    ? await startBlackbox(folder.path, port)
    : null;
  if (blackbox)
    contenders.push({ name: 'blackbox_exporter', look: blackbox.look, count: 1000, isOurs: false });

  for (const contender of contenders)
    await measure({ ...contender, count: Math.min(200, contender.count) }, 10);
  process.stdout.write(`\n${kind} server, median of ${rounds} rounds, contenders in turn\n`);
  process.stdout.write('at once  contender                   per second   × bare    CPU each    × bare\n');
  for (const concurrency of concurrencies) {
    const figures = contenders.map((contender) => ({ contender, rounds: [] as Figure[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const one of figures) one.rounds.push(await measure(one.contender, concurrency));
    }
    const [base] = figures;
    for (const { contender, rounds: own } of figures) {
      const ratio = (pick: (figure: Figure) => number) =>
        median(own.map((figure, round) => pick(figure) / pick(base?.rounds[round] ?? figure))).toFixed(2);
      const cpu = contender.isOurs
        ? `${median(own.map(({ cpuMs }) => cpuMs)).toFixed(2)} ms`.padStart(9) +
          ratio(({ cpuMs }) => cpuMs).padStart(10)
        : '(another process)'.padStart(19);
      process.stdout.write(
        `${String(concurrency).padStart(7)}  ${contender.name.padEnd(26)}${median(
          own.map(({ perSecond }) => perSecond),
        )
          .toFixed(0)
          .padStart(11)}${ratio(({ perSecond }) => perSecond).padStart(9)}   ${cpu}\n`,
      );
    }
  }
  blackbox?.stop();
  server.disconnect();
}

await bench('ecdsa');
await bench('rsa');
