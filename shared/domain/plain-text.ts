// Control characters, line and paragraph separators, and what turns the direction of text around (Unicode TR 36 §2.5).
const hiddenInLine = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const hiddenRuns = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
// Notes may have lines and tabs.
const hiddenInText = /(?![\n\r\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Tells whether a text is one line with nothing hidden in it: names and tags go to terminals, logs, chats and notifications. */
export function isOneLine(text: string): boolean {
  return !hiddenInLine.test(text);
}

/** Tells whether a text of several lines has nothing hidden in it. */
export function isPlainText(text: string): boolean {
  return text.search(hiddenInText) === -1;
}

/** Makes one line of a text: each run of hidden characters becomes a space. */
export function toOneLine(text: string): string {
  return text.replace(hiddenRuns, ' ').trim();
}

/** Takes the hidden characters out of a text of several lines. */
export function toPlainText(text: string): string {
  return text.replace(hiddenInText, '');
}
