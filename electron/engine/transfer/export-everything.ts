import { isDeepStrictEqual } from 'node:util';
import { lacksSecrets } from '../../../shared/schema/channels/channel.ts';
import { type Job, jobDefaults } from '../../../shared/schema/job.ts';
import type { SavedSearchInput, SavedSearchView } from '../../../shared/schema/saved-search.ts';
import type { ShownSettings } from '../../../shared/schema/settings.ts';
import { type SourceView, sourceInputSchema } from '../../../shared/schema/source.ts';
import { formatTarget } from '../../../shared/schema/target.ts';
import { type WholeExport, wholeExportFormat } from '../../../shared/schema/whole-export.ts';
import { list } from '../../../shared/text/words.ts';
import { exportJob } from '../export/job.ts';
import { schemaVersion } from '../store/config-file.ts';
import { bareAddress, withoutPassword } from './addresses.ts';

/** What is exported. */
export interface Everything {
  /** Settings as they are shown: without secrets. */
  settings: ShownSettings;
  sources: readonly SourceView[];
  searches: readonly SavedSearchView[];
  jobs: Iterable<Job>;
  /** Milliseconds since the epoch. */
  now: number;
}

/** So many names stand in one sentence; the others are counted. */
const maxNamed = 10;

/** Returns everything that a person has set up, without secrets, and names what it does not have. */
export function exportEverything({ settings, sources, searches, jobs, now }: Everything): WholeExport {
  // Its webhooks are among the channels.
  const { pause: _pause, quietUntil: _quiet, api: _api, webhooks: _webhooks, ...carried } = settings;
  const all = [...jobs];
  const own = all.filter(({ origin }) => origin === null);
  return {
    format: wholeExportFormat,
    schemaVersion,
    exportedAt: new Date(now).toISOString(),
    settings: {
      ...carried,
      proxy: settings.proxy === null ? null : withoutPassword(settings.proxy),
      heartbeats: settings.heartbeats.map((heartbeat) => ({
        ...heartbeat,
        url: bareAddress(heartbeat.url),
        failUrl: heartbeat.failUrl && bareAddress(heartbeat.failUrl),
      })),
    },
    sources: sources.map(sourceInput),
    searches: searches.map(searchInput),
    jobs: own.map(exportJob),
    missing: [...missingOfSettings(settings), ...missingOfJobs(all, own)],
  };
}

/** A source as a person enters it. */
function sourceInput(source: SourceView): Record<string, unknown> {
  const { name, kind, paths, exclude, links, depth, passphrases, roles, forgetDays, tags } = source;
  return (
    sourceInputSchema.safeParse({
      ...{ name, kind, paths, exclude, links, depth, passphrases, roles, forgetDays, tags },
    }).data ?? { name, kind, paths }
  );
}

/** A saved search as a person enters it: on another machine it has no consent. */
function searchInput(search: SavedSearchView): SavedSearchInput {
  const { name, targets, files, dns, watched, names, ports, exclude, schedule } = search;
  const { hours, reverseDns, limits, onFind, addTags, notify } = search;
  const places = { targets, files, dns, watched, names, ports, exclude };
  return { name, ...places, schedule, hours, reverseDns, limits, onFind, addTags, notify };
}

function missingOfSettings(settings: ShownSettings): string[] {
  const secrets = settings.channels.filter(lacksSecrets).map(({ name }) => name);
  return [
    ...sentence('Secrets of channels', secrets),
    ...sentence(
      'Addresses of heartbeats',
      settings.heartbeats.map(({ name }) => name),
    ),
    ...(settings.proxy !== null && withoutPassword(settings.proxy) !== settings.proxy
      ? ['Not exported: the user and password of the proxy.']
      : []),
    'Not exported: results, alerts and their history (history.sqlite), the token of the API and its port, and files that settings and jobs name by their paths.',
  ];
}

function missingOfJobs(all: readonly Job[], own: readonly Job[]): string[] {
  const proxied = own.filter(({ connection }) => {
    const { proxy } = connection;
    return proxy !== null && proxy !== 'none' && withoutPassword(proxy) !== proxy;
  });
  const kept = all.filter((job) => job.origin !== null && isEdited(job));
  return [
    ...sentence('Users and passwords of proxies of hosts', proxied.map(nameOf)),
    ...sentence('Settings of individual certificates of sources', kept.map(nameOf)),
  ];
}

function sentence(what: string, names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`Not exported: ${what[0]?.toLowerCase()}${what.slice(1)}: ${list(names, maxNamed)}.`.slice(0, 1_000)];
}

/** What a source does not set of its jobs. */
const personal = ['schedule', 'thresholds', 'alerts', 'accepted', 'notes', 'caFiles', 'paused'] as const;

/** Whether a person has set something of a job that its source would not set again. */
function isEdited(job: Job): boolean {
  return personal.some((field) => !isDeepStrictEqual(job[field], jobDefaults[field]));
}

const nameOf = ({ name, target }: Job) => name || formatTarget(target);
