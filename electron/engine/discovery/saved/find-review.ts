import { jobDefaults } from '../../../../shared/schema/job.ts';
import type { FindState, KeptFind } from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { JobService } from '../../jobs/job-service.ts';
import { StoreWriteError } from '../../store/config-store.ts';
import type { FindMark, FindStore, StoredFind } from './find-store.ts';
import { readIgnoreRule } from './ignore-rule.ts';
import type { SearchDatabase } from './search-database.ts';
import { watchedKey, watchKeys } from './watch-keys.ts';

export interface FindReviewOptions {
  storage: { searches: SearchDatabase; tryWrite<Value>(work: () => Value): Value | null };
  jobs: Pick<JobService, 'all' | 'addAll'>;
  clock: Pick<Clock, 'now'>;
  /** Returns the tags that a search gives to jobs. */
  searchTags: (discoveryId: string) => readonly string[];
}

export interface FindQuery {
  discovery?: string | undefined;
  state?: FindState | undefined;
  search?: string | undefined;
  limit: number;
  offset: number;
}

/** Which finds are ignored: those for which all of it holds. */
export interface IgnoreQuery {
  ids?: readonly number[] | undefined;
  /** As the exclusions of a search. */
  rule?: readonly string[] | undefined;
  discovery?: string | undefined;
}

/** Which finds are deleted: those for which all of it holds. */
export interface ForgetQuery {
  ids?: readonly number[] | undefined;
  discovery?: string | undefined;
  state?: FindState | undefined;
  /** As ISO 8601. */
  lastSeenBefore?: string | undefined;
}

/** Tags of a job: as many as its schema allows. */
const maxTags = 50;
/** Words of a filter that count. */
const maxWords = 8;

const isoOf = (ms: number) => new Date(ms).toISOString();

/** The list of finds to review: what is new, what is watched, and what a person does with it. */
export class FindReview {
  readonly #options: FindReviewOptions;
  readonly #counted = new Map<string, { at: number; counts: Record<FindState, number> }>();

  constructor(options: FindReviewOptions) {
    this.#options = options;
  }

  /** Returns finds of one search or of all, by address and port. */
  list({ discovery, state, search, limit, offset }: FindQuery): { items: KeptFind[]; total: number } {
    const { finds } = this.#options.storage.searches;
    const watched = this.#watched();
    const ids = finds
      .marks(discovery ?? null)
      .filter((mark) => state === undefined || stateOf(mark, watched) === state)
      .map(({ id }) => id);
    const words = (search ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, maxWords);
    if (words.length === 0) {
      const items = ids.slice(offset, offset + limit).flatMap((id) => finds.get(id) ?? []);
      return { items: items.map((find) => viewOf(find, watched)), total: ids.length };
    }
    const wanted = new Set(ids);
    const matching = finds
      .holding(discovery ?? null, words)
      .filter((find) => wanted.has(find.id) && matches(find, words));
    return {
      items: matching.slice(offset, offset + limit).map((find) => viewOf(find, watched)),
      total: matching.length,
    };
  }

  /**
   * Returns the number of finds of a search by their states.
   * @param ageMs how old the answer may be
   */
  counts(discoveryId: string, ageMs = 0): Record<FindState, number> {
    const now = this.#options.clock.now();
    const known = this.#counted.get(discoveryId);
    if (known && Math.abs(now - known.at) < ageMs) return known.counts;
    const counts: Record<FindState, number> = {
      new: 0,
      'needs-name': 0,
      watched: 0,
      ignored: 0,
      vanished: 0,
    };
    const watched = this.#watched();
    for (const mark of this.#options.storage.searches.finds.marks(discoveryId))
      counts[stateOf(mark, watched)] += 1;
    this.#counted.set(discoveryId, { at: now, counts });
    return counts;
  }

  /**
   * Adds a job for each of some finds that can be added and is not watched, with the tags of the search that found it.
   * @param tags for all of them, beside those
   * @returns how many were added, how many were left out, and how many ids no find has
   * @throws StoreWriteError
   */
  async add(
    ids: readonly number[],
    tags: readonly string[],
  ): Promise<{ added: number; leftOut: number; missing: number }> {
    const watched = this.#watched();
    let missing = 0;
    const targets = new Map<string, { target: NonNullable<KeptFind['suggested']>; tags: Set<string> }>();
    for (const id of ids) {
      const find = this.#options.storage.searches.finds.get(id);
      if (!find) missing += 1;
      if (!find?.found.suggested || jobOf(watchKeys(find.found), watched) !== null) continue;
      const key = watchedKey(find.found.suggested);
      if (key === null) continue;
      const known = targets.get(key) ?? { target: find.found.suggested, tags: new Set(tags) };
      for (const tag of this.#options.searchTags(find.discoveryId)) known.tags.add(tag);
      targets.set(key, known);
    }
    const jobs = [...targets.values()].map(({ target, tags: own }) => ({
      ...jobDefaults,
      target,
      tags: [...own].slice(0, maxTags),
    }));
    await this.#options.jobs.addAll(jobs);
    return { added: jobs.length, leftOut: ids.length - jobs.length - missing, missing };
  }

  /**
   * Ignores finds, or stops ignoring them: by their ids, by a rule, or those among the ids that a rule is about.
   * @returns how many changed, and how many ids no find has
   * @throws IgnoreRuleError, StoreWriteError
   */
  ignore({ ids, rule, discovery }: IgnoreQuery, isIgnored: boolean): { finds: number; missing: number } {
    const isMeant = rule && readIgnoreRule(rule);
    return this.#change((finds) => {
      const known = finds.outlines(discovery ?? null, ids);
      const chosen = known.filter((find) => isMeant?.(find) ?? true);
      const there = new Set(ids && known.map(({ id }) => id));
      return {
        finds: finds.setIgnored(
          chosen.map(({ id }) => id),
          isIgnored,
        ),
        missing: (ids ?? []).filter((id) => !there.has(id)).length,
      };
    });
  }

  /** Deletes finds: what is still there is found again, as new. @returns how many were deleted @throws StoreWriteError */
  forget({ ids, discovery, state, lastSeenBefore }: ForgetQuery): number {
    const watched = this.#watched();
    const before = lastSeenBefore === undefined ? Infinity : Date.parse(lastSeenBefore);
    return this.#change((finds) => {
      const chosen = finds
        .marks(discovery ?? null, ids)
        .filter((mark) => mark.lastAt < before && (state === undefined || stateOf(mark, watched) === state));
      finds.removeAll(chosen.map(({ id }) => id));
      return chosen.length;
    });
  }

  #change<Result extends object | number>(work: (finds: FindStore) => Result): Result {
    const { storage } = this.#options;
    const changed = storage.tryWrite(() => work(storage.searches.finds));
    if (changed !== null) return changed;
    throw new StoreWriteError(
      'The finds cannot be changed: the disk is full, or another program has locked the database. Free up space or end that program, then try again.',
    );
  }

  /** Jobs by what they watch. */
  #watched(): ReadonlyMap<string, string> {
    const watched = new Map<string, string>();
    for (const { id, target } of this.#options.jobs.all()) {
      const key = watchedKey(target);
      if (key !== null) watched.set(key, id);
    }
    return watched;
  }
}

function jobOf(keys: readonly string[], watched: ReadonlyMap<string, string>): string | null {
  for (const key of keys) {
    const id = watched.get(key);
    if (id !== undefined) return id;
  }
  return null;
}

function stateOf(
  { keys, needsName, vanishedAt, isIgnored }: Omit<FindMark, 'id' | 'lastAt'>,
  watched: ReadonlyMap<string, string>,
): FindState {
  if (jobOf(keys, watched) !== null) return 'watched';
  if (isIgnored) return 'ignored';
  if (vanishedAt !== null) return 'vanished';
  return needsName ? 'needs-name' : 'new';
}

function viewOf(find: StoredFind, watched: ReadonlyMap<string, string>): KeptFind {
  const { id, discoveryId, found, firstAt, lastAt, changedAt, vanishedAt, isIgnored } = find;
  const keys = watchKeys(found);
  return {
    ...found,
    id,
    discoveryId,
    state: stateOf({ keys, needsName: found.state === 'needs-name', vanishedAt, isIgnored }, watched),
    jobId: jobOf(keys, watched),
    firstSeenAt: isoOf(firstAt),
    lastSeenAt: isoOf(lastAt),
    changedAt: changedAt === null ? null : isoOf(changedAt),
  };
}

function matches({ found }: StoredFind, words: readonly string[]): boolean {
  const { address, port, names, leaf } = found;
  const text = [
    `${address}:${port}`,
    ...names,
    leaf?.subject ?? '',
    leaf?.issuer ?? '',
    ...(leaf?.sans ?? []),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
