import type { ImportReport } from '../../../shared/contract/import-report.ts';
import type { Job, NewJob } from '../../../shared/schema/job.ts';
import { targetKey } from '../../../shared/schema/target.ts';
import type { ReadImport } from './read-import.ts';

/** What an import changes. */
export interface ImportEffects {
  add: (job: NewJob) => Promise<{ id: string }>;
  tag: (id: string, tags: string[]) => Promise<unknown>;
}

const maxTags = 50;

/** A target among those that are there and those that come: its job, or the one that it will be. */
interface Known {
  id: string | null;
  tags: string[];
  /** The new job, where it is one. */
  job: NewJob | null;
  gainsTags: boolean;
}

/**
 * Adds what is new; where a target is there already, or came before in the same import, its job gets the tags that it
 * lacks. With no effects it only says what would happen.
 */
export async function importJobs(
  { format, items }: ReadImport,
  existing: Iterable<Job>,
  effects: ImportEffects | null,
): Promise<ImportReport> {
  const known = new Map<string, Known>();
  for (const { id, target, tags } of existing)
    known.set(targetKey(target), { id, tags, job: null, gainsTags: false });
  const plan = items.map((item) => {
    if ('message' in item) return { item, outcome: 'invalid' as const, known: null };
    const key = targetKey(item.job.target);
    const before = known.get(key);
    if (!before) {
      const added: Known = { id: null, tags: item.job.tags, job: item.job, gainsTags: false };
      known.set(key, added);
      return { item, outcome: 'added' as const, known: added };
    }
    const tags = [...new Set([...before.tags, ...item.job.tags])].slice(0, maxTags);
    const gains = tags.length > before.tags.length;
    before.tags = tags;
    before.gainsTags ||= gains;
    return { item, outcome: gains ? ('merged' as const) : ('duplicate' as const), known: before };
  });
  if (effects) await carryOut([...known.values()], effects);
  const entries = plan.map(({ item, outcome, known: of }): ImportReport['entries'][number] => ({
    line: item.line,
    text: item.text,
    outcome,
    id: of?.id ?? null,
    message: messageOf(item, outcome),
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

/** All at once: they go to disk together. */
async function carryOut(all: readonly Known[], { add, tag }: ImportEffects): Promise<void> {
  await Promise.all(
    all.map(async (known) => {
      if (known.job) known.id = (await add({ ...known.job, tags: known.tags })).id;
      else if (known.gainsTags && known.id !== null) await tag(known.id, known.tags);
    }),
  );
}

function messageOf(item: ReadImport['items'][number], outcome: string): string | null {
  if ('message' in item) return item.message;
  if (outcome === 'duplicate') return 'This target is in the list already.';
  if (outcome === 'merged') return 'This target is in the list already; it gets the tags that it lacks.';
  return item.note ?? null;
}
