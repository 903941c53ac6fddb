import { Button, Checkbox } from '@mantine/core';
import { shortName } from '../../shared/domain/distinguished-name.ts';
import { isIpv6 } from '../../shared/domain/target.ts';
import type { KeptFind } from '../../shared/schema/saved-search.ts';
import { count, expiryWords } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import classes from './discover.module.css';

interface FindRowProps {
  find: KeptFind;
  /** Name of the search that found it. */
  by: string;
  now: number;
  isSelected: boolean;
  /** Null: it cannot be selected. */
  onSelect: ((isSelected: boolean) => void) | null;
  onAdd: () => void;
  onIgnore: () => void;
  onName: () => void;
}

/** One find: where it is, which certificate it presents, and what can be done with it. */
export function FindRow({ find, by, now, isSelected, onSelect, onAdd, onIgnore, onName }: FindRowProps) {
  const { address, port, starttls, names, leaf, note, jobId } = find;
  const place = `${isIpv6(address) ? `[${address}]` : address}:${port}`;
  const title = names[0] ?? place;
  return (
    <>
      {onSelect ? (
        <Checkbox
          aria-label={`Select ${title}`}
          checked={isSelected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      ) : (
        <span />
      )}
      <div className={classes['words']}>
        <p>
          {jobId === null ? <strong>{title}</strong> : <a href={`#/jobs/${jobId}`}>{title}</a>}{' '}
          {names.length > 0 && <span className="dim">{place}</span>}
          {starttls !== null && <span className="dim"> {starttls}</span>}
          {names.length > 1 && (
            <span className="dim" title={names.slice(1, 50).join('\n')}>
              {' '}
              and {count(names.length - 1, 'more name')}
            </span>
          )}
        </p>
        {leaf && (
          <p className="dim">
            {shortName(leaf.issuer) || leaf.issuer}
            {' · '}
            <Expiry validTo={leaf.validTo} now={now} />
          </p>
        )}
        {note !== null && <p className="dim">{note}</p>}
        {by !== '' && <p className={classes['by']}>Found by {by}</p>}
      </div>
      <FindActions
        find={find}
        place={place}
        title={title}
        onAdd={onAdd}
        onIgnore={onIgnore}
        onName={onName}
      />
    </>
  );
}

interface FindActionsProps extends Pick<FindRowProps, 'find' | 'onAdd' | 'onIgnore' | 'onName'> {
  place: string;
  title: string;
}

function FindActions({
  find: { state, suggested },
  place,
  title,
  onAdd,
  onIgnore,
  onName,
}: FindActionsProps) {
  return (
    <div className={classes['actions']}>
      {state === 'needs-name' && (
        <Button variant="default" aria-label={`Request a name at ${place}…`} onClick={onName}>
          Request a name…
        </Button>
      )}
      {state === 'new' && suggested !== null && (
        <Button variant="default" aria-label={`Add ${title}`} onClick={onAdd}>
          Add
        </Button>
      )}
      {(state === 'new' || state === 'needs-name' || state === 'ignored') && (
        <Button
          variant="default"
          aria-label={`${state === 'ignored' ? 'Stop ignoring' : 'Ignore'} ${title}`}
          onClick={onIgnore}
        >
          {state === 'ignored' ? 'Stop ignoring' : 'Ignore'}
        </Button>
      )}
    </div>
  );
}

function Expiry({ validTo, now }: { validTo: string; now: number }) {
  const isPast = Date.parse(validTo) < now;
  return (
    <Time
      at={validTo}
      note={isPast ? 'Expired' : 'Expires'}
      className={isPast ? classes['failed'] : undefined}
    >
      {isPast ? 'expired' : 'expires'} {expiryWords(validTo, now)}
    </Time>
  );
}
