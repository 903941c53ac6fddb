import { expiryWords } from './words.ts';

/** A part of a sentence: text, or a time in milliseconds since the epoch. */
export type TextPart = string | { at: number };

/** A date as `dateInWords` writes it. */
const date =
  /\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4} at \d{2}:\d{2} UTC/;
/** `expires in 3 days, on 29 November 2026 at 10:19 UTC`, or a date alone. */
const dated =
  /(?:\b([Ee])xpire[sd] (?:in (?:less than a minute|\d[\d,]{0,12} (?:minute|hour|day|year)s?)|(?:less than a minute|\d[\d,]{0,12} (?:minute|hour|day|year)s?) ago), on )?(\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4} at \d{2}:\d{2} UTC)/g;
const expiryAtEnd =
  /\bexpire[sd] (?:in (?:less than a minute|\d[\d,]{0,12} (?:minute|hour|day|year)s?)|(?:less than a minute|\d[\d,]{0,12} (?:minute|hour|day|year)s?) ago)$/;

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
  const [words] = date.exec(body) ?? [];
  if (words === undefined) return title;
  return title.replace(expiryAtEnd, () => `e${expiryOfDate(readDate(words), now)}`);
}
