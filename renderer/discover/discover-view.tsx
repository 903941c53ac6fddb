import { Button, Group } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { JobView } from '../../shared/schema/job.ts';
import type { SavedSearchView } from '../../shared/schema/saved-search.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import views from '../components/view.module.css';
import { countTags } from '../hosts/list/filters.ts';
import classes from './discover.module.css';
import { FindList } from './find-list.tsx';
import { SearchDialog } from './search-dialog.tsx';
import { SearchItem } from './search-item.tsx';
import { useDiscoveries, useOwnNetworks } from './use-discoveries.ts';

/** Shows saved searches with their progress, and what they found for review. */
export function DiscoverView({ now, jobs }: { now: number; jobs: readonly JobView[] }) {
  const { searches, failure } = useDiscoveries();
  /** The search in the dialog; its text is the network of a new one. Undefined while no dialog is open. */
  const [edited, setEdited] = useState<SavedSearchView | string | null | undefined>(undefined);
  const knownTags = useMemo(() => countTags(jobs).map(([tag]) => tag), [jobs]);
  const isEmpty = searches?.length === 0;
  const networks = useOwnNetworks(isEmpty);
  return (
    <main className={views['view']}>
      <div className={classes['head']}>
        <h2>Discover</h2>
        {searches && !isEmpty && (
          <Button size="xs" variant="default" ml="auto" onClick={() => setEdited(null)}>
            New search…
          </Button>
        )}
      </div>
      <ReadOutcome isRead={searches !== null} failure={failure} what="Loading searches" />
      {isEmpty && (
        <div className={classes['empty']}>
          <p>Find certificates that you do not watch yet.</p>
          <p className="dim">
            A search connects to the ports of your networks and lists what each presents. It sends nothing but
            a TLS hello, 20 connections per second, and never connects to printers.
          </p>
          <Group gap="xs">
            <Button onClick={() => setEdited(null)}>New search…</Button>
            {networks.map((network) => (
              <Button key={network} variant="default" onClick={() => setEdited(network)}>
                Search {network}…
              </Button>
            ))}
          </Group>
        </div>
      )}
      {searches && !isEmpty && (
        <>
          <ul className={classes['searches']} aria-label="Saved searches">
            {searches.map((search) => (
              <SearchItem key={search.id} search={search} now={now} onEdit={() => setEdited(search)} />
            ))}
          </ul>
          <FindList searches={searches} now={now} />
        </>
      )}
      {edited !== undefined && (
        <SearchDialog
          search={typeof edited === 'string' ? null : edited}
          network={typeof edited === 'string' ? edited : null}
          knownTags={knownTags}
          onClose={() => setEdited(undefined)}
        />
      )}
    </main>
  );
}
