import './palette.css';
import { Kbd, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useMemo, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { formatTarget } from '../../shared/domain/target.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { SavedView } from '../../shared/schema/saved-view.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { markOf } from '../hosts/list/filters.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { useApi } from '../lib/api-context.tsx';
import { isOverlaid, useKeys } from '../lib/keys.ts';
import { showJob } from '../lib/use-route.ts';
import { KeysDialog } from './keys-dialog.tsx';
import {
  type Command,
  findHosts,
  hostCommands,
  hostWords,
  pageCommands,
  selectionCommands,
  tagCommands,
} from './palette-commands.ts';

interface CommandPaletteProps {
  jobs: readonly JobView[];
  views: readonly SavedView[];
  /** The host whose page is open. */
  open: JobView | undefined;
  /** The hosts that are selected in the list. */
  selected: readonly JobView[];
  actions: HostActions;
  onAdd: () => void;
}

const hostsFound = 8;

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

/** Finds hosts, actions on them, views and settings by name. Opens with Ctrl+K; `?` lists the keys. */
export function CommandPalette({ jobs, views, open, selected, actions, onAdd }: CommandPaletteProps) {
  const api = useApi();
  const [query, setQuery] = useState('');
  const [showsKeys, setShowsKeys] = useState(false);
  // By the character rather than the key, whose place differs between keyboard layouts.
  useKeys({ '?': () => setShowsKeys(true) });
  // From fields too, such as the search, but not over a dialog, whose text would be left behind.
  useHotkeys([['mod+K', () => !isOverlaid() && spotlight.open()]], []);
  const { setColorScheme } = useMantineColorScheme();
  const words = query.trim().toLowerCase();
  const found = useMemo(() => findHosts(jobs, words, hostsFound), [jobs, words]);
  const tags = useMemo(() => (words === '' ? [] : tagCommands(jobs)), [jobs, words]);
  // The host that is named, else the open one.
  const subject = useMemo(() => findHosts(jobs, hostWords(words), 1)[0] ?? open, [jobs, words, open]);
  const matching = (commands: readonly Command[]) =>
    commands.filter(({ label }) => label.toLowerCase().includes(words));
  const onHost = matching(subject ? hostCommands(subject, actions) : []);
  const onSelection = matching(selected.length > 1 ? selectionCommands(selected, actions) : []);
  const onPage = matching([
    ...pageCommands({ api, views, onAdd, onShowKeys: () => setShowsKeys(true), setColorScheme }),
    ...tags,
  ]);
  return (
    <>
      <Spotlight.Root
        query={query}
        onQueryChange={setQuery}
        shortcut={null}
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
          {found.length > 0 && (
            <Spotlight.ActionsGroup label="Hosts">
              {found.map((job) => (
                <Spotlight.Action
                  key={job.id}
                  label={jobName(job)}
                  leftSection={<StatusMark mark={markOf(job)} />}
                  {...(job.name ? { description: formatTarget(job.target) } : {})}
                  onClick={() => showJob(job.id)}
                />
              ))}
            </Spotlight.ActionsGroup>
          )}
          {onSelection.length > 0 && (
            <Spotlight.ActionsGroup label="Actions on selected hosts">
              {onSelection.map(commandAction)}
            </Spotlight.ActionsGroup>
          )}
          {subject && onHost.length > 0 && (
            <Spotlight.ActionsGroup label={`Actions on ${jobName(subject)}`}>
              {onHost.map(commandAction)}
            </Spotlight.ActionsGroup>
          )}
          {onPage.length > 0 && (
            <Spotlight.ActionsGroup label="Commands, views and settings">
              {onPage.map(commandAction)}
            </Spotlight.ActionsGroup>
          )}
          {found.length + onSelection.length + onHost.length + onPage.length === 0 && (
            <Spotlight.Empty>No matches</Spotlight.Empty>
          )}
        </Spotlight.ActionsList>
      </Spotlight.Root>
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </>
  );
}

function commandAction({ id, label, keys, hint, onClick }: Command) {
  const side = keys === undefined ? <span className="dim">{hint}</span> : <Kbd>{keys}</Kbd>;
  return (
    <Spotlight.Action
      key={id}
      label={label}
      onClick={onClick}
      {...(keys === undefined && hint === undefined ? {} : { rightSection: side })}
    />
  );
}
