import { maxFindsAtOnce, maxPageItems } from '../../shared/domain/list-bounds.ts';
import { count } from '../../shared/text/words.ts';

/** How many finds are read at first. */
export const firstPage = 200;
const nextPage = 1_000;

/** Returns how many finds are read once a person wants more: at most as many as the API returns. */
export const nextLimit = (limit: number) => Math.min(limit + nextPage, maxPageItems);

/**
 * Says how many finds are not shown.
 * @param read how many have been read
 * @param limit how many were asked for
 * @returns null where all are shown; `canShow`: whether more can be read, else the filter has to leave some out
 */
export function restOf(
  read: number,
  total: number,
  limit: number,
): { canShow: boolean; words: string } | null {
  if (read >= total) return null;
  const more = nextLimit(limit) - limit;
  return more > 0
    ? { canShow: true, words: `Show ${count(Math.min(total - read, more), 'more find')}` }
    : { canShow: false, words: `${count(total - read, 'more find')}. Filter the list to see them.` };
}

/** Splits ids into parts that one request each takes. */
export function partsOf(ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let from = 0; from < ids.length; from += maxFindsAtOnce)
    parts.push(ids.slice(from, from + maxFindsAtOnce));
  return parts;
}

/** Does something with finds in parts, one after the other: the second knows what became of the first. */
export async function inParts(
  ids: readonly number[],
  work: (part: number[]) => Promise<unknown>,
): Promise<void> {
  for (const part of partsOf(ids)) await work(part);
}
