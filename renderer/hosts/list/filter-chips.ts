import { type Filter, groupWords } from './filters.ts';
import type { SearchChip } from './search-chips.tsx';
import { daysWords } from './timeline.tsx';

/** Returns the filters that are on beside the search, each to be removed in the search box. */
export function filterChips(
  { group, tag, issuer, expiry }: Filter,
  onFilter: (changed: Partial<Filter>) => void,
): SearchChip[] {
  const chip = (key: string, label: string, cleared: Partial<Filter>): SearchChip => ({
    key,
    label,
    onRemove: () => onFilter(cleared),
  });
  return [
    ...(group === 'all' ? [] : [chip('group', groupWords[group], { group: 'all' })]),
    ...(issuer === null ? [] : [chip('issuer', issuer, { issuer: null })]),
    ...(tag === null ? [] : [chip('tag', `tag: ${tag}`, { tag: null })]),
    ...(expiry === null ? [] : [chip('expiry', daysWords(expiry), { expiry: null })]),
  ];
}
