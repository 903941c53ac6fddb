/** What of a job is written to CSV and read from it, by the columns' names. */
export const csvColumns = [
  'host',
  'port',
  'servername',
  'starttls',
  'file',
  'passphrase file',
  'name',
  'tags',
  'notes',
  'schedule',
  'timezone',
  'warning',
  'critical',
  'paused',
] as const;
export type JobRow = { [Column in (typeof csvColumns)[number]]?: string };

/**
 * A text as a cell of a table: a spreadsheet takes what begins with one of these signs for a formula, and runs it. An
 * apostrophe before it says that it is text.
 */
export function toCell(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** What `toCell` was given. */
export function fromCell(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Tags joined by semicolons; a semicolon or a backslash in a tag has a backslash before it. */
export function tagsToCell(tags: readonly string[]): string {
  return tags.map((tag) => tag.replace(/[\\;]/g, '\\$&')).join(';');
}

export function tagsFromCell(cell: string): string[] {
  const tags = [...cell.matchAll(/((?:\\.|[^\\;]|\\$)+)/gs)].map(([tag]) =>
    tag.replace(/\\([\\;])/g, '$1').trim(),
  );
  return tags.filter((tag) => tag !== '');
}
