import '../plain-sentences.ts';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import { jobInputSchema, type NewJob } from '../../../shared/schema/job.ts';
import { isFileTarget, parseTarget, type Target } from '../../../shared/schema/target.ts';

/** Where a thing to import stood, counted from 1, and what stood there. */
export interface ImportPlace {
  line: number;
  text: string;
}

/** One thing to import: what it was understood as, with what had to be left out (`note`), or why it was not. */
export type ImportItem = ImportPlace & ({ job: NewJob; note?: string } | { message: string });

const maxText = 200;

/** @param text what stood there, of which a person sees the beginning: in one line, its tabs as spaces */
export function place(line: number, text: string): ImportPlace {
  return { line, text: text.slice(0, maxText).replaceAll('\t', ' ') };
}

/** A job from what a foreign format says of it, by our own rules. */
export function readJob(at: ImportPlace, value: unknown, note?: string): ImportItem {
  const parsed = jobInputSchema.safeParse(value);
  if (parsed.success) return { ...at, job: parsed.data, ...(note === undefined ? {} : { note }) };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  return { ...at, message: `${field ? `${field}: ` : ''}${issue?.message ?? 'This is not a job.'}` };
}

/** The note for a file in a list of hosts. */
export const hostsOnly =
  'This format imports hosts only. Add certificate files yourself, or import them from NotAfter’s own JSON or CSV.';

/**
 * Reads a job from an address as people write it. Addresses come from lists of other programs and people, which name hosts: a file in one
 * would have NotAfter open whatever its author likes.
 */
export function addressItem(at: ImportPlace, address: string, more: object = {}): ImportItem {
  const parsed = parseTarget(address);
  if (!parsed.ok) return { ...at, message: parsed.message };
  if (isFileTarget(parsed.target)) return { ...at, message: hostsOnly };
  const notes = parsed.note === undefined ? {} : { notes: parsed.note };
  return readJob(at, { ...notes, ...more, target: parsed.target satisfies Target });
}

/** Makes a name of what another program calls something: one line of at most 200 characters. */
export function asName(text: string): string {
  return toOneLine(text).slice(0, 200).trim();
}

/** Tags as we keep them, from words of another program: those that are too long or too many are left out. */
export function asTags(words: readonly string[]): string[] {
  const tags = words.map(toOneLine).filter((word) => word !== '' && word.length <= 60);
  return [...new Set(tags)].slice(0, 50);
}
