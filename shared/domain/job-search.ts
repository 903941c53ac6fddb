import type { JobView } from '../schema/job.ts';
import { problemKind } from './problems/problem-kinds.ts';
import { isCounted } from './severity.ts';
import { formatTarget, isFileTarget, wireName } from './target.ts';

type Searched = Pick<JobView, 'target' | 'name' | 'tags' | 'notes' | 'lastCheck'>;

/**
 * Returns the text by which a job is found, in lower case: its target as people write it and by its name on the wire (RFC
 * 5890) with the port, its own name, tags, notes and issuer, the names, subject, serial number, fingerprint and address of
 * its certificate, and its problems by label and code (`self-signed`, `expired`).
 */
export function searchText({ target, name, tags, notes, lastCheck }: Searched): string {
  const wire = isFileTarget(target) ? '' : `${wireName(target.host) ?? ''} ${target.port}`;
  const problems = (lastCheck?.problems ?? [])
    .filter(isCounted)
    .flatMap(({ code, message }) => [code, problemKind(code)?.label ?? message]);
  return [
    name,
    formatTarget(target),
    wire,
    ...tags,
    notes,
    lastCheck?.issuer ?? '',
    lastCheck?.keywords ?? '',
    ...problems,
    lastCheck?.status ?? 'pending',
  ]
    .join(' ')
    .toLowerCase();
}

/** A serial number or fingerprint as tools print it: pairs of hexadecimal digits. */
const hexPairs = /^[0-9a-f]{2}(?::[0-9a-f]{2}){2,}:?$/;

/** Returns the words of a search, each of which a job's text must contain. Fingerprints may have colons. */
export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (hexPairs.test(word) ? word.replaceAll(':', '') : word));
}
