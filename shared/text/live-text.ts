import { expiryWords } from './words.ts';

/** A part of a sentence: text, or a time in milliseconds since the epoch. */
export type TextPart = string | { at: number };

/** A date as `dateInWords` writes it. */
const date = String.raw`\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4} at \d{2}:\d{2} UTC`;
const length = String.raw`(?:less than a minute|\d[\d,]* (?:minute|hour|day|year)s?)`;
const span = `(?:in ${length}|${length} ago)`;
/** `expires in 3 days, on 29 November 2026 at 10:19 UTC`, or a date alone. */
const dated = new RegExp(`(?:\\b([Ee])xpire[sd] ${span}, on )?(${date})`, 'g');
const expiryAtEnd = new RegExp(`\\bexpire[sd] ${span}$`);

/** Reads a date that `dateInWords` wrote; milliseconds since the epoch. */
function readDate(words: string): number {
  return Date.parse(words.replace(' at', ''));
}

/**
 * Splits a stored sentence into text and times, so that a reader sees its dates in their own time zone. "Expires in 3 days,
 * on" a date was true when it was stored: the days are counted again from `now`.
 * @param now milliseconds since the epoch
 */
export function liveParts(text: string, now: number): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(dated)) {
    const [whole, initial, words = ''] = match;
    const at = readDate(words);
    const expiry = initial === undefined ? '' : `${initial}${expiryOfDate(at, now)}, on `;
    parts.push(text.slice(end, match.index) + expiry, { at });
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== '');
}

function expiryOfDate(at: number, now: number): string {
  return `xpire${at < now ? 'd' : 's'} ${expiryWords(at, now)}`;
}

/**
 * Returns the title of an alert as of `now`: one that ends with `expires in 3 days` counts from the date in the body.
 * @param now milliseconds since the epoch
 */
export function liveTitle({ title, body }: { title: string; body: string }, now: number): string {
  const [words] = new RegExp(date).exec(body) ?? [];
  if (words === undefined) return title;
  return title.replace(expiryAtEnd, () => `e${expiryOfDate(readDate(words), now)}`);
}
