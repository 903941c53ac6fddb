import { printable } from '../../printable.ts';
import { UnreachableError } from '../unreachable.ts';

/** What a proxy says is anybody's text: one line of it is shown, and nothing that cannot be seen. */
const maxWords = 200;

/** The proxy itself cannot be used. */
export function proxyFailure(host: string, port: number, why: string, cause?: unknown): UnreachableError {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new UnreachableError('refused', `The proxy ${place} cannot be used: ${printable(why, 400)}.`, {
    cause,
    remedy: 'Check the address of the proxy, its scheme, and whether it runs.',
  });
}

/** The proxy refuses to connect to a target, in its own words. */
export function proxyRefusal(
  target: string,
  words: string,
  remedy?: string,
  cause?: unknown,
): UnreachableError {
  const said = printable(words.replace(/\s+/g, ' ').trim(), maxWords);
  return new UnreachableError('refused', `The proxy does not connect to ${target}: ${said}.`, {
    cause,
    remedy:
      remedy ?? 'Check whether the proxy may connect to this host and port, and whether the host is up.',
  });
}
