import { type ParsedTarget, parseTarget } from '../../../shared/schema/target.ts';

/**
 * Reads an address as people paste it from wikis, tables and command lines: `host 8443`, `host, comment`, `user@host`,
 * `host/path` beside everything that `parseTarget` reads. What is no address gets the reason.
 */
export function readAddress(text: string): ParsedTarget {
  const line = text.trim();
  const parsed = parseTarget(line);
  if (parsed.ok && !hasPath(line)) return parsed;
  const reason = reasonAgainst(line);
  if (reason !== null) return { ok: false, message: reason };
  for (const reading of readings(line)) {
    const read = parseTarget(reading);
    if (read.ok) return read;
  }
  if (/\s/.test(line))
    return { ok: false, message: `“${cut(line)}” has a space in it. Enter one address per line.` };
  return parsed;
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
/** A network, `10.0.0.0/24`, is not a path behind a host. */
const network = /^[\d.]+\/\d{1,2}$|^\[?[\da-f:]+\]?\/\d{1,3}$/i;
const hasPath = (line: string) => network.test(line);

function reasonAgainst(line: string): string | null {
  if (line.startsWith('*.'))
    return `“${cut(line)}” is a wildcard. Enter a host that uses the certificate, such as www${cut(line.slice(1))}.`;
  if (line.startsWith('~'))
    return `“${cut(line)}” begins with ~. Enter the full path, such as /home/you/${cut(line.replace(/^~[^/]*\/?/, ''))}.`;
  if (network.test(line)) return `“${cut(line)}” is a network. Enter single addresses.`;
  return null;
}

/** What else a line may mean, the likeliest first. */
function* readings(line: string): Generator<string> {
  const [, host = '', port] = /^(\S+)\s+(\d{1,5})$/.exec(line) ?? [];
  if (port !== undefined) yield* withoutDecoration(`${host}:${port}`);
  // A comment, a description or further columns after the address.
  const [first = ''] = line.split(/[,;\t|]|\s(?:#|\/\/|-|–)\s/);
  if (first.trim() !== line) yield* readings(first.trim());
  yield* withoutDecoration(line);
}

function* withoutDecoration(address: string): Generator<string> {
  if (address.includes('://')) return;
  const [authority = ''] = address.split(/[/?#]/);
  const host = authority.replace(/^.*@/, '');
  if (host !== address && !/^[.\\]*$/.test(host)) yield host;
  else yield address;
}
