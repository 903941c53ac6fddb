import { LeafReader } from '../../electron/engine/discovery/leaf-reader.ts';
import { planSearch } from '../../electron/engine/discovery/plan-search.ts';
import { resolveSearch } from '../../electron/engine/discovery/resolve-search.ts';
import { SearchRun } from '../../electron/engine/discovery/search-run.ts';
import { Prober } from '../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { Verifier } from '../../electron/engine/verify/verifier.ts';
import { discoveryLimitsSchema } from '../../shared/schema/discovery.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';
import { makeCa } from '../support/pki.ts';
import { serveTls } from '../support/tls-server.ts';

/**
 * A search of a network on loopback, three ports each, at 200 connections a second, in the process that checks a watched host four times a
 * second meanwhile: `npm run bench -- discover [PREFIX]`, by default /16, which takes 17 minutes.
 */
const prefix = Number(process.argv[3] ?? 16);
const everyMs = 250;

const ca = makeCa();
await using server = await serveTls(ca.issue());
const prober = new Prober();
const target = { host: 'localhost', port: server.port, servername: null, starttls: null };
const request = { target, thresholds: defaultThresholds, caFiles: [], timeoutMs: 10_000 };
const lateMs: number[] = [];
const checkMs: number[] = [];
let megabytes = 0;
/** The most memory in each quarter of the search: a search whose memory grows with what it has done shows here. */
const quarters = [0, 0, 0, 0];
let done = 0;
let due = performance.now() + everyMs;
const timer = setInterval(async () => {
  const begun = performance.now();
  lateMs.push(Math.max(0, begun - due));
  due = begun + everyMs;
  const now = process.memoryUsage.rss() / 1024 / 1024;
  megabytes = Math.max(megabytes, now);
  const quarter = Math.min(3, Math.floor(done * 4));
  quarters[quarter] = Math.max(quarters[quarter] ?? 0, now);
  await prober.check(request);
  checkMs.push(performance.now() - begun);
}, everyMs);

const { signal } = new AbortController();
const search = await planSearch({
  places: [`127.30.0.0/${prefix}`],
  ports: [1443, 2443, 3443],
  exclude: [],
  names: [],
  limits: discoveryLimitsSchema.parse({ perSecond: 200 }),
  mayScanPublic: false,
});
const resolved = await resolveSearch(
  search,
  () => Promise.reject(new Error('Nothing is looked up.')),
  signal,
);
const begun = performance.now();
const run = new SearchRun({
  ...{ search: resolved, names: [], exclusions: search.exclusions, limits: search.limits, signal, seed: 1 },
  leaves: new LeafReader(new Verifier(new TrustStores())),
  onFound: () => undefined,
  onProgress: (progress) => {
    done = progress.tried / progress.planned;
  },
});
const { tried, connections } = await run.run();
const seconds = (performance.now() - begun) / 1000;
clearInterval(timer);

const at = (values: number[], share: number) =>
  (values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? 0).toFixed(1);
process.stdout.write(`${tried} pairs, ${connections} connections in ${seconds.toFixed(0)} s: ${(connections / seconds).toFixed(1)} a second
memory: ${megabytes.toFixed(0)} MB at the most; in each quarter ${quarters.map((one) => one.toFixed(0)).join(', ')}
${checkMs.length} checks of a watched host: late by ${at(lateMs, 0.5)} ms (median), ${at(lateMs, 0.99)} (99th), ${at(lateMs, 1 - 1e-9)} (most); took ${at(checkMs, 0.5)} ms, ${at(checkMs, 0.99)} (99th)
`);
