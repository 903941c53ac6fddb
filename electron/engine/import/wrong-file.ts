/**
 * Returns why a text is surely no list to import, for what people take for one by mistake; null where it may be a list. Without it each of
 * its lines would be refused as a host.
 */
export function wrongFile(text: string): string | null {
  const begin = text.slice(0, 2_000);
  if (text.includes('-----BEGIN '))
    return 'This is a file of certificates or keys, not a list of hosts. To watch it, add the file itself.';
  if (begin.includes('\0')) return 'This is a binary file, not a list. Export it as CSV or text first.';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(begin))
    return 'This is HTML or XML, not a list. Export it as CSV, JSON or text.';
  if (/^\s*BEGIN:V(?:CALENDAR|CARD)\b/i.test(begin))
    return 'This is a calendar or an address book, not a list of hosts. Export the hosts as CSV, JSON or text.';
  if (/^(?:%PDF-|\{\\rtf)/.test(begin))
    return 'This is a document, not a list. Save it as text or CSV first.';
  const server = configurations.find(({ has }) => has.test(begin));
  if (server)
    return `This is a configuration of ${server.of}, not a list of hosts. notafter discover --from ${server.format}:FILE finds the hosts in it.`;
  if (/^\s*\{/.test(begin)) return jsonFault(text);
  if (/^(?:apiVersion|kind):\s/m.test(begin))
    return 'This is a Kubernetes manifest, not a list of hosts. notafter discover --from kubernetes:FILE finds the hosts in it.';
  if (isYaml(begin)) return 'This is YAML in none of the formats that NotAfter imports (Prometheus, Gatus).';
  return null;
}

/** Configurations of servers, some lines of which could be hosts, such as the word `global` of HAProxy. */
const configurations = [
  { of: 'nginx', format: 'nginx', has: /^[ \t]*(?:http|server|stream)[ \t]*\{/m },
  { of: 'Apache', format: 'apache', has: /^[ \t]*<VirtualHost[ \t]/im },
  {
    of: 'HAProxy',
    format: 'haproxy',
    has: /^(?:global|defaults)(?:[ \t]+#.*)?\r?$/m,
  },
  {
    of: 'a DNS zone',
    format: 'zone',
    has: /^\$(?:ORIGIN|TTL)[ \t]|^\S*[ \t](?:.{0,40}[ \t])?IN[ \t]+SOA[ \t]/m,
  },
] as const;

/** A text in braces is JSON or nothing. @returns null where it is JSON */
function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    // V8 quotes the text behind a comma, or gives the place.
    const why = (error instanceof Error ? error.message : String(error))
      .replace(/, [\s\S]*/, '')
      .slice(0, 200);
    return `This is not JSON: ${why}.`;
  }
}

/** Whether a text is a mapping or a list of mappings: its first line of content is a key with its value, or opens a block. */
function isYaml(begin: string): boolean {
  const lines = begin.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  if (lines[0]?.trim() === '---') return true;
  // `host: 8443` has no colon in a list of hosts, and `tcp://host` has no space behind one.
  const keys = lines.filter((line) => /^\s*(?:- )?[A-Za-z_][\w-]*:(?: .*)?$/.test(line));
  return keys.length > 1 && keys.length * 2 > lines.length && lines[0] === keys[0];
}
