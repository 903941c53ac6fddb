import { type RefObject, useId, useMemo, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { countIssuers, countTags } from './filters.ts';
import classes from './search-box.module.css';
import { enterChips, type SearchChip, SearchChips } from './search-chips.tsx';
import { joinSearch, splitSearch } from './search-parts.ts';
import { completions } from './search-query.ts';

interface SearchBoxProps {
  jobs: readonly JobView[];
  search: string;
  /** Filters beside the search, which are shown and removed in its box. */
  filters?: readonly SearchChip[];
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
const none: readonly SearchChip[] = [];

/**
 * The search of the list: words, and filters that complete themselves (a combobox of WAI-ARIA APG) and stand before the words
 * once they are complete.
 */
export function SearchBox({ jobs, search, onSearch, onLeave, input, ...more }: SearchBoxProps) {
  const { filters = none, statuses, label: name = 'Search hosts', placeholder = usualPlaceholder } = more;
  const id = useId();
  const [isFocused, setFocused] = useState(false);
  const [isDismissed, setDismissed] = useState(false);
  const [active, setActive] = useState(-1);
  /** The search as it was typed last, and where: the part there may not be complete. Null: it was not typed. */
  const [typed, setTyped] = useState<{ search: string; at: number } | null>(null);
  const split = splitSearch(search, search === typed?.search ? typed.at : null);
  const { text } = split;
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
    isFocused && !isDismissed ? completions(text, statuses ? { ...vocabulary, statuses } : vocabulary) : [];
  const send = (next: string, at = next.length) => {
    setTyped({ search: next, at });
    onSearch(next);
  };
  const change = (next: string, caret = next.length) => {
    setDismissed(false);
    setActive(-1);
    const whole = joinSearch({ ...split, text: next });
    // A filter that is complete by now goes before the text, in the address, too.
    const sorted = joinSearch(splitSearch(whole, whole.length - next.length + caret));
    send(sorted, sorted.length - splitSearch(next.slice(caret), null).text.length);
  };
  const chips = [...filters, ...ownChips(split.filters, (left) => send(joinSearch({ text, filters: left })))];
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const { currentTarget: field, key } = event;
    const offer = offers[active];
    const hasOffers = offers.length > 0;
    const isAtStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const actions: Record<string, (() => void) | false> = {
      Escape: () => {
        if (hasOffers) setDismissed(true);
        else if (search === '') field.blur();
        else if (text === '') send('');
        else change('');
      },
      ArrowDown: hasOffers ? () => setActive((active + 1) % offers.length) : onLeave,
      ArrowUp: hasOffers && (() => setActive(active <= 0 ? offers.length - 1 : active - 1)),
      ArrowLeft: isAtStart && chips.length > 0 && (() => enterChips(field)),
      Backspace: isAtStart && chips.length > 0 && (() => chips.at(-1)?.onRemove()),
      Enter: offer ? () => change(offer.search) : onLeave,
    };
    const action = actions[key];
    if (!action) return;
    action();
    event.preventDefault();
  };
  return (
    <div className={classes['box']}>
      <div className={classes['field']}>
        <SearchChips chips={chips} input={input} />
        <input
          ref={input}
          id="search"
          type="search"
          role="combobox"
          placeholder={chips.length > 0 ? '' : placeholder}
          aria-label={name}
          aria-description={descriptionOf(chips)}
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={offers[active] ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            setTyped(null);
          }}
          onChange={({ currentTarget: field }) => change(field.value, field.selectionStart ?? undefined)}
          onKeyDown={onKeyDown}
        />
        <span className={classes['key']} aria-hidden="true">
          /
        </span>
      </div>
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

/** @param onLeft called with the filters that are left when one is removed */
function ownChips(filters: readonly string[], onLeft: (left: string[]) => void): SearchChip[] {
  return filters.map((label, index) => ({
    // The same filter twice is two of them.
    key: `${label} ${filters.slice(0, index).filter((one) => one === label).length}`,
    label,
    onRemove: () => onLeft(filters.filter((_, place) => place !== index)),
  }));
}

function descriptionOf(chips: readonly SearchChip[]): string {
  if (chips.length === 0) return 'Filters: tag:, status:, issuer:, expires<30';
  return `Active filters: ${chips.map(({ label }) => label).join(', ')}. Backspace removes the last.`;
}
