import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { findFiles } from '../../electron/engine/file-sources/find-files.ts';
import { sourceReaders } from '../../electron/engine/file-sources/readers.ts';
import { SourceScan } from '../../electron/engine/file-sources/source-scan.ts';
import { type Source, sourceInputSchema } from '../../shared/schema/source.ts';
import { makeCa, makeKey } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestEngine } from '../support/test-engine.ts';

/** What a source of 1,000 files costs: `npm run bench -- files [COUNT]`. Medians of five rounds. */
const size = Number(process.argv[3] ?? 1_000);
const rounds = 5;
const { signal } = new AbortController();
const nowhere = () => false;

interface Figure {
  ms: number;
  cpuMs: number;
  turnMs: number;
}

/** Measures a work: how long it took, what it cost all threads, and the longest turn of the event loop. */
async function measure(work: () => Promise<unknown> | unknown): Promise<Figure> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let [turn, turnMs, isOver] = [begun, 0, false];
  const look = () => {
    turnMs = Math.max(turnMs, performance.now() - turn);
    turn = performance.now();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  const ms = performance.now() - begun;
  isOver = true;
  await new Promise((resolve) => setImmediate(resolve));
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, turnMs };
}

const median = (values: number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
function medianOf(some: readonly Figure[]): Figure {
  const of = (key: keyof Figure) => median(some.map((figure) => figure[key]));
  return { ms: of('ms'), cpuMs: of('cpuMs'), turnMs: of('turnMs') };
}

/** 1,000 files in ten folders, each with a leaf and its intermediate, and half as many keys beside them. */
function fill(path: string): void {
  const root = makeCa('Bench Root');
  const intermediate = root.issue({ name: 'Bench CA', isCa: true, sans: [] });
  const key = makeKey('p256');
  for (let index = 0; index < size; index += 1) {
    const folder = `${path}/${index % 10}`;
    mkdirSync(folder, { recursive: true });
    const leaf = intermediate.issue({ name: `host-${index}.test`, privateKey: key, notAfterDays: 300 });
    writeFileSync(`${folder}/host-${index}.pem`, leaf.pem + intermediate.pem);
    if (index % 2 === 0) writeFileSync(`${folder}/host-${index}.key`, leaf.key);
  }
}

using folder = temporaryFolder();
const certs = folder.file('certs');
fill(certs);
const all = readdirSync(certs).flatMap((name) =>
  readdirSync(`${certs}/${name}`).map((one) => `${certs}/${name}/${one}`),
);
const time = new Date().toISOString();
const input = sourceInputSchema.parse({ name: 'bench', paths: [certs] });
const empty: Source = { id: 'bench', ...input, entries: [], createdAt: time, updatedAt: time };

const figures: Record<string, Figure[]> = {};
const add = (name: string, figure: Figure) => {
  figures[name] = [...(figures[name] ?? []), figure];
};
for (let round = 0; round < rounds; round += 1) {
  add(
    'bare: read each, its first certificate',
    await measure(() => {
      for (const path of all) {
        const text = readFileSync(path);
        if (path.endsWith('.pem')) void new X509Certificate(text).fingerprint256;
      }
    }),
  );
  add('bare: stat each', await measure(() => all.forEach((path) => void statSync(path))));
  const scan = new SourceScan(sourceReaders.files);
  let source = empty;
  add(
    'first scan',
    await measure(async () => {
      const { entries } = await scan.scan(source, Date.now(), nowhere, signal);
      source = { ...source, entries };
    }),
  );
  if (source.entries.length !== size) throw new Error(`${source.entries.length} entries were found.`);
  add(
    'look, nothing changed',
    await measure(async () => {
      if (!(await scan.isUnchanged(signal))) throw new Error('Something changed.');
    }),
  );
  add('walk alone', await measure(() => findFiles(input, signal)));
  add('scan again, nothing changed', await measure(() => scan.scan(source, Date.now(), nowhere, signal)));
}
console.log(`${size} certificate files and ${all.length - size} keys, medians of ${rounds}, in ms:`);
console.table(
  Object.entries(figures).map(([name, some]) => {
    const { ms, cpuMs, turnMs } = medianOf(some);
    return { what: name, ms: ms.toFixed(1), cpu: cpuMs.toFixed(1), 'longest turn': turnMs.toFixed(1) };
  }),
);

await using test = new TestEngine();
test.engine.start();
let left = size;
const done = test.next('check-finished', () => {
  left -= 1;
  return left === 0;
});
const whole = await measure(async () => {
  await test.engine.sources.add(input);
  const due = setInterval(() => test.clock.advance(1), 1);
  await done;
  clearInterval(due);
});
console.log(
  `A source added: ${size} jobs made, each checked once and stored after ${whole.ms.toFixed(0)} ms; longest turn ${whole.turnMs.toFixed(0)} ms.`,
);
