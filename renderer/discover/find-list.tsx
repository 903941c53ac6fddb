import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { FindState, KeptFind, SavedSearchView } from '../../shared/schema/saved-search.ts';
import { count } from '../../shared/text/words.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import { useApi } from '../lib/api-context.tsx';
import { runLater } from '../lib/later-steps.ts';
import { useLaterSubjects } from '../lib/later-subjects.ts';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './discover.module.css';
import { firstPage, inParts, nextLimit, partsOf, restOf } from './find-parts.ts';
import { FindRow } from './find-row.tsx';
import { FindRows } from './find-rows.tsx';
import { findSubject, forgottenIn } from './forgotten-finds.ts';
import { NameDialog } from './name-dialog.tsx';
import { useFinds } from './use-discoveries.ts';

const stateWords: Readonly<Record<FindState, { label: string; none: string }>> = {
  new: { label: 'New', none: 'Nothing to review.' },
  'needs-name': { label: 'Needs a name', none: 'No server needs a name.' },
  vanished: { label: 'Vanished', none: 'Nothing has vanished.' },
  ignored: { label: 'Ignored', none: 'You have ignored nothing.' },
  watched: { label: 'Watched', none: 'None of the finds is watched yet.' },
};
const states: readonly FindState[] = ['new', 'needs-name', 'vanished', 'ignored', 'watched'];

/** The list of finds, one state at a time: select many, and add or ignore them. */
export function FindList({ searches, now }: { searches: readonly SavedSearchView[]; now: number }) {
  const api = useApi();
  const [state, setState] = useState<FindState>('new');
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(firstPage);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [named, setNamed] = useState<KeptFind | null>(null);
  const later = useLaterSubjects();
  const counts = useMemo(() => countStates(searches, later), [searches, later]);
  // The list is read again when a run has ended, or a find changed its state.
  const heard = searches
    .map(({ id, lastRun, finds }) => [id, lastRun?.endedAt, ...Object.values(finds)].join())
    .join(' ');
  const { items, total, failure } = useFinds(state, search, limit, heard);
  const names = useMemo(() => new Map(searches.map(({ id, name }) => [id, name])), [searches]);
  const shown = useMemo(() => (items ?? []).filter((find) => !later.has(findSubject(find))), [items, later]);
  const chosen = shown.filter(({ id }) => selected.has(id));
  const addable = chosen.filter(({ suggested }) => suggested !== null);
  const act = async (work: Promise<unknown>, failed: string) => {
    if (await reportFailure(work, failed)) setSelected(new Set());
  };
  const add = (finds: readonly KeptFind[]) =>
    act(
      inParts(idsOf(finds), (ids) => api.discoveries.addFinds({ ids })),
      'Could not add hosts',
    );
  const ignore = (finds: readonly KeptFind[]) =>
    act(
      inParts(idsOf(finds), (ids) => api.discoveries.ignoreFinds({ ids, ignored: state !== 'ignored' })),
      'Could not change the finds',
    );
  const forget = (finds: readonly KeptFind[]) => {
    setSelected(new Set());
    runLater({
      subjects: finds.map(findSubject),
      message: `${count(finds.length, 'find')} forgotten`,
      label: `Undo forgetting ${count(finds.length, 'find')}`,
      // All at once: a page that is closed sends nothing later.
      run: () => Promise.all(partsOf(idsOf(finds)).map((ids) => api.discoveries.forgetFinds({ ids }))),
      failure: 'Could not forget the finds',
    });
  };
  const rest = items && restOf(items.length, total, limit);
  const canSelect = state !== 'watched';
  return (
    <section aria-labelledby="finds-title">
      <div className={classes['head']}>
        <h3 id="finds-title">Finds</h3>
        <SegmentedControl
          size="xs"
          aria-label="Which finds"
          value={state}
          onChange={(value) => {
            setState(states.find((one) => one === value) ?? 'new');
            setSelected(new Set());
            setLimit(firstPage);
          }}
          data={states.map((one) => ({
            value: one,
            label:
              counts[one] === 0
                ? stateWords[one].label
                : `${stateWords[one].label} ${counts[one].toLocaleString('en')}`,
          }))}
        />
        <TextInput
          size="xs"
          aria-label="Filter finds"
          placeholder="Address, name or issuer"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <ReadOutcome isRead={items !== null} failure={failure} what="Loading finds" />
      {items !== null && shown.length === 0 && items.length === total && (
        <p className="dim">{search.trim() === '' ? stateWords[state].none : 'No finds match.'}</p>
      )}
      {canSelect && shown.length > 0 && (
        <div className={classes['bar']}>
          <Checkbox
            label={
              chosen.length === 0
                ? `Select all ${shown.length.toLocaleString('en')} shown`
                : `${count(chosen.length, 'find')} selected`
            }
            checked={chosen.length === shown.length}
            indeterminate={chosen.length > 0 && chosen.length < shown.length}
            onChange={(event) => setSelected(new Set(event.currentTarget.checked ? idsOf(shown) : []))}
          />
          {addable.length > 0 && (
            <Button size="xs" onClick={() => void add(addable)}>
              Add {count(addable.length, 'host')}
            </Button>
          )}
          {chosen.length > 0 && (
            <Button size="xs" variant="default" onClick={() => void ignore(chosen)}>
              {state === 'ignored' ? 'Stop ignoring' : 'Ignore'}
            </Button>
          )}
          {chosen.length > 0 && (
            <Button size="xs" variant="default" onClick={() => forget(chosen)}>
              Forget
            </Button>
          )}
        </div>
      )}
      <FindRows finds={shown}>
        {(find) => (
          <FindRow
            find={find}
            by={names.get(find.discoveryId) ?? ''}
            now={now}
            isSelected={selected.has(find.id)}
            onSelect={canSelect ? (isSelected) => setSelected(withOne(selected, find.id, isSelected)) : null}
            onAdd={() => void add([find])}
            onIgnore={() => void ignore([find])}
            onName={() => setNamed(find)}
          />
        )}
      </FindRows>
      {rest?.canShow === true && (
        <Button variant="default" mt="sm" onClick={() => setLimit(nextLimit(limit))}>
          {rest.words}
        </Button>
      )}
      {rest?.canShow === false && <p className="dim">{rest.words}</p>}
      {named && <NameDialog find={named} searches={searches} onClose={() => setNamed(null)} />}
    </section>
  );
}

const idsOf = (finds: readonly KeptFind[]) => finds.map(({ id }) => id);

function withOne(selected: ReadonlySet<number>, id: number, isSelected: boolean): ReadonlySet<number> {
  const next = new Set(selected);
  if (isSelected) next.add(id);
  else next.delete(id);
  return next;
}

/** @param later what is shown as forgotten, though it can still be undone */
function countStates(
  searches: readonly SavedSearchView[],
  later: ReadonlySet<string>,
): Record<FindState, number> {
  const counts: Record<FindState, number> = { new: 0, 'needs-name': 0, watched: 0, ignored: 0, vanished: 0 };
  for (const { finds } of searches) for (const state of states) counts[state] += finds[state] ?? 0;
  for (const state of states) counts[state] = Math.max(0, counts[state] - forgottenIn(later, state));
  return counts;
}
