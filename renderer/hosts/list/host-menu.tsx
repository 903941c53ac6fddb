import { Kbd, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { jobName } from '../../../shared/domain/job-name.ts';
import { needsPerson } from '../../../shared/domain/job-urgency.ts';
import { formatTarget } from '../../../shared/domain/target.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { count } from '../../../shared/text/words.ts';
import { ContextMenu } from '../../components/context-menu.tsx';
import { showJob } from '../../lib/use-route.ts';
import type { HostActions } from '../use-host-actions.ts';
import { jobsOf, type ListRow } from './list-rows.ts';

interface HostMenuProps {
  /** A host, or a group of hosts. */
  row: ListRow;
  /** Every host as it is now: checks end while the menu is open. */
  jobs: readonly JobView[];
  /** Those of them that are selected. */
  selected: readonly JobView[];
  /** Where it opens, in pixels of the window. */
  at: { x: number; y: number };
  actions: HostActions;
  onClose: () => void;
}

/** The context menu of a row of the list, with the keys that do the same. */
export function HostMenu({ row, jobs: all, selected, at, actions, onClose }: HostMenuProps) {
  const ids = new Set(jobsOf(row).map(({ id }) => id));
  const own = (some: readonly JobView[]) => some.filter(({ id }) => ids.has(id));
  const jobs = own(selected).length === ids.size ? selected : own(all);
  const [first] = jobs;
  if (!first) return null;
  const one = jobs.length === 1 ? first : null;
  const isPaused = jobs.every(({ paused }) => paused);
  const item = (label: string, key: string | null, onClick: () => void) => (
    <Menu.Item onClick={onClick} rightSection={key && <Kbd>{key}</Kbd>}>
      {label}
    </Menu.Item>
  );
  return (
    <ContextMenu
      label={`Actions for ${one ? jobName(one) : count(jobs.length, 'host')}`}
      at={at}
      onClose={onClose}
    >
      {one ? (
        item('Open', 'Enter', () => showJob(one.id))
      ) : (
        <Menu.Label>{count(jobs.length, 'host')}</Menu.Label>
      )}
      {item('Check now', 'C', () => actions.check(jobs))}
      {one && item('Edit…', 'E', () => actions.edit(one))}
      {item('Tags…', 'T', () => actions.tags(jobs))}
      {jobs.some(needsPerson) && item('Accept a problem…', 'A', () => actions.accept(jobs))}
      {!one && item('Schedule…', null, () => actions.schedule(jobs))}
      {item(isPaused ? 'Resume' : 'Pause', 'P', () => actions.togglePause(jobs))}
      <Menu.Divider />
      {item(one ? 'Copy address' : 'Copy addresses', null, () => void copyAddresses(jobs))}
      {one?.lastCheck?.validTo && item('Copy PEM', 'Y', () => actions.copyPem(one))}
      <Menu.Divider />
      <Menu.Item c="var(--critical)" onClick={() => actions.remove(jobs)} rightSection={<Kbd>Del</Kbd>}>
        Delete
      </Menu.Item>
    </ContextMenu>
  );
}

async function copyAddresses(jobs: readonly JobView[]): Promise<void> {
  const addresses = jobs.map(({ target }) => formatTarget(target));
  try {
    await navigator.clipboard.writeText(addresses.join('\n'));
    notifications.show({
      message:
        addresses.length === 1
          ? 'Address copied'
          : `${count(addresses.length, 'address', 'addresses')} copied`,
    });
  } catch {
    notifications.show({ color: 'red', message: 'The browser does not allow NotAfter to copy.' });
  }
}
