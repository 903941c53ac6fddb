import { useApi } from '../lib/api-context.tsx';
import '@mantine/spotlight/styles.css';
import { Kbd, Modal, Table, useMantineColorScheme } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { useMemo, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { pauseLengths, pauseRequest, pauseWords } from '../../shared/domain/pause.ts';
import { formatTarget } from '../../shared/domain/target.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { SavedView } from '../../shared/schema/saved-view.ts';
import { filterQuery } from '../hosts/list/filter-address.ts';
import { countTags, groupWords, noFilter } from '../hosts/list/filters.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { desktopOf } from '../lib/api.ts';
import { useKeys } from '../lib/keys.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';
import { hostsHash, navigate, showJob, showView } from '../lib/use-route.ts';

interface CommandPaletteProps {
  jobs: readonly JobView[];
  views: readonly SavedView[];
  /** The host whose page is open. */
  open: JobView | undefined;
  actions: HostActions;
  onAdd: () => void;
}

const jobsFound = 8;

/** The dialog’s name is for screen readers; everybody else sees the search box. */
const unseen: React.CSSProperties = {
  position: 'absolute',
  clipPath: 'inset(50%)',
  width: 1,
  height: 1,
  minHeight: 0,
  padding: 0,
  overflow: 'hidden',
};

/** Finds commands, views and hosts by name. Opens with Ctrl+K; `?` lists the keys. */
export function CommandPalette({ jobs, views, open, actions, onAdd }: CommandPaletteProps) {
  const api = useApi();
  const [query, setQuery] = useState('');
  const [showsKeys, setShowsKeys] = useState(false);
  // By the character rather than the key, whose place differs between keyboard layouts.
  useKeys({ '?': () => setShowsKeys(true) });
  const desktop = desktopOf(api);
  const { setColorScheme } = useMantineColorScheme();
  const commands: Command[] = [
    ...(open ? hostCommands(open, actions) : []),
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
    { id: 'list', label: 'Go to all hosts', keys: 'G H', onClick: () => showJob(null) },
    { id: 'alerts', label: 'Go to alerts', keys: 'G A', onClick: () => showView('alerts') },
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
    { id: 'keys', label: 'Show keyboard shortcuts', keys: '?', onClick: () => setShowsKeys(true) },
  ];
  const words = query.trim().toLowerCase();
  const found = useMemo(() => findJobs(jobs, words), [jobs, words]);
  const tags = useMemo(() => (words === '' ? [] : countTags(jobs)), [jobs, words]);
  const matching: Command[] = [
    ...commands,
    ...tags.map(([tag]) => ({
      id: `tag ${tag}`,
      label: `Show tag: ${tag}`,
      onClick: () => navigate(hostsHash(null, filterQuery({ ...noFilter, tag }, null))),
    })),
  ].filter(({ label }) => label.toLowerCase().includes(words));
  return (
    <>
      <Spotlight.Root
        query={query}
        onQueryChange={setQuery}
        shortcut={['mod + K']}
        scrollable
        maxHeight={420}
        title="Command palette"
        styles={{ header: unseen }}
        // At its top, so that it does not move as results come and go.
        centered={false}
        yOffset={80}
        transitionProps={{ duration: 0 }}
        overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      >
        <Spotlight.Search placeholder="Type a command or a host" aria-label="Type a command or a host" />
        <Spotlight.ActionsList>
          {matching.map(({ id, label, keys: pressed, onClick }) => (
            <Spotlight.Action
              key={id}
              label={label}
              onClick={onClick}
              {...(pressed === undefined ? {} : { rightSection: <Kbd>{pressed}</Kbd> })}
            />
          ))}
          {found.map((job) => (
            <Spotlight.Action
              key={job.id}
              label={jobName(job)}
              {...(job.name ? { description: formatTarget(job.target) } : {})}
              onClick={() => showJob(job.id)}
            />
          ))}
          {matching.length + found.length === 0 && <Spotlight.Empty>No matches</Spotlight.Empty>}
        </Spotlight.ActionsList>
      </Spotlight.Root>
      {showsKeys && <Keys onClose={() => setShowsKeys(false)} />}
    </>
  );
}

interface Command {
  id: string;
  label: string;
  /** The keys that do the same. */
  keys?: string;
  onClick: () => void;
}

/** Commands for the host whose page is open. */
function hostCommands(job: JobView, actions: HostActions): Command[] {
  const name = jobName(job);
  return [
    { id: 'host check', label: `Check ${name}`, keys: 'C', onClick: () => actions.check([job]) },
    { id: 'host edit', label: `Edit ${name}`, keys: 'E', onClick: () => actions.edit(job) },
    {
      id: 'host accept',
      label: `Accept a problem of ${name}`,
      keys: 'A',
      onClick: () => actions.accept(job),
    },
    { id: 'host tags', label: `Tags of ${name}`, keys: 'T', onClick: () => actions.tags([job]) },
    {
      id: 'host pause',
      label: `${job.paused ? 'Resume' : 'Pause'} ${name}`,
      keys: 'P',
      onClick: () => actions.togglePause([job]),
    },
    { id: 'host delete', label: `Delete ${name}`, keys: 'Del', onClick: () => actions.remove([job]) },
  ];
}

function findJobs(jobs: readonly JobView[], words: string): JobView[] {
  if (words === '') return [];
  const found: JobView[] = [];
  for (const job of jobs) {
    if (found.length === jobsFound) break;
    if (`${jobName(job)} ${formatTarget(job.target)}`.toLowerCase().includes(words)) found.push(job);
  }
  return found;
}

const keys: [keys: string[], what: string][] = [
  [['Ctrl', 'K'], 'Open the command palette'],
  [['/'], 'Search'],
  [['↑', '↓'], 'Move in the list'],
  [['Enter'], 'Open the host, fold or open a group (also ← and →)'],
  [['Shift', 'F10'], 'Open the menu of the row (also the menu key)'],
  [['Esc'], 'Clear selection, close host, clear search'],
  [['X'], 'Select the host, with Shift everything up to it (also Space)'],
  [['Ctrl', 'A'], 'Select all in the list'],
  [['C'], 'Check'],
  [['E'], 'Edit'],
  [['T'], 'Tags'],
  [['A'], 'Accept the worst problem'],
  [['P'], 'Pause or resume'],
  [['Del'], 'Delete'],
  [['Ctrl', 'Z'], 'Undo deleting or accepting, for ten seconds'],
  [['N'], 'Add hosts'],
  [['G', 'H'], 'Go to hosts (G A: alerts, G S: settings)'],
  [['['], 'Collapse or show the sidebar'],
  [['?'], 'Show keyboard shortcuts'],
];

function Keys({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts">
      <Table>
        <Table.Tbody>
          {keys.map(([pressed, what]) => (
            <Table.Tr key={what}>
              <Table.Td>
                {pressed.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
