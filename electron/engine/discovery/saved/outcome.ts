import type { Found } from '../../../../shared/schema/discovery.ts';
import type { SearchMessage } from '../../../../shared/schema/saved-search.ts';
import { isIpv6 } from '../../../../shared/schema/target.ts';
import { count, expiryWords } from '../../../../shared/text/words.ts';
import { printable } from '../../printable.ts';

/** What a run found, changed and lost, beside what was there before. */
export interface Outcome {
  new: readonly Found[];
  changed: readonly Found[];
  vanished: readonly Found[];
}

/** So many finds of a kind stand in a message; the others are counted. */
const maxListed = 10;
/** A certificate that expires within so many days is named first. */
const urgentMs = 7 * 86_400_000;

/** Returns the one message about a run; null where it found nothing that is new, changed or vanished. */
export function outcomeMessage(name: string, outcome: Outcome, now: number): SearchMessage | null {
  const kinds = (['new', 'changed', 'vanished'] as const).filter((kind) => outcome[kind].length > 0);
  if (kinds.length === 0) return null;
  const urgent = outcome.new.filter(({ leaf }) => leaf !== null && Date.parse(leaf.validTo) - now < urgentMs);
  const words = kinds.map((kind) => `${outcome[kind].length} ${kind}`).join(', ');
  const lines = [
    ...listed('Not watched and expired, or about to expire', urgent, now),
    ...listed(
      'New',
      outcome.new.filter((found) => !urgent.includes(found)),
      now,
    ),
    ...listed('Changed', outcome.changed, now),
    ...listed('Vanished', outcome.vanished, now),
  ];
  return {
    severity: urgent.length > 0 ? 'warning' : 'info',
    title: `Search “${printable(name, 60)}”: ${words}`,
    body: lines.join('\n'),
  };
}

function listed(title: string, finds: readonly Found[], now: number): string[] {
  if (finds.length === 0) return [];
  const shown = finds.slice(0, maxListed).map((found) => describe(found, now));
  const more = finds.length - shown.length;
  return [`${title}: ${shown.join('; ')}${more > 0 ? `; and ${count(more, 'more', 'more')}` : ''}.`];
}

function describe({ address, port, names, leaf }: Found, now: number): string {
  const place = `${isIpv6(address) ? `[${address}]` : address}:${port}`;
  const [name] = names;
  const expiry = leaf ? `, ${expiryVerb(leaf.validTo, now)} ${expiryWords(leaf.validTo, now)}` : '';
  return printable(name === undefined ? `${place}${expiry}` : `${name} (${place})${expiry}`, 300);
}

const expiryVerb = (validTo: string, now: number) => (Date.parse(validTo) < now ? 'expired' : 'expires');
