import { jobName } from '../../shared/domain/job-name.ts';
import { pauseLengths, pauseRequest, pauseWords, tomorrow } from '../../shared/domain/pause.ts';
import { formatTarget } from '../../shared/domain/target.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { SavedView } from '../../shared/schema/saved-view.ts';
import { filterQuery } from '../hosts/list/filter-address.ts';
import { countTags, groupWords, noFilter } from '../hosts/list/filters.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { type Api, desktopOf } from '../lib/api.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { hostsHash, navigate, showJob, showView } from '../lib/use-route.ts';
import { sections } from '../settings/sections.ts';

export interface Command {
  id: string;
  label: string;
  /** The keys that do the same. */
  keys?: string;
  /** What kind of thing it leads to. */
  hint?: string;
  onClick: () => void;
}

/** Returns the commands for one host. */
export function hostCommands(job: JobView, actions: HostActions): Command[] {
  const name = jobName(job);
  const command = (id: string, label: string, keys: string, onClick: () => void): Command => ({
    id: `host ${id}`,
    label,
    keys,
    onClick,
  });
  return [
    command('check', `Check ${name}`, 'C', () => actions.check([job])),
    command('edit', `Edit ${name}`, 'E', () => actions.edit(job)),
    command('accept', `Accept a problem of ${name}`, 'A', () => actions.accept([job])),
    command('tags', `Tags of ${name}`, 'T', () => actions.tags([job])),
    command('pause', `${job.paused ? 'Resume' : 'Pause'} ${name}`, 'P', () => actions.togglePause([job])),
    command('copy', `Copy the certificate of ${name} as PEM`, 'Y', () => actions.copyPem(job)),
    command('delete', `Delete ${name}`, 'Del', () => actions.remove([job])),
  ];
}

/** Returns the commands for the hosts that are selected in the list. */
export function selectionCommands(jobs: readonly JobView[], actions: HostActions): Command[] {
  const hosts = `${jobs.length.toLocaleString('en')} selected hosts`;
  const command = (id: string, label: string, onClick: () => void, keys?: string): Command => ({
    id: `selection ${id}`,
    label,
    onClick,
    ...(keys === undefined ? {} : { keys }),
  });
  return [
    command('check', `Check ${hosts}`, () => actions.check(jobs), 'C'),
    command('accept', `Accept a problem of ${hosts}`, () => actions.accept(jobs), 'A'),
    command('tags', `Tags of ${hosts}`, () => actions.tags(jobs), 'T'),
    command('schedule', `Schedule of ${hosts}`, () => actions.schedule(jobs)),
    command('pause', `Pause or resume ${hosts}`, () => actions.togglePause(jobs), 'P'),
    command('delete', `Delete ${hosts}`, () => actions.remove(jobs), 'Del'),
  ];
}

/** What a command for a host begins with: the rest names the host. */
const verbs = /^(?:check|edit|accept a problem of|tags of|pause|resume|copy the certificate of|delete) /;

/** Returns the words of a query that name a host. */
export function hostWords(words: string): string {
  return words.replace(verbs, '');
}

/** Finds hosts by name and address, at most so many. @param words in lower case */
export function findHosts(jobs: readonly JobView[], words: string, most: number): JobView[] {
  if (words === '') return [];
  const found: JobView[] = [];
  for (const job of jobs) {
    if (found.length === most) break;
    if (`${jobName(job)} ${formatTarget(job.target)}`.toLowerCase().includes(words)) found.push(job);
  }
  return found;
}

interface Surroundings {
  api: Api;
  views: readonly SavedView[];
  onAdd: () => void;
  onShowKeys: () => void;
  setColorScheme: (scheme: 'auto' | 'light' | 'dark') => void;
}

/** Returns the commands for all hosts and the window. */
export function pageCommands({ api, views, onAdd, onShowKeys, setColorScheme }: Surroundings): Command[] {
  const desktop = desktopOf(api);
  return [
    { id: 'add', label: 'Add hosts…', keys: 'N', onClick: onAdd },
    {
      id: 'check',
      label: 'Check all hosts',
      onClick: () => void reportFailure(api.jobs.checkAll(), 'Could not start the checks'),
    },
    ...pauseLengths.map((length) => ({
      id: `pause ${length}`,
      label: `Pause all checks ${pauseWords[length]}`,
      onClick: () =>
        void reportFailure(api.jobs.pauseAll(pauseRequest(length, Date.now())), 'Could not pause the checks'),
    })),
    {
      id: 'resume',
      label: 'Resume all checks',
      onClick: () => void reportFailure(api.jobs.resumeAll({}), 'Could not resume the checks'),
    },
    {
      id: 'quiet',
      label: 'Quiet until tomorrow',
      hint: 'Only critical alerts notify you',
      onClick: () =>
        void reportFailure(
          api.settings.edit({ quietUntil: tomorrow(Date.now()) }),
          'Could not turn quiet on',
        ),
    },
    {
      id: 'end quiet',
      label: 'End quiet',
      onClick: () => void reportFailure(api.settings.edit({ quietUntil: null }), 'Could not end quiet'),
    },
    { id: 'list', label: 'Go to all hosts', keys: 'G H', onClick: () => showJob(null) },
    { id: 'alerts', label: 'Go to alerts', keys: 'G A', onClick: () => showView('alerts') },
    { id: 'discover', label: 'Go to discover', keys: 'G D', onClick: () => showView('discover') },
    { id: 'settings', label: 'Go to settings', keys: 'G S', onClick: () => showView('settings') },
    ...(desktop
      ? [
          {
            id: 'log',
            label: 'Open the log',
            onClick: () => void reportFailure(desktop.showLog(), 'Could not open the log'),
          },
        ]
      : []),
    ...views.map(({ name, query: saved }) => ({
      id: `view ${name}`,
      label: `Show view: ${name}`,
      hint: 'Saved view',
      onClick: () => navigate(hostsHash(null, saved)),
    })),
    ...(['needy', 'soon', 'unreachable', 'paused', 'accepted'] as const).map((group) => ({
      id: `group ${group}`,
      label: `Show: ${groupWords[group]}`,
      onClick: () => navigate(hostsHash(null, filterQuery({ ...noFilter, group }, null))),
    })),
    ...(['auto', 'light', 'dark'] as const).map((scheme) => ({
      id: `theme ${scheme}`,
      label: `Theme: ${{ auto: 'system', light: 'light', dark: 'dark' }[scheme]}`,
      onClick: () => setColorScheme(scheme),
    })),
    { id: 'keys', label: 'Show keyboard shortcuts', keys: '?', onClick: onShowKeys },
    ...Object.entries(sections).map(([section, label]) => ({
      id: `section ${section}`,
      label: `Settings: ${label}`,
      hint: 'Setting',
      onClick: () => navigate(`#/settings/${section}`),
    })),
  ];
}

/** Returns the commands that narrow the list to a tag. */
export function tagCommands(jobs: readonly JobView[]): Command[] {
  return countTags(jobs).map(([tag]) => ({
    id: `tag ${tag}`,
    label: `Show tag: ${tag}`,
    hint: 'Tag',
    onClick: () => navigate(hostsHash(null, filterQuery({ ...noFilter, tag }, null))),
  }));
}
