import { randomInt } from 'node:crypto';
import { constants } from 'node:os';
import { dnsText } from '../../../shared/domain/discovery/dns-source.ts';
import { readPorts } from '../../../shared/domain/discovery/ports.ts';
import {
  type DiscoveryProgress,
  discoveryLimitsSchema,
  type Found,
} from '../../../shared/schema/discovery.ts';
import type { DnsSource } from '../../../shared/schema/dns-source.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import { FoundList } from '../../engine/discovery/found-list.ts';
import { LeafReader } from '../../engine/discovery/leaf-reader.ts';
import { type PlannedSearch, planSearch } from '../../engine/discovery/plan-search.ts';
import { type ResolvedSearch, resolveSearch } from '../../engine/discovery/resolve-search.ts';
import { reverseLookup } from '../../engine/discovery/reverse-names.ts';
import { SearchRun } from '../../engine/discovery/search-run.ts';
import { systemResolver } from '../../engine/probe/addresses.ts';
import { TrustStores } from '../../engine/verify/trust.ts';
import { Verifier } from '../../engine/verify/verifier.ts';
import { partialStatus, UsageError } from '../exit-status.ts';
import {
  type DiscoverFormat,
  jobsText,
  renderFinds,
  renderFound,
  renderPlan,
} from '../formats/found-formats.ts';
import { SearchProgress } from '../search-progress.ts';
import {
  type GivenSource,
  readDomains,
  readFromDns,
  readFromFiles,
  readNameLists,
  readSource,
} from './discover-sources.ts';

export interface DiscoverOptions {
  ports: string;
  exclude: string[];
  names: string[];
  from: string[];
  dns: string[];
  dnsRecords?: string;
  rate: number;
  atOnce: number;
  maxNames: number;
  reverseDns: boolean;
  iMayScanThis: boolean;
  dryRun: boolean;
  format: DiscoverFormat;
  add: boolean;
  tag: string[];
  data?: string;
}

/**
 * `notafter discover`: looks for certificates on addresses and ports, and prints what it found.
 * @returns the exit status: 0, or 75 where a signal ended it
 * @throws UsageError for a search that is not understood or not allowed, before anything is sent
 */
export async function runDiscover(
  targets: readonly string[],
  options: DiscoverOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  // Before the signals are caught: Ctrl+C ends the program while it waits for standard input.
  const given = options.from.map(readSource);
  using interrupted = onSignals();
  const { signal } = interrupted;
  const { search, notes } = await planOf(targets, given, options, signal);
  if (search.plan.refused.length > 0) throw new UsageError(search.plan.refused.join(' '));
  if (options.dryRun) {
    output.write(renderPlan(options.format, search, notes));
    return 0;
  }
  for (const note of [...search.plan.notes, ...notes]) tell(note);
  const remote = options.add ? (await import('../api-client.ts')).findRemote(options.data) : null;
  const resolved = await resolveSearch(search, systemResolver, signal);
  if (resolved.refused.length > 0) throw new UsageError(resolved.refused.join(' '));
  for (const sentence of resolved.skipped) tell(sentence);
  if (resolved.connections !== search.plan.connections)
    tell(`The names resolve to ${count(resolved.connections, 'connection')} in total.`);
  if (resolved.connections === 0) throw new UsageError('Nothing to connect to: everything is excluded.');
  const { finds, progress } = await look(search, resolved, options, output, signal);
  output.write(renderFinds(options.format, { finds, progress, skipped: resolved.skipped }, output));
  if (remote && finds.length > 0) {
    const body = jobsText(finds, options.tag);
    const report = await remote.jobs.import({
      body,
      headers: {},
      query: { dryRun: false, format: 'notafter' },
    });
    process.stderr.write(
      `notafter: added ${count(report.added, 'job')}; ${report.merged + report.duplicates} were there.\n`,
    );
  }
  if (!signal.aborted) return 0;
  process.stderr.write(
    `notafter: stopped at ${progress.tried.toLocaleString('en')} of ${count(progress.planned, 'connection')}.\n`,
  );
  return partialStatus;
}

const tell = (sentence: string) => process.stderr.write(`notafter: ${forTerminal(sentence)}\n`);

async function planOf(
  targets: readonly string[],
  given: readonly GivenSource[],
  options: DiscoverOptions,
  signal: AbortSignal,
): Promise<{ search: PlannedSearch; notes: string[] }> {
  const read = readPorts(options.ports);
  if (!read.ok) throw new UsageError(`--ports: ${read.message}`);
  const domains = readDomains(options.dns, options.dnsRecords);
  const files = await readFromFiles(given, signal);
  if (targets.length === 0 && options.from.length === 0 && domains.length === 0)
    throw new UsageError(
      'Enter addresses, networks or hosts, a file with hosts (--from FORMAT:FILE), or a domain (--dns DOMAIN).',
    );
  const named = options.dryRun ? notYet(domains) : await readFromDns(domains, options.exclude, signal);
  const notes = [...files.notes, ...named.notes];
  const { rate: perSecond, atOnce, maxNames: namesPerEndpoint } = options;
  const search = await planSearch({
    places: targets,
    ports: read.ports,
    printers: read.printers,
    exclude: options.exclude,
    names: readNameLists(options.names),
    hosts: [...files.hosts, ...named.hosts],
    hasMore: options.dryRun && domains.length > 0,
    limits: discoveryLimitsSchema.parse({ perSecond, atOnce, namesPerEndpoint }),
    mayScanPublic: options.iMayScanThis,
  });
  return { search, notes };
}

/** A plan sends nothing, to name servers neither. */
const notYet = (domains: readonly DnsSource[]) => ({
  hosts: [],
  notes: domains.map((domain) => `The hosts of ${dnsText(domain)} are read from DNS when the search runs.`),
});

/** Runs the search, and prints finds as they come where the format allows. */
async function look(
  search: PlannedSearch,
  resolved: ResolvedSearch,
  { format, reverseDns }: DiscoverOptions,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<{ finds: Found[]; progress: DiscoveryProgress }> {
  const found = new FoundList();
  const shown = new SearchProgress(process.stderr, search.limits.perSecond);
  const run = new SearchRun({
    search: resolved,
    names: search.names,
    exclusions: search.exclusions,
    limits: search.limits,
    leaves: new LeafReader(new Verifier(new TrustStores())),
    seed: randomInt(2 ** 32),
    reverse: reverseDns ? reverseLookup() : undefined,
    onFound: (one) => {
      found.add(one);
      const text = renderFound(format, one);
      if (text === null) return;
      shown.clear();
      output.write(text);
    },
    onProgress: (progress) => shown.show(progress),
    signal,
  });
  try {
    await run.run();
  } catch (error) {
    if (!signal.aborted) throw error; // Else what was found by then is printed.
  } finally {
    shown.clear();
  }
  return { finds: found.sorted(), progress: run.progress };
}

/** Ends the search at SIGINT and SIGTERM: what was found until then is printed. A second one ends the program as ever. */
function onSignals() {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM'] as const;
  const onSignal = (name: NodeJS.Signals) =>
    controller.abort(new Error(`The search was stopped by signal ${constants.signals[name]}.`));
  for (const name of names) process.once(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
