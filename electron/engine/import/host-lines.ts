import { isIpv6 } from '../../../shared/domain/target.ts';
import { addressItem, type ImportItem, place } from './item.ts';

/** Reads text with one host a line; empty lines and what follows a # at the beginning or after a space are passed over. */
export function readHostLines(text: string): ImportItem[] {
  return text.split(/\r?\n/).flatMap((raw, index): ImportItem[] => {
    const comment = raw.search(/(?:^|\s)#/);
    const line = (comment === -1 ? raw : raw.slice(0, comment)).trim();
    return line === '' || isSectionHeader(line) ? [] : [addressItem(place(index + 1, line), line)];
  });
}

/** `[web]` of an INI file or an inventory names what follows; `[2001:db8::1]` is an address. */
function isSectionHeader(line: string): boolean {
  return /^\[[^\][]*\]$/.test(line) && !isIpv6(line.slice(1, -1));
}
