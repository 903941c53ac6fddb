import { isOneLine } from '../../../shared/domain/plain-text.ts';
import { type Channel, fieldsOf, mapSecrets } from '../../../shared/schema/channels/channel.ts';

/** Tells whether a text is an http or https address in any spelling that URLs have: `HTTPS://host`, or one with blanks before it (WHATWG URL §4.4). */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * Returns an address in the spelling that requests have where it has blanks, line breaks, hidden characters or a scheme that is not lower case; other
 * addresses, and texts that are none, to the letter.
 */
export function plainAddress(text: string): string {
  const isPlain = /^https?:\/\/\S+$/.test(text) && isOneLine(text);
  return isPlain || !isWebAddress(text) ? text : new URL(text).href;
}

/** Returns a channel with its secret addresses as `plainAddress` has them. Other secrets stay to the letter. */
export function withPlainAddresses(channel: Channel): Channel {
  const fields = fieldsOf(channel.type);
  return mapSecrets(channel, (secret, field) =>
    typeof secret === 'string' && fields[field]?.refuse ? plainAddress(secret) : secret,
  );
}
