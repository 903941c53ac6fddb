import { useApi } from '../lib/api-context.tsx';
import '@mantine/spotlight/styles.css';
import { Kbd, Modal, Table } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useMemo, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { pauseLengths, pauseRequest, pauseWords } from '../../shared/domain/pause.ts';
import { formatTarget } from '../../shared/domain/target.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { desktopOf } from '../lib/api.ts';
import { reportFailure } from '../lib/report-failure.ts';
import { showJob, showView } from '../lib/use-route.ts';

interface CommandPaletteProps {
  jobs: readonly JobView[];
  onAdd: () => void;
}

const jobsFound = 8;

/** The dialog’s name is for screen readers: the box to type in says it to everybody else. */
const unseen: React.CSSProperties = {
  position: 'absolute',
  clipPath: 'inset(50%)',
  width: 1,
  height: 1,
  minHeight: 0,
  padding: 0,
  overflow: 'hidden',
};

/** Everything by its name: commands, views and jobs. Opens with Ctrl+K; `?` lists the keys. */
export function CommandPalette({ jobs, onAdd }: CommandPaletteProps) {
  const api = useApi();
  const [query, setQuery] = useState('');
  const [showsKeys, setShowsKeys] = useState(false);
  // By the character and not by the key: where it lies differs from layout to layout.
  useWindowEvent('keydown', ({ key, target }) => {
    const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select');
    if (key === '?' && !isTyping) setShowsKeys(true);
  });
  const desktop = desktopOf(api);
  const commands: SpotlightActionData[] = [
    { id: 'add', label: 'Add certificates…', onClick: onAdd },
    {
      id: 'check',
      label: 'Check all now',
      onClick: () => void reportFailure(api.jobs.checkAll(), 'The checks could not be started'),
    },
    ...pauseLengths.map((length) => ({
      id: `pause ${length}`,
      label: `Pause all checks ${pauseWords[length]}`,
      onClick: () =>
        void reportFailure(
          api.jobs.pauseAll(pauseRequest(length, Date.now())),
          'The checks could not be paused',
        ),
    })),
    {
      id: 'resume',
      label: 'Resume all checks',
      onClick: () => void reportFailure(api.jobs.resumeAll({}), 'The checks could not be resumed'),
    },
    { id: 'list', label: 'Show all certificates', onClick: () => showJob(null) },
    { id: 'alerts', label: 'Show alerts', onClick: () => showView('alerts') },
    { id: 'settings', label: 'Show settings', onClick: () => showView('settings') },
    ...(desktop
      ? [
          {
            id: 'log',
            label: 'Show the log',
            onClick: () => void reportFailure(desktop.showLog(), 'The log could not be shown'),
          },
        ]
      : []),
    { id: 'keys', label: 'Show the keys', onClick: () => setShowsKeys(true) },
  ];
  const words = query.trim().toLowerCase();
  const found = useMemo(() => findJobs(jobs, words), [jobs, words]);
  const matching = commands.filter(({ label }) => label?.toLowerCase().includes(words));
  return (
    <>
      <Spotlight.Root
        query={query}
        onQueryChange={setQuery}
        shortcut={['mod + K']}
        scrollable
        maxHeight={420}
        title="Do anything by its name"
        styles={{ header: unseen }}
        transitionProps={{ duration: 0 }}
        overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      >
        <Spotlight.Search placeholder="A command, or a host" aria-label="A command, or a host" />
        <Spotlight.ActionsList>
          {matching.map((command) => (
            <Spotlight.Action key={command.id} {...command} />
          ))}
          {found.map((job) => (
            <Spotlight.Action
              key={job.id}
              label={jobName(job)}
              {...(job.name ? { description: formatTarget(job.target) } : {})}
              onClick={() => showJob(job.id)}
            />
          ))}
          {matching.length + found.length === 0 && <Spotlight.Empty>Nothing is called so.</Spotlight.Empty>}
        </Spotlight.ActionsList>
      </Spotlight.Root>
      {showsKeys && <Keys onClose={() => setShowsKeys(false)} />}
    </>
  );
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
  [['Ctrl', 'K'], 'Do anything by its name'],
  [['n'], 'Add certificates'],
  [['/'], 'Search the list'],
  [['↑', '↓'], 'Move in the list'],
  [['x'], 'Pick the job, with Shift everything up to it'],
  [['Ctrl', 'A'], 'Pick all in the list'],
  [['Ctrl', 'Z'], 'Take a deletion back, for ten seconds'],
  [['Esc'], 'Let go: of the picked, the job, the search'],
  [['?'], 'This list'],
];

function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys">
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
