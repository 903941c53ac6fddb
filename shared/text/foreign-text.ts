/**
 * Text that hosts, certificates, proxies and files of others bring, made safe for each place where it is shown. One function for each
 * place; each is called where the text leaves NotAfter, whatever cleaned it before.
 */

/**
 * Control characters, line and paragraph separators, bidirectional overrides and other invisible format
 * characters: they can hide or reorder what a person reads (Unicode TR 36 §2.5).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

const escapeCharacter = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Makes text visible in one line: an invisible character becomes `\u{…}`, and text over the limit is cut.
 * @param limit characters kept
 */
export function printable(text: string, limit = 500): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(invisible, escapeCharacter);
}

/**
 * A line or a table cell on a terminal: escape sequences (ECMA-48, C0 and C1), line breaks and reordering become visible. Joiners stay:
 * emoji and several scripts need them, and they move nothing.
 */
export function forTerminal(text: string): string {
  return text.replace(invisible, (character) =>
    /[\u200c\u200d]/.test(character) ? character : escapeCharacter(character),
  );
}

/** JSON that may go to a terminal: what is invisible in its texts is written as `\\uXXXX` (RFC 8259 §7), and means the same to a program. */
export function forJson(json: string): string {
  return json.replace(invisible, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
          .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

const maxLogCharacters = 8_000;

/** An entry of the log. Line breaks become visible, so that no text begins a new entry (CWE-117). */
export function forLog(text: string): string {
  return printable(text, maxLogCharacters);
}

/** A stack in the log: its lines are kept, each indented after the first, so that none looks like an entry. */
export function forLogLines(text: string): string {
  return text.slice(0, maxLogCharacters).split(/\r?\n/).map(forTerminal).join('\n    ');
}

const maxNoticeCharacters = 1_000;

/**
 * A desktop notification. Servers of the freedesktop specification read markup in the body
 * (https://specifications.freedesktop.org/notification-spec/latest/markup.html), so no tag may begin in it; a tag of one character more is none.
 */
export function forNotification(text: string): string {
  return printable(text, maxNoticeCharacters).replace(/<(?=[a-z/!])/gi, `<${joiner}`);
}

const maxMenuCharacters = 200;

/** An entry of a menu: `&` begins a mnemonic there, and two are one (Electron's MenuItem.label). */
export function forMenu(text: string): string {
  return printable(text, maxMenuCharacters).replaceAll('&', '&&');
}

/** Joins two characters without a gap, and ends what a chat would read as a link or a mention (U+2060). */
const joiner = '\u2060';
const maxChatCharacters = 4_000;

/**
 * A message in a chat: no address becomes a link, no text is shown for another address, and no one is mentioned. Chats differ in
 * how they escape (Slack: entities; Markdown: backslashes), so what begins a link or a mention is broken by an invisible joiner.
 */
export function forChat(text: string): string {
  return printable(text, maxChatCharacters)
    .replace(/:(?=\/\/)/g, `:${joiner}`)
    .replace(/\](?=[([:])/g, `]${joiner}`)
    .replace(/\b(mailto|tel|data|javascript):/gi, `$1${joiner}:`)
    .replace(/<(?=(?:a|img|at)\b|https?:|[!@#/])/gi, `<${joiner}`)
    .replace(/[@＠]/g, `$&${joiner}`);
}

/** `forChat` where `&`, `<` and `>` are escaped: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function forSlack(text: string): string {
  return forChat(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** `forChat` where Markdown is read: a backslash before a sign takes its meaning (CommonMark §2.4, which Discord follows). */
export function forDiscord(text: string): string {
  return forChat(text).replace(/[\\*_~`|>#[\]()]/g, '\\$&');
}

/** Text in HTML or XML, within an element or a quoted attribute. */
export function forMarkup(text: string): string {
  return printable(text, maxChatCharacters)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** A value in the environment of a command: an operating system ends it at NUL, and Node refuses one. */
export function forEnvironment(text: string, maxBytes: number): string {
  return cutBytes(text.replaceAll('\0', ''), maxBytes);
}

/** Cuts text to so many bytes of UTF-8, never within a character. */
export function cutBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/**
 * A cell of a table: a spreadsheet takes what begins with one of these signs for a formula, also after spaces and in full width, and
 * runs it (https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it says that it is text.
 */
export function toCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** Returns what `toCell` was given. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;
