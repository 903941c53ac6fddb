import { Button } from '@mantine/core';
import { useState } from 'react';
import { consentNeeded } from '../../shared/domain/discovery/consent.ts';
import type { SavedSearchView } from '../../shared/schema/saved-search.ts';
import { Time } from '../components/time.tsx';
import { desktopOf } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './discover.module.css';
import { outcomeWords, placesWords, progressWords } from './search-words.ts';

interface SearchItemProps {
  search: SavedSearchView;
  now: number;
  onEdit: () => void;
}

/** One saved search: what it looks through, how far it is, and what the last run came to. */
export function SearchItem({ search, now, onEdit }: SearchItemProps) {
  const api = useApi();
  const [isDeleting, setDeleting] = useState(false);
  const { id, name, lastRun } = search;
  const running = lastRun !== null && lastRun.endedAt === null ? lastRun : null;
  const desktop = desktopOf(api);
  const wantsConsent = lastRun?.state === 'failed' && (lastRun.reason ?? '').includes(consentNeeded);
  const allow = async () => {
    const answer = desktop?.confirmSearch({ id });
    if (!answer || !(await reportFailure(answer, `Could not allow ${name}`))) return;
    if ((await answer).confirmed === true) call(api.discoveries.run({ id }), `Could not run ${name}`);
  };
  const call = (work: Promise<unknown>, failure: string) => void reportFailure(work, failure);
  return (
    <li className={classes['search']}>
      <div className={classes['words']}>
        <strong>{name}</strong>
        <p className="dim">{placesWords(search)}</p>
        {running ? (
          <Progress search={search} />
        ) : (
          lastRun && (
            <p className={lastRun.state === 'failed' ? classes['failed'] : 'dim'}>
              <Time at={lastRun.endedAt ?? lastRun.startedAt} note="Ended">
                {outcomeWords(lastRun, now)}
              </Time>
              {lastRun.state === 'failed' && lastRun.reason !== null && `. ${lastRun.reason}`}
            </p>
          )
        )}
        {!running && lastRun && lastRun.notes.length > 0 && (
          <details className="dim">
            <summary>
              {lastRun.notes.length === 1 ? '1 note' : `${lastRun.notes.length} notes`} on the last run
            </summary>
            <ul>
              {lastRun.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className={classes['actions']}>
        {running ? (
          <Button
            variant="default"
            aria-label={`Stop ${name}`}
            onClick={() => call(api.discoveries.stop({ id }), `Could not stop ${name}`)}
          >
            Stop
          </Button>
        ) : (
          <Button
            variant="default"
            aria-label={`Run ${name}`}
            onClick={() => call(api.discoveries.run({ id }), `Could not run ${name}`)}
          >
            Run
          </Button>
        )}
        {desktop && wantsConsent && !running && (
          <Button
            variant="default"
            aria-label={`Allow public addresses for ${name}…`}
            onClick={() => void allow()}
          >
            Allow public addresses…
          </Button>
        )}
        <Button variant="default" aria-label={`Edit ${name}`} onClick={onEdit}>
          Edit…
        </Button>
        {isDeleting ? (
          <>
            <span>Delete it and its finds?</span>
            <Button variant="default" autoFocus onClick={() => setDeleting(false)}>
              Keep
            </Button>
            <Button
              color="red"
              aria-label={`Delete ${name}`}
              onClick={() => call(api.discoveries.remove({ id }), `Could not delete ${name}`)}
            >
              Delete
            </Button>
          </>
        ) : (
          <Button variant="default" aria-label={`Delete ${name}…`} onClick={() => setDeleting(true)}>
            Delete…
          </Button>
        )}
      </div>
    </li>
  );
}

function Progress({ search: { name, lastRun, limits } }: { search: SavedSearchView }) {
  if (!lastRun) return null;
  const { planned, tried } = lastRun.progress;
  return (
    <div className={classes['progress']}>
      <progress
        aria-label={`Progress of ${name}`}
        max={Math.max(planned, 1)}
        {...(planned > 0 ? { value: tried } : {})}
      />
      <span>{progressWords(lastRun, limits.perSecond)}</span>
    </div>
  );
}
