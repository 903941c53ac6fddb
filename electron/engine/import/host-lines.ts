import { isIP } from 'node:net';
import { isIpv6 } from '../../../shared/domain/target.ts';
import { isFileTarget } from '../../../shared/schema/target.ts';
import { addressItem, type ImportItem, place } from './item.ts';

/** Reads text with one host a line, or /etc/hosts; empty lines and what follows a # at the beginning or after a space are passed over. */
export function readHostLines(text: string): ImportItem[] {
  return text.split(/\r\n|\n|\r/).flatMap((raw, index): ImportItem[] => {
    const comment = raw.search(/(?:^|\s)#/);
    const line = (comment === -1 ? raw : raw.slice(0, comment)).trim();
    if (line === '' || isSectionHeader(line)) return [];
    return (
      namesOfHostsFile(line)?.map((name) => addressItem(place(index + 1, line), name)) ?? [
        addressItem(place(index + 1, line), line),
      ]
    );
  });
}

/** `[web]` of an INI file or an inventory names what follows; `[2001:db8::1]` is an address. */
function isSectionHeader(line: string): boolean {
  return /^\[[^\][]*\]$/.test(line) && !isIpv6(line.slice(1, -1));
}

/** The names that every machine gives itself and its networks (hosts(5)): no servers to watch. */
const ownNames = /^(?:localhost|localhost\..+|broadcasthost|ip6-.+)$/i;

/**
 * Returns the names of a line of /etc/hosts (hosts(5): an address, then a name and its aliases), each a host to watch; null where the line is
 * another. A number after an address is its port.
 */
function namesOfHostsFile(line: string): string[] | null {
  const [address = '', ...names] = line.split(/\s+/);
  if (isIP(address) === 0 || names.length === 0 || names.some((name) => !/^[a-z_][\w.-]*$/i.test(name)))
    return null;
  return names.filter((name) => !ownNames.test(name));
}

/**
 * Leaves out lone words where most lines of a text are not hosts: such a text is of another kind (a script, a letter), and its words are not names.
 * For text of which only the content says that it is a list.
 */
export function withoutLoneWords(items: readonly ImportItem[]): ImportItem[] {
  const refused = items.filter((item) => 'message' in item).length;
  if (refused * 2 <= items.length) return [...items];
  return items.map((item) => {
    if (!('job' in item) || isFileTarget(item.job.target) || /[.:]/.test(item.job.target.host)) return item;
    // A port behind a colon, or a URL, says that the word is a host.
    if (/:(?:\d|\/\/)/.test(item.text)) return item;
    const { host } = item.job.target;
    const message = `“${host}” is probably not a host: most lines of this text are not. If it is one, add it by itself.`;
    return { line: item.line, text: item.text, message };
  });
}
