import { compareSeverity } from '../../../shared/domain/severity.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { HookMessage } from './message.ts';

/** The sign before a title, by how urgent it is. */
export const signs: Record<AlertSeverity, string> = { info: '✅', warning: '⚠️', critical: '🔴' };

/** So many alerts of a message are named; the rest is counted. */
const maxNamed = 20;

/**
 * Returns what a message says below its title: of one alert what to know and do, of many a line each, the worst first, and how many more there
 * are.
 */
export function noticeLines({ alerts, body, event }: HookMessage): string[] {
  if (event === 'report') return body.split('\n');
  if (alerts.length < 2) return [body];
  const worstFirst = alerts.toSorted((one, other) =>
    compareSeverity(one.alert.severity, other.alert.severity),
  );
  const named = worstFirst.slice(0, maxNamed).map(({ alert }) => `${signs[alert.severity]} ${alert.title}`);
  const more = alerts.length - named.length;
  return more > 0 ? [...named, `… and ${more} more`] : named;
}

/**
 * Cuts lines so that they fit, from the end, and says how many are left out.
 * @param size returns how long a text is in the measure of the limit
 */
export function fitLines(lines: readonly string[], limit: number, size: (text: string) => number): string {
  const whole = lines.join('\n');
  if (size(whole) <= limit) return whole;
  for (let kept = lines.length - 1; kept > 0; kept -= 1) {
    const text = [...lines.slice(0, kept), `… and ${lines.length - kept} more`].join('\n');
    if (size(text) <= limit) return text;
  }
  const [first = ''] = lines;
  return cutTo(first, limit, size);
}

/** Cuts a text so that it fits with a sign of the cut, never within a character. */
export function cutTo(text: string, limit: number, size: (part: string) => number): string {
  if (size(text) <= limit) return text;
  const characters = Array.from(text);
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (size(`${characters.slice(0, middle).join('')}…`) <= limit) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('')}…`;
}

export const byteSize = (text: string): number => Buffer.byteLength(text);
export const unitSize = (text: string): number => text.length;
