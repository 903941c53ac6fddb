/** Invisible characters, which come with text copied from a page or a document. */
const invisible = /[\u200b-\u200f\u2060\ufeff]/g;

/** The mark of a list: `-`, `*`, `•`, `1.` or `1)`. */
const listMark = /^(?:[-*•‣]|\d{1,3}[.)])[ \t]{1,8}(?=\S)/;

/** What people and programs put around an address or a path: quotes of every kind, brackets of mail and Markdown. */
const pairs: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['<', '>'],
  ['(', ')'],
  ['“', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
]);

const maxPairs = 4;

/** Returns what was pasted without invisible characters, the mark of a list, and the quotes or brackets around the whole of it. */
export function unwrapPasted(text: string): string {
  let bare = text.replace(invisible, '').trim().replace(listMark, '');
  for (let count = 0; count < maxPairs; count += 1) {
    const end = pairs.get(bare.charAt(0));
    if (end === undefined || bare.length < 2 || !bare.endsWith(end)) break;
    // RFC 3986 appendix C puts them around URLs; around a name they are markup.
    if (end === '>' && !bare.includes('://')) break;
    bare = bare.slice(1, -1).trim();
  }
  return bare;
}
