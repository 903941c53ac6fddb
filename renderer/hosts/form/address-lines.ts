import { formatTarget, type Target, targetKey } from '../../../shared/schema/target.ts';
import { readAddress } from './read-address.ts';

/** How a line of addresses was understood. */
export type AddressLine = { line: number; text: string } & (
  | { kind: 'new' | 'duplicate'; target: Target; understood: string }
  /** `first`: the line that has the same address. */
  | { kind: 'repeat'; target: Target; understood: string; first: number }
  | { kind: 'invalid'; message: string }
);

/** Tells whether a text has more than one line with text: each is one address then. */
export function hasManyLines(text: string): boolean {
  return text.split('\n').filter((line) => line.trim() !== '').length > 1;
}

/**
 * Reads addresses, one per line; skips empty lines and lines that begin with #.
 * @param known keys of the targets that are already in the list
 */
export function readAddressLines(text: string, known: ReadonlySet<string>): AddressLine[] {
  const seen = new Map<string, number>();
  return text.split('\n').flatMap((raw, index): AddressLine[] => {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const place = { line: index + 1, text: trimmed.slice(0, 200) };
    const parsed = readAddress(trimmed);
    if (!parsed.ok) return [{ ...place, kind: 'invalid', message: parsed.message }];
    const { target } = parsed;
    const key = targetKey(target);
    const read = { ...place, target, understood: formatTarget(target) };
    if (known.has(key)) return [{ ...read, kind: 'duplicate' }];
    const first = seen.get(key);
    if (first !== undefined) return [{ ...read, kind: 'repeat', first }];
    seen.set(key, place.line);
    return [{ ...read, kind: 'new' }];
  });
}

/** Returns the lines of a text that could not be read, to mend them. */
export function invalidLines(text: string, lines: readonly AddressLine[]): string {
  const invalid = new Set(lines.filter(({ kind }) => kind === 'invalid').map(({ line }) => line));
  return text
    .split('\n')
    .filter((_, index) => invalid.has(index + 1))
    .join('\n');
}
