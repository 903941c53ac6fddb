import { stringify } from 'csv-stringify/sync';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { guessStarttls } from '../../../shared/domain/target-text.ts';
import type { DiscoveryPlan, DiscoveryProgress, Found } from '../../../shared/schema/discovery.ts';
import { formatTarget, isFileTarget, isIpv6, type Target } from '../../../shared/schema/target.ts';
import { forJson, forTerminal, toCell } from '../../../shared/text/foreign-text.ts';
import { count, duration, expiryWords, list } from '../../../shared/text/words.ts';
import type { PlannedSearch } from '../../engine/discovery/plan-search.ts';
import { renderTable } from './table.ts';

export const discoverFormats = ['text', 'table', 'json', 'jsonl', 'csv', 'hosts', 'notafter'] as const;
export type DiscoverFormat = (typeof discoverFormats)[number];

/** What a search came to. */
export interface SearchResult {
  finds: readonly Found[];
  progress: DiscoveryProgress;
  /** Hosts that were left out, as sentences. */
  skipped: readonly string[];
}

const json = (value: unknown) => `${forJson(JSON.stringify(value, null, 2))}\n`;

function placeOf({ address, port }: Pick<Found, 'address' | 'port'>): string {
  return isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Formats that print each find as it comes. */
export function renderFound(format: DiscoverFormat, found: Found): string | null {
  switch (format) {
    case 'text':
      return foundText(found);
    case 'jsonl':
      return `${forJson(JSON.stringify(found))}\n`;
    default:
      return null;
  }
}

function foundText(found: Found): string {
  const { leaf, names, note, starttls } = found;
  const by = starttls === null ? '' : ` (${starttls})`;
  const named = names.length === 0 ? '' : `  ${list(names)}`;
  const lines = [`${placeOf(found)}${by}${named}`];
  if (leaf) {
    const problems = leaf.problems.length === 0 ? '' : `; ${leaf.problems.join(', ')}`;
    const expires = `${expiryWords(leaf.validTo, Date.now())} (${leaf.validTo.slice(0, 10)})`;
    const verb = Date.parse(leaf.validTo) < Date.now() ? 'expired' : 'expires';
    lines.push(
      `  ${leaf.subject}, by ${shortName(leaf.issuer) || leaf.issuer}, ${verb} ${expires}${problems}`,
    );
  }
  if (note !== null) lines.push(`  ${note}`);
  return `${lines.map(forTerminal).join('\n')}\n`;
}

/** Formats that need all finds; for those that printed them one by one, what is left to say. */
export function renderFinds(
  format: DiscoverFormat,
  result: SearchResult,
  stream: NodeJS.WriteStream,
): string {
  const { finds, progress, skipped } = result;
  switch (format) {
    case 'text':
      return summary(result);
    case 'jsonl':
      return '';
    case 'json':
      return json({ ...progress, skipped, finds });
    case 'table':
      return `${foundTable(finds, stream)}${summary(result)}`;
    case 'csv':
      return foundCsv(finds);
    case 'hosts':
      return hostLines(finds.flatMap(({ suggested }) => suggested ?? []));
    case 'notafter':
      return jobsText(finds, []);
  }
}

function summary({ finds, progress }: SearchResult): string {
  const { planned, open, tls, connections, silentHosts } = progress;
  const silent = silentHosts === 0 ? '' : `; ${count(silentHosts, 'host')} did not answer`;
  return `${count(finds.length, 'find')}: ${count(tls, 'TLS service')} on ${count(open, 'open port')} of ${count(planned, 'pair')}, ${count(connections, 'connection')}${silent}.\n`;
}

function foundTable(finds: readonly Found[], stream: NodeJS.WriteStream): string {
  const rows = finds.map((found) => {
    const { leaf, names, state, suggested } = found;
    return [
      state,
      placeOf(found),
      names[0] ?? (suggested && !isFileTarget(suggested) ? suggested.host : ''),
      leaf ? leaf.validTo.slice(0, 10) : '',
      leaf ? shortName(leaf.subject) || leaf.subject : '',
      leaf ? shortName(leaf.issuer) || leaf.issuer : '',
    ];
  });
  return renderTable(['STATE', 'FOUND AT', 'NAME', 'EXPIRES', 'SUBJECT', 'ISSUER'], rows, stream);
}

const csvHeader = [
  'host',
  'port',
  'servername',
  'starttls',
  'state',
  'address',
  'names',
  'subject',
  'issuer',
  'expires',
  'fingerprint256',
  'problems',
];

/** The first columns are those of an import of jobs, so that the table can be imported as it is. */
function foundCsv(finds: readonly Found[]): string {
  const rows = finds.map(({ address, port, starttls, names, suggested, leaf, state }) => {
    const target = suggested && !isFileTarget(suggested) ? suggested : null;
    return [
      target?.host ?? address,
      String(port),
      target?.servername ?? '',
      starttls ?? (guessStarttls(port) === null ? '' : 'none'),
      state,
      address,
      names.join(';'),
      leaf?.subject ?? '',
      leaf?.issuer ?? '',
      leaf?.validTo ?? '',
      leaf?.fingerprint256 ?? '',
      leaf?.problems.join(';') ?? '',
    ];
  });
  const cells = rows.map((row) => row.map((text) => toCell(forTerminal(text))));
  return stringify([csvHeader, ...cells], { record_delimiter: 'windows' });
}

/** One host a line, each once, as `check --from` and `jobs import` read them. */
function hostLines(targets: readonly Target[]): string {
  const lines = new Set(targets.map((target) => `${forTerminal(hostLine(target))}\n`));
  return [...lines].join('');
}

/** A protocol that is unusual on the port is written as a URL’s scheme. */
function hostLine(target: Target): string {
  if (isFileTarget(target) || target.starttls === guessStarttls(target.port)) return formatTarget(target);
  const { host, port, starttls } = target;
  return `${starttls ?? 'tls'}://${isIpv6(host) ? `[${host}]` : host}:${port}`;
}

/** Jobs in the form of an export, with what a line cannot say: the server name. */
export function jobsText(finds: readonly Found[], tags: readonly string[]): string {
  const targets = finds.flatMap(({ suggested }) => suggested ?? []);
  const distinct = new Map(targets.map((target) => [JSON.stringify(target), target]));
  return json({ jobs: [...distinct.values()].map((target) => ({ target, tags })) });
}

/** What a search would do. */
export function renderPlan(
  format: DiscoverFormat,
  { plan, hosts, addresses }: PlannedSearch,
  notes: readonly string[],
): string {
  if (format === 'json' || format === 'jsonl') {
    const all = { ...plan, notes: [...plan.notes, ...notes] };
    return format === 'json' ? json(all) : `${forJson(JSON.stringify(all))}\n`;
  }
  if (format === 'hosts') {
    const lines = hosts.map(({ host, port, starttls }) =>
      hostLine({
        host,
        port: port ?? 443,
        servername: null,
        starttls: starttls === undefined ? guessStarttls(port ?? 443) : starttls,
      }),
    );
    return [...new Set([...lines, ...addresses])].map((line) => `${forTerminal(line)}\n`).join('');
  }
  return `${[...planSentences({ ...plan, notes: [...plan.notes, ...notes] }), 'Nothing was sent.'].map(forTerminal).join('\n')}\n`;
}

/** Returns what a search would do, as sentences. */
export function planSentences(plan: DiscoveryPlan): string[] {
  return [
    `${count(plan.addresses, 'address', 'addresses')}, ${count(plan.hosts, 'host')}, ${count(plan.ports.length, 'port')}: ${count(plan.connections, 'connection')}, about ${lasting(plan.seconds)}.`,
    `Ports: ${plan.ports.join(', ')}.`,
    ...plan.notes,
  ];
}

function lasting(seconds: number): string {
  return seconds < 60 ? count(seconds, 'second') : duration(seconds * 1000);
}
