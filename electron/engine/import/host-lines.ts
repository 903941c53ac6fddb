import { type ImportItem, place, readAddress } from './item.ts';

/** Reads text with one host a line; empty lines and what follows a # at the beginning or after a space are passed over. */
export function readHostLines(text: string): ImportItem[] {
  return text.split(/\r?\n/).flatMap((raw, index): ImportItem[] => {
    const comment = raw.search(/(?:^|\s)#/);
    const line = (comment === -1 ? raw : raw.slice(0, comment)).trim();
    return line === '' ? [] : [readAddress(place(index + 1, line), line)];
  });
}
