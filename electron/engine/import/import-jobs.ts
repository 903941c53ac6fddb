import type { ImportReport } from '../../../shared/contract/import-report.ts';
import type { Job, NewJob } from '../../../shared/schema/job.ts';
import { targetKey } from '../../../shared/schema/target.ts';
import { inTurns } from '../turns.ts';
import type { ImportItem } from './item.ts';
import type { ReadImport } from './read-import.ts';

/** What an import changes. */
export interface ImportEffects {
  /** Returns the new jobs, in the order given. */
  add: (jobs: readonly NewJob[]) => Promise<readonly { id: string }[]>;
  /** @param tags each job's by its id */
  tag: (tags: ReadonlyMap<string, string[]>) => Promise<unknown>;
}

const maxTags = 50;
/** Items that are planned before other things have their turn. */
const perTurn = 1_000;

/** A target among those that are there and those that come: its job, or the one that it will be. */
interface Known {
  id: string | null;
  tags: string[];
  /** The new job, where it is one. */
  job: NewJob | null;
  gainsTags: boolean;
  /** The entry of this import that names it first; null: it was there before. */
  line: number | null;
}

/**
 * Adds what is new; where a target exists, or came earlier in the same import, its job gets the tags that it
 * lacks. With no effects it only says what would happen.
 */
export async function importJobs(
  { format, items }: ReadImport,
  existing: Iterable<Job>,
  effects: ImportEffects | null,
): Promise<ImportReport> {
  const known = new Map<string, Known>();
  const there = new Map<string, number>();
  for (const { id, target, tags } of existing) {
    const key = targetKey(target);
    const before = there.get(key) ?? 0;
    there.set(key, before + 1);
    known.set(placeKey(key, before), { id, tags, job: null, gainsTags: false, line: null });
  }
  // An export of ours may have two jobs of one target; other lists mean one however often they name it.
  const keyOf = format === 'notafter' ? differingJobs() : (job: NewJob) => placeKey(targetKey(job.target), 0);
  const plan: Planned[] = [];
  await inTurns(items, perTurn, (item) => plan.push(planItem(item, known, keyOf)));
  if (effects) await carryOut([...known.values()], effects);
  const entries = plan.map(({ item, outcome, known: of }): ImportReport['entries'][number] => ({
    line: item.line,
    text: item.text,
    outcome,
    id: of?.id ?? null,
    message: messageOf(item, outcome, of?.line ?? null),
  }));
  const tally = (outcome: string) => entries.filter((entry) => entry.outcome === outcome).length;
  return {
    format,
    dryRun: effects === null,
    added: tally('added'),
    merged: tally('merged'),
    duplicates: tally('duplicate'),
    invalid: tally('invalid'),
    entries,
  };
}

/** What comes of one item, with the target that it is about. */
interface Planned {
  item: ImportItem;
  outcome: 'added' | 'merged' | 'duplicate' | 'invalid';
  known: Known | null;
}

const placeKey = (key: string, place: number) => `${place} ${key}`;

/** Tells jobs of one target apart where more than their tags differ: the first of a file is the first that is there, and so on. */
function differingJobs(): (job: NewJob) => string {
  const seen = new Map<string, string[]>();
  return ({ tags: _tags, ...job }) => {
    const key = targetKey(job.target);
    const words = JSON.stringify(job);
    const before = seen.get(key) ?? [];
    const place = before.indexOf(words);
    if (place !== -1) return placeKey(key, place);
    seen.set(key, [...before, words]);
    return placeKey(key, before.length);
  };
}

function planItem(item: ImportItem, known: Map<string, Known>, keyOf: (job: NewJob) => string): Planned {
  if ('message' in item) return { item, outcome: 'invalid', known: null };
  const key = keyOf(item.job);
  const before = known.get(key);
  if (!before) {
    const added: Known = { id: null, tags: item.job.tags, job: item.job, gainsTags: false, line: item.line };
    known.set(key, added);
    return { item, outcome: 'added', known: added };
  }
  const tags = [...new Set([...before.tags, ...item.job.tags])].slice(0, maxTags);
  const gains = tags.length > before.tags.length;
  before.tags = tags;
  before.gainsTags ||= gains;
  return { item, outcome: gains ? 'merged' : 'duplicate', known: before };
}

/** All at once: they go to disk together. */
async function carryOut(all: readonly Known[], { add, tag }: ImportEffects): Promise<void> {
  const isNew = all.flatMap((known) =>
    known.job ? [{ known, input: { ...known.job, tags: known.tags } }] : [],
  );
  const gaining = all.flatMap(({ id, gainsTags, tags }) =>
    id !== null && gainsTags ? [[id, tags] as const] : [],
  );
  const [added] = await Promise.all([
    add(isNew.map(({ input }) => input)),
    gaining.length > 0 ? tag(new Map(gaining)) : null,
  ]);
  for (const [index, { known }] of isNew.entries()) known.id = added[index]?.id ?? null;
}

function messageOf(item: ReadImport['items'][number], outcome: string, first: number | null): string | null {
  if ('message' in item) return item.message;
  const place = first === null ? 'This host is already in the list' : `The same host as line ${first}`;
  if (outcome === 'duplicate') return `${place}.`;
  if (outcome === 'merged') return `${place}. It gets the tags that it lacks.`;
  return item.note ?? null;
}
