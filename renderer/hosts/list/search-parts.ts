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
