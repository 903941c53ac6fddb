import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadImport } from '../../electron/engine/import/load-import.ts';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { type Connection, connectionSchema } from '../../shared/schema/connection.ts';
import type { StarttlsProtocol, Target } from '../../shared/schema/target.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';
import { randomOf } from '../fuzz/random.ts';
import { type FuzzTarget, fuzzTargets } from '../fuzz/targets.ts';
import { pkcs12Asking } from '../support/pkcs12.ts';
import { makeCa } from '../support/pki.ts';
import { listPem, revocationList } from '../support/revocation-list.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { longestTurn } from './longest-turn.ts';

/**
 * `npm run bench -- blocks [WORD]`: how long one check of hostile input, or one import, keeps everything else waiting: the event
 * loop's longest turn in processor time, of the quietest of the rounds, since a first run also compiles and loads.
 */
const boundMs = 50;
const rounds = 3;
const word = process.argv[3] ?? '';
const figures: { name: string; ms: number }[] = [];

async function measure(name: string, work: () => unknown): Promise<void> {
  if (!name.includes(word)) return;
  const turns: number[] = [];
  for (let round = 0; round < rounds; round += 1) turns.push(await longestTurn(work));
  const ms = Math.min(...turns);
  figures.push({ name, ms });
  if (ms > boundMs / 2) process.stderr.write(`${ms.toFixed(1).padStart(8)} ms  ${name}\n`);
}

/** One check by a prober that has seen nothing. */
async function check(
  target: Target,
  more: { connection?: Connection; fetchRevocation?: boolean; ca?: string; caFile?: string },
) {
  const prober = new Prober({ trustStores: storesOf(more.ca ?? '') });
  await prober
    .check({
      target,
      thresholds: defaultThresholds,
      caFiles: more.caFile ? [more.caFile] : [],
      timeoutMs: 3_000,
      ...(more.connection ? { connection: more.connection } : {}),
      ...(more.fetchRevocation ? { fetchRevocation: true } : {}),
    })
    .catch(() => undefined); // A CA file that cannot be used is refused: what that costs is measured.
}

const stores = new Map<string, TrustStores>();
/** Trust stores that are built already: that is no part of one check. */
function storesOf(root: string): TrustStores {
  let store = stores.get(root);
  if (!store) {
    store = new TrustStores(root === '' ? [] : [root], []);
    store.get({ system: true, caFiles: [] });
    stores.set(root, store);
  }
  return store;
}

/** Every fuzz target: the slowest of its cases. */
const cases = 300;
for (const [name, { run, close }] of Object.entries<FuzzTarget>(fuzzTargets)) {
  if (!`fuzz ${name}`.includes(word)) continue;
  await run(randomOf(1)); // What a target needs is made once.
  let worst = { seed: 0, ms: 0 };
  for (let seed = 1; seed <= cases; seed += 1) {
    const ms = await longestTurn(() => run(randomOf(seed)));
    if (ms > worst.ms) worst = { seed, ms };
  }
  // The slowest once more: what is slow by itself is slow again.
  const { seed } = worst;
  await measure(`fuzz ${name}, seed ${seed}`, () => run(randomOf(seed)));
  await close?.();
}

/** Every hostile server of the specs, in a process of its own. */
const child = fork(join(import.meta.dirname, 'hostile-server.ts'), { stdio: 'inherit' });
const [{ ca, names }] = (await once(child, 'message')) as [{ ca: string; names: string[] }];
for (const name of names.filter((one) => `server that ${one}`.includes(word))) {
  child.send(name);
  const [host] = (await once(child, 'message')) as [
    {
      port: number;
      starttls: StarttlsProtocol | null;
      connection: Connection | null;
      fetchRevocation: boolean;
    },
  ];
  const { port, starttls, connection, fetchRevocation } = host;
  const straight = connectionSchema.parse({ address: '127.0.0.1' });
  await measure(`server that ${name}`, () =>
    check(
      { host: 'localhost', port, servername: null, starttls },
      { ca, fetchRevocation, connection: connection ?? straight },
    ),
  );
}
child.disconnect();

/** The largest files and lists that the bounds allow. */
using folder = temporaryFolder();
const mebibyte = 2 ** 20;
const issuer = makeCa('Files');
const leaf = issuer.issue({ sans: ['localhost'] });
const names10k = Array.from({ length: 10_000 }, (_, index) => `n${index}.example`);
const many = makeCa('Many').issue({ sans: ['localhost', ...names10k] });
// As it comes from a socket or a file: in one piece of memory.
const filled = (piece: string, size = 10 * mebibyte) => Buffer.alloc(size, piece).toString('latin1');
const files: Record<string, string | Buffer> = {
  'dashes.pem': filled('-'),
  'beginnings.pem': filled('-----BEGIN CERTIFICATE-----\n'),
  'certificates.pem': filled(leaf.pem),
  'names.pem': many.pem,
  'distinct.pem': Array.from(
    { length: 2_000 },
    (_, index) => issuer.issue({ sans: [`n${index}.example`] }).pem,
  ).join(''),
  'one.pem': `-----BEGIN CERTIFICATE-----\n${filled('A')}\n-----END CERTIFICATE-----\n`,
  'zeros.der': Buffer.alloc(10 * mebibyte),
  'sequences.der': Buffer.alloc(10 * mebibyte, 0x30),
  'long.der': Buffer.concat([Buffer.from('3084009ffff8', 'hex'), Buffer.alloc(10 * mebibyte - 16, 5)]),
  'text.txt': filled('host.example\n'),
  'asking.p12': pkcs12Asking(9_999_999, 2_000),
};
for (const [name, content] of Object.entries(files)) {
  const path = folder.file(name);
  writeFileSync(path, content);
  await measure(`certificate file ${name}`, () => check({ file: path, passphraseFile: null }, {}));
  await measure(`CA file ${name}`, () =>
    check({ host: '127.0.0.1', port: 1, servername: null, starttls: null }, { caFile: path }),
  );
}

/** Lists of the CA, downloaded in the course of a check. */
const issuing = makeCa('Lists');
let list: Buffer = Buffer.alloc(0);
const lists = createServer((_request, response) => response.end(list)).listen(0, '127.0.0.1');
await once(lists, 'listening');
const { RevocationService } = await import('../../electron/engine/verify/revocation/revocation-service.ts');
const listed = issuing.issue({ crlUrl: `http://127.0.0.1:${(lists.address() as AddressInfo).port}/` });
const largest = revocationList(issuing, [listed], { fillers: 850_000 });
for (const [name, bytes] of [
  [`in DER, ${(largest.length / mebibyte).toFixed(1)} MiB`, largest],
  ['in PEM', Buffer.from(listPem(revocationList(issuing, [listed], { fillers: 600_000 })))],
  ['of zeros, 33 MiB', Buffer.alloc(33 * mebibyte)],
] as const) {
  list = bytes;
  await measure(`revocation list ${name}`, async () => {
    const { signal } = new AbortController();
    await new RevocationService().ask([listed.der, issuing.der], Date.now(), 60_000, signal);
  });
}
lists.close();

/** Imports as long as the API takes them. */
const bodies: Record<string, string> = {
  'hosts, 10,000': names10k.join('\n'),
  'CSV, 10,000': `host,port,name,tags\n${names10k.map((name) => `${name},443,${name},a b`).join('\n')}`,
  'Prometheus, 10,000': `- targets:\n${names10k.map((name) => `  - ${name}\n`).join('')}`,
  'NotAfter, 10,000': JSON.stringify({ jobs: names10k.map((host) => ({ target: { host } })) }),
  'check_ssl_cert, 10,000': names10k.map((name) => `check_ssl_cert -H ${name} -w 20`).join('\n'),
  'hosts, 20 MiB of line breaks': filled('\n', 20 * mebibyte),
  'CSV, 20 MiB of commas': `host,port\n${filled(',', 20 * mebibyte)}`,
  'YAML, 20 MiB of dashes': `scrape_configs:\n${filled('- ', 20 * mebibyte)}`,
};
for (const [name, body] of Object.entries(bodies)) await measure(`import ${name}`, () => loadImport(body));

const worst = figures.toSorted((one, other) => other.ms - one.ms);
const shown = worst.filter(({ ms }, index) => ms > boundMs / 2 || index < 15);
for (const { name, ms } of shown)
  process.stdout.write(`${ms.toFixed(1).padStart(8)} ms  ${ms > boundMs ? 'OVER ' : '     '}${name}\n`);
process.stdout.write(
  `${figures.length} inputs, the quietest of ${rounds} rounds each; ${worst.filter(({ ms }) => ms > boundMs).length} over ${boundMs} ms, the rest below ${(shown.at(-1)?.ms ?? 0).toFixed(1)} ms.\n`,
);
process.exit(worst.some(({ ms }) => ms > boundMs) ? 1 : 0);
