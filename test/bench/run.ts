/** `npm run bench -- NAME`: figures, as ratios against a peer or a bare loop in the same run. */
const benches: Record<string, () => Promise<unknown>> = {
  blocks: () => import('./blocks.ts'),
  check: () => import('./check.ts'),
  discover: () => import('./discover.ts'),
  files: () => import('./files.ts'),
  metrics: () => import('./metrics.ts'),
  rest: () => import('./rest.ts'),
  scale: () => import('./scale.ts'),
  page: () => import('./page.ts'),
  start: () => import('./start.ts'),
  verify: () => import('./verify.ts'),
};
const name = process.argv[2] ?? '';
const bench = benches[name];
if (bench) {
  await bench();
} else {
  process.stderr.write(`Usage: npm run bench -- ${Object.keys(benches).join('|')}\n`);
  process.exitCode = 64;
}

export {};
