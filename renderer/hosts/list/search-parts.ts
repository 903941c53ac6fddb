type SearchField = 'tag' | 'status' | 'issuer';

/** One part of a search, with its place in the text. */
export type SearchPart = { text: string; start: number; isExcluded: boolean } & (
  | { kind: 'field'; field: SearchField; value: string }
  | { kind: 'days'; isBelow: boolean; days: number }
  | { kind: 'text'; isPhrase: boolean }
);

/** `tag:web`, `tag:"internal CA"`, `-status:ok`, `expires<30`, `"two words"`, `word`. */
const token = /(-?)(?:(tag|status|issuer):("[^"]*"?|\S*)|expires([<>])(\d+)d?|"([^"]*)"?|(\S+))/gi;

/** Reads the parts of a search, in their order. The text of a word or phrase is what is searched for. */
export function searchParts(search: string): SearchPart[] {
  return [...search.matchAll(token)].map((match) => {
    const [whole, minus, field, value = '', sign, days, phrase, word] = match;
    const place = { text: whole, start: match.index, isExcluded: minus !== '' };
    if (field !== undefined)
      // SAFETY: the pattern has no other words here.
      return {
        ...place,
        kind: 'field',
        field: field.toLowerCase() as SearchField,
        value: value.replaceAll('"', ''),
      };
    if (days !== undefined) return { ...place, kind: 'days', isBelow: sign === '<', days: Number(days) };
    return { ...place, text: phrase ?? word ?? '', kind: 'text', isPhrase: phrase !== undefined };
  });
}

/** A search as the box shows it: filters that are complete, and the text in the field. */
export interface SplitSearch {
  /** Complete filters as they were typed: `tag:web`, `-status:ok`. */
  filters: readonly string[];
  text: string;
}

/**
 * Splits a search into filters and text. A filter is complete when it is not being typed anymore.
 * @param typedAt where the person types: the part that ends there may go on; null: nowhere
 */
export function splitSearch(search: string, typedAt: number | null): SplitSearch {
  const filters: string[] = [];
  let text = '';
  let at = 0;
  for (const part of searchParts(search)) {
    const isFilter = part.kind === 'days' || (part.kind === 'field' && part.value !== '');
    const end = part.start + part.text.length;
    if (!isFilter || end === typedAt) continue;
    filters.push(part.text);
    text += search.slice(at, part.start);
    at = search[end] === ' ' ? end + 1 : end;
  }
  return { filters, text: text + search.slice(at) };
}

/** Puts a search together again: what `splitSearch` splits, with the filters first. */
export function joinSearch({ filters, text }: SplitSearch): string {
  return [...filters, text].join(' ');
}
