/**
 * Control characters, line and paragraph separators, bidirectional overrides and other invisible format
 * characters: they can hide or reorder what a person reads (Unicode TR 36 §2.5).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/**
 * Text from the network made safe to show: what cannot be seen becomes `\u{…}`, and what is too long is cut.
 * @param limit characters kept
 */
export function printable(text: string, limit = 500): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
