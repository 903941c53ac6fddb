import { useState } from 'react';
import { count } from '../../shared/text/words.ts';
import classes from './job-detail.module.css';

const shownAtFirst = 5;
const maxShown = 200;

/** Shows a few names of the certificate, or all of them with a search. */
export function NamesList({ names }: { names: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  if (names.length === 0) return 'None';
  if (names.length <= shownAtFirst) {
    return names.map((name) => (
      <span key={name} className={classes['name']}>
        {name}
      </span>
    ));
  }
  if (!isOpen) {
    return (
      <button type="button" className={classes['more']} aria-expanded={false} onClick={() => setOpen(true)}>
        {names.slice(0, shownAtFirst).join(', ')} and {(names.length - shownAtFirst).toLocaleString('en')}{' '}
        more
      </button>
    );
  }
  const found = names.filter((name) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className={classes['names']}>
      {names.length > 10 && (
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={`Search ${names.length.toLocaleString('en')} names`}
          aria-label="Search the certificate’s names"
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, so the keyboard must be able to reach it. */}
      <ul tabIndex={0} aria-label="Names">
        {found.slice(0, maxShown).map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      {found.length > maxShown && (
        <small>{count(found.length - maxShown, 'more name')}. Search to find them.</small>
      )}
      {found.length === 0 && <small>No matches</small>}
    </div>
  );
}
