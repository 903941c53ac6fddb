import type { JobView } from '../schema/job.ts';
import { formatTarget, isFileTarget, wireName } from './target.ts';

type Searched = Pick<JobView, 'target' | 'name' | 'tags' | 'lastCheck'>;

/**
 * Returns the text by which a job is found, in lower case: its target as people write it and by its name on the wire (RFC
 * 5890) with the port, its own name, tags and issuer.
 */
export function searchText({ target, name, tags, lastCheck }: Searched): string {
  const wire = isFileTarget(target) ? '' : `${wireName(target.host) ?? ''} ${target.port}`;
  return [name, formatTarget(target), wire, ...tags, lastCheck?.issuer ?? ''].join(' ').toLowerCase();
}

/** Returns the words of a search, each of which a job's text must contain. */
export function searchWords(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}
