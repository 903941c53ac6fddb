import { Button } from '@mantine/core';
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
import { useDiscoveries } from './use-discoveries.ts';

/** Shows saved searches with their progress, and what they found for review. */
export function DiscoverView({ now, jobs }: { now: number; jobs: readonly JobView[] }) {
  const { searches, failure } = useDiscoveries();
  /** The search in the dialog; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<SavedSearchView | null | undefined>(undefined);
  const knownTags = useMemo(() => countTags(jobs).map(([tag]) => tag), [jobs]);
  const isEmpty = searches?.length === 0;
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
          <Button onClick={() => setEdited(null)}>New search…</Button>
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
        <SearchDialog search={edited} knownTags={knownTags} onClose={() => setEdited(undefined)} />
      )}
    </main>
  );
}
