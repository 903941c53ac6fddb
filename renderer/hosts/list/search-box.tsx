import { type RefObject, useId, useMemo, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { countIssuers, countTags } from './filters.ts';
import classes from './search-box.module.css';
import { completions } from './search-query.ts';

interface SearchBoxProps {
  jobs: readonly JobView[];
  search: string;
  /** What `status:` completes to. Default: the states of hosts. */
  statuses?: readonly string[];
  /** Default: `Search hosts`. */
  label?: string;
  placeholder?: string;
  onSearch: (search: string) => void;
  /** Called for the arrow that leads down into the list. */
  onLeave: () => void;
  input: RefObject<HTMLInputElement | null>;
}

const usualPlaceholder = 'Search hosts, names, issuers, problems, notes';

/** The search of the list: words, and filters that complete themselves (a combobox of WAI-ARIA APG). */
export function SearchBox({ jobs, search, onSearch, onLeave, input, ...words }: SearchBoxProps) {
  const { statuses, label: name = 'Search hosts', placeholder = usualPlaceholder } = words;
  const id = useId();
  const [isFocused, setFocused] = useState(false);
  const [isDismissed, setDismissed] = useState(false);
  const [active, setActive] = useState(-1);
  // Counted per keystroke, not per result.
  const vocabulary = useMemo(
    () =>
      isFocused
        ? {
            tags: countTags(jobs).map(([tag]) => tag),
            issuers: countIssuers(jobs).map(([issuer]) => issuer),
          }
        : { tags: [], issuers: [] },
    [jobs, isFocused],
  );
  const offers =
    isFocused && !isDismissed ? completions(search, statuses ? { ...vocabulary, statuses } : vocabulary) : [];
  const change = (text: string) => {
    setDismissed(false);
    setActive(-1);
    onSearch(text);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const offer = offers[active];
    const hasOffers = offers.length > 0;
    const actions: Record<string, (() => void) | false> = {
      Escape: () => {
        if (hasOffers) setDismissed(true);
        else if (search === '') event.currentTarget.blur();
        else change('');
      },
      ArrowDown: hasOffers ? () => setActive((active + 1) % offers.length) : onLeave,
      ArrowUp: hasOffers && (() => setActive(active <= 0 ? offers.length - 1 : active - 1)),
      Enter: offer ? () => change(offer.search) : onLeave,
    };
    const action = actions[event.key];
    if (!action) return;
    action();
    event.preventDefault();
  };
  return (
    <div className={classes['box']}>
      <input
        ref={input}
        id="search"
        type="search"
        role="combobox"
        placeholder={placeholder}
        aria-label={name}
        aria-description="Filters: tag:, status:, issuer:, expires<30"
        aria-expanded={offers.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={offers[active] ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={search}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span className={classes['key']} aria-hidden="true">
        /
      </span>
      {offers.length > 0 && (
        <div id={`${id}-list`} role="listbox" aria-label="Filters" className={classes['offers']}>
          {offers.map(({ label, search: completed }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys.
            <div
              key={label}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              // Before the input loses the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => change(completed)}
            >
              {label}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
