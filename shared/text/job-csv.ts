export { fromCell, toCell } from './foreign-text.ts';

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
