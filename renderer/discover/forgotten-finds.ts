import type { KeptFind } from '../../shared/schema/saved-search.ts';

/** Names a find as the subject of a step, with the state by which it is counted. */
export const findSubject = ({ id, state }: Pick<KeptFind, 'id' | 'state'>) => `find ${id} ${state}`;

/** Returns how many finds in a state are shown as forgotten, though they can still be kept. */
export function forgottenIn(later: ReadonlySet<string>, state: string): number {
  return [...later].filter((subject) => subject.startsWith('find ') && subject.endsWith(` ${state}`)).length;
}
