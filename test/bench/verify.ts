import { readFileSync } from 'node:fs';
import { readPem } from '../../electron/engine/probe/files/pem.ts';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { Verifier } from '../../electron/engine/verify/verifier.ts';
import { limboSchema } from '../support/limbo.ts';
import { type Issued, type KeyKind, makeCa, makeKey } from '../support/pki.ts';

/** A chain to be judged, as a server sends it, and what is trusted. */
interface ChainCase {
  name: string;
  chain: Buffer[];
  anchors: string[];
  now: number;
}

const rounds = 7;
const thresholds = { warning: { days: 0 }, critical: { days: 0 } };

/** A hundred CAs of one name, none of which signed the leaf: each is an issuer to be tried. */
function strangers(kind: KeyKind): ChainCase {
  const key = makeKey(kind);
  const own = makeCa('Stranger', { privateKey: makeKey('p256') });
  const others = Array.from({ length: 100 }, (_, index) =>
    makeCa('Stranger', { privateKey: key, notAfterDays: 100 + index }),
  );
  const leaf = own.issue({ name: 'localhost' });
  return {
    name: `100 issuers of one name, ${kind}`,
    chain: [leaf, ...others].map(({ der }) => der),
    anchors: others.map(({ pem }) => pem),
    now: Date.now(),
  };
}

function usual(): ChainCase {
  const root = makeCa('Root');
  const intermediate = root.issue({ name: 'Intermediate', isCa: true, sans: [] });
  const chain: Issued[] = [intermediate.issue({ name: 'localhost' }), intermediate];
  return {
    name: 'leaf and intermediate',
    chain: chain.map(({ der }) => der),
    anchors: [root.pem],
    now: Date.now(),
  };
}

/** The cases of files in x509-limbo's schema. */
function casesOf(file: string): ChainCase[] {
  return limboSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).testcases.map((one) => ({
    name: one.id,
    chain: [one.peer_certificate, ...one.untrusted_intermediates].flatMap(readPem),
    anchors: one.trusted_certs,
    now: one.validation_time ? Date.parse(one.validation_time) : Date.now(),
  }));
}

/**
 * Milliseconds of one judgement by a verifier that has seen nothing, and by one that has seen the chain; and how long the
 * event loop stood still at most.
 */
async function measure({ chain, anchors, now }: ChainCase) {
  const firsts: number[] = [];
  const agains: number[] = [];
  const blocks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const verifier = new Verifier(new TrustStores([], anchors));
    const presented = { protocol: null, cipher: null, staple: null, isKeyProven: true };
    for (const times of [firsts, agains]) {
      const begun = performance.now();
      let turn = begun;
      let block = 0;
      let isOver = false;
      const look = () => {
        block = Math.max(block, performance.now() - turn);
        turn = performance.now();
        if (!isOver) setImmediate(look);
      };
      setImmediate(look);
      await verifier.verify(
        { chain, ...presented },
        { host: 'localhost', scope: 'server', thresholds, caFiles: [], now },
      );
      times.push(performance.now() - begun);
      isOver = true;
      await new Promise((resolve) => setImmediate(resolve));
      blocks.push(block);
    }
  }
  const median = (values: number[]) => values.toSorted((one, other) => one - other)[rounds >> 1] ?? 0;
  return {
    first: median(firsts),
    again: median(agains),
    block: median(blocks.filter((_, index) => index % 2 === 0)),
  };
}

const files = process.argv.slice(3);
const cases = [
  usual(),
  ...(['rsa2048', 'p256', 'p384', 'p521'] as const).map(strangers),
  ...files.flatMap(casesOf),
];
const figures: { name: string; first: number; again: number; block: number }[] = [];
for (const one of cases) figures.push({ name: one.name, ...(await measure(one)) });
const shown =
  files.length === 0 ? figures : figures.toSorted((one, other) => other.first - one.first).slice(0, 10);
console.log(
  `One judgement, median of ${rounds}, in ms: by a verifier that has seen nothing, again, and the event loop's longest turn of the first.`,
);
console.table(
  shown.map(({ name, first, again, block }) => ({
    case: name,
    first: first.toFixed(2),
    again: again.toFixed(2),
    block: block.toFixed(2),
  })),
);
const slowest = figures.reduce((worst, one) => (one.first > worst.first ? one : worst));
console.log(`Slowest of ${figures.length}: ${slowest.name}, ${slowest.first.toFixed(1)} ms.`);
