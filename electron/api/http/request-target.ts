import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Reads the target of a request line (RFC 9112 §3.2): a path, or a whole URL. What a parser could read in two ways is refused: a path
 * that begins with two slashes, percent signs that encode nothing, and NUL.
 * @returns the path still encoded, the path with its query, and the authority where the target names one; null where it is malformed
 */
export function readRequestTarget(
  target: string | undefined,
): { pathname: string; pathAndQuery: string; host: string | null } | null {
  if (target === undefined || target.startsWith('//') || /[^\x21-\x7e]|%00|\\/.test(target)) return null;
  const url = URL.parse(target, 'http://localhost');
  if (!url || !/^https?:$/.test(url.protocol) || !isDecodable(url.pathname)) return null;
  const host = target.startsWith('/') ? null : url.host;
  return { pathname: url.pathname, pathAndQuery: url.pathname + url.search, host };
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false; // URIError: its one meaning.
  }
}

/**
 * Returns the client's address of a request over a Unix socket: only our proxy can open that, and it adds the address that it saw as
 * the last of X-Forwarded-For. Empty where it adds none: then all clients share one limit.
 */
export function forwardedAddress({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-forwarded-for'];
  const last = (Array.isArray(given) ? given.join() : (given ?? '')).split(',').at(-1)?.trim() ?? '';
  return isIP(last) === 0 ? '' : last;
}
