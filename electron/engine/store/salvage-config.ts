import type { z } from 'zod';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import { type Job, storedJobSchema } from '../../../shared/schema/job.ts';
import { type SavedSearch, storedSearchSchema } from '../../../shared/schema/saved-search.ts';
import { type Settings, settingsSchema } from '../../../shared/schema/settings.ts';
import { type Source, storedSourceSchema } from '../../../shared/schema/source.ts';
import { isRecord, type Stored } from './stored-record.ts';

/** What could be read of a configuration, and what could not, each as a phrase that names it and says why. */
export interface Salvaged {
  jobs: Job[];
  settings: Settings;
  sources: Source[];
  searches: SavedSearch[];
  /** Jobs that could not be read, with their ids where those could. */
  badJobs: { id: string | null; words: string }[];
  badSettings: string[];
  /** Entries of lists of settings that could not be read, beside which the others are kept. */
  badEntries: { field: string; entries: string[] }[];
  badSources: { id: string | null; words: string }[];
  badSearches: { id: string | null; words: string }[];
  /** Fields that this version does not know, each once: of a newer version, or misspelled. */
  unknownFields: string[];
}

/** Reads what can be read of a configuration of the current version: each job and each setting by itself. */
export function salvage(content: Stored & { jobs: readonly unknown[] }): Salvaged {
  const unknown = new Set<string>();
  const jobs = new Map<string, Job>();
  const badJobs: Salvaged['badJobs'] = [];
  for (const [index, stored] of content.jobs.entries()) {
    const parsed = parseKnown(storedJobSchema, stored, unknown);
    const id = parsed.success ? parsed.data.id : idOf(stored);
    if (parsed.success && !jobs.has(parsed.data.id)) jobs.set(parsed.data.id, parsed.data);
    else {
      const reason = parsed.success ? 'another job has its id' : reasonOf(parsed.error.issues);
      badJobs.push({
        id: parsed.success ? null : id,
        words: `${nameOf(stored) ?? `job ${index + 1}`} (${reason})`,
      });
    }
  }
  return {
    jobs: [...jobs.values()],
    badJobs,
    ...salvageSettings(content['settings'], unknown),
    ...salvageSources(content['sources'], unknown),
    ...salvageSearches(content['searches'], unknown),
    unknownFields: [...unknown],
  };
}

/** Parses what is stored without the fields that a strict schema does not know, which are added to `unknown`. */
function parseKnown<Value>(
  schema: z.ZodType<Value>,
  stored: unknown,
  unknown: Set<string>,
): z.ZodSafeParseResult<Value> {
  const parsed = schema.safeParse(stored);
  return parsed.success ? parsed : schema.safeParse(knownPart(stored, parsed.error, unknown));
}

/** Returns what is stored without the fields that an error names as unknown, which are added to `unknown`. */
function knownPart(stored: unknown, error: z.ZodError, unknown: Set<string>): unknown {
  const known: unknown = structuredClone(stored);
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<unknown>(
      (at, key) => (isRecord(at) || Array.isArray(at) ? Reflect.get(at, key) : undefined),
      known,
    );
    if (!isRecord(holder)) continue;
    for (const key of issue.keys) {
      delete holder[key];
      const path = [...issue.path.filter((part) => typeof part === 'string'), key];
      unknown.add(toOneLine(path.join('.')).slice(0, 60));
    }
  }
  return known;
}

function salvageSources(stored: unknown, unknown: Set<string>): Pick<Salvaged, 'sources' | 'badSources'> {
  const { good: sources, bad: badSources } = salvageList(stored, 'source', (one) =>
    parseKnown(storedSourceSchema, one, unknown),
  );
  return { sources, badSources };
}

function salvageSearches(stored: unknown, unknown: Set<string>): Pick<Salvaged, 'searches' | 'badSearches'> {
  const { good: searches, bad: badSearches } = salvageList(stored, 'search', (one) =>
    parseKnown(storedSearchSchema, one, unknown),
  );
  return { searches, badSearches };
}

/** Reads the entries of a list that can be read, each id once. @param noun what one is called */
function salvageList<Entry extends { id: string }>(
  stored: unknown,
  noun: string,
  parse: (one: unknown) => z.ZodSafeParseResult<Entry>,
): { good: Entry[]; bad: { id: string | null; words: string }[] } {
  const good = new Map<string, Entry>();
  const bad: { id: string | null; words: string }[] = [];
  for (const [index, one] of (Array.isArray(stored) ? stored : []).entries()) {
    const parsed = parse(one);
    if (parsed.success && !good.has(parsed.data.id)) good.set(parsed.data.id, parsed.data);
    else {
      const reason = parsed.success ? `another ${noun} has its id` : reasonOf(parsed.error.issues);
      bad.push({
        id: parsed.success ? null : idOf(one),
        words: `${noun} ${nameOf(one) ?? index + 1} (${reason})`,
      });
    }
  }
  return { good: [...good.values()], bad };
}

function salvageSettings(
  stored: unknown,
  unknown: Set<string>,
): Pick<Salvaged, 'settings' | 'badSettings' | 'badEntries'> {
  const whole = settingsSchema.safeParse(stored ?? {});
  if (whole.success) return { settings: whole.data, badSettings: [], badEntries: [] };
  const badSettings: string[] = [];
  const badEntries: Salvaged['badEntries'] = [];
  const good: Stored = {};
  const known = knownPart(stored, whole.error, unknown);
  if (!isRecord(known))
    return { settings: settingsSchema.parse({}), badSettings: ['all settings'], badEntries };
  for (const [field, value] of Object.entries(known)) {
    const read = (some: unknown) => settingsSchema.safeParse({ [field]: some });
    const parsed = read(value);
    if (parsed.success) good[field] = value;
    else {
      const { entries, bad } = readableEntries(value, read);
      if (entries.length > 0) good[field] = entries;
      const name = toOneLine(field).slice(0, 60);
      if (bad.length > 0) badEntries.push({ field: name, entries: bad });
      else badSettings.push(`${name} (${reasonOf(parsed.error.issues)})`);
    }
  }
  return { settings: settingsSchema.parse(good), badSettings, badEntries };
}

/** Returns the entries of a list that can be read beside those before them, such as the other channels, and of each other one what it is called and why not. */
function readableEntries(
  list: unknown,
  read: (list: readonly unknown[]) => z.ZodSafeParseResult<unknown>,
): { entries: unknown[]; bad: string[] } {
  const entries: unknown[] = [];
  const bad: string[] = [];
  for (const [index, entry] of (Array.isArray(list) ? list : []).entries()) {
    const parsed = read([...entries, entry]);
    if (parsed.success) entries.push(entry);
    else {
      // The path begins with the list and the place in it.
      const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.slice(2), message }));
      bad.push(`${nameOf(entry) ?? `entry ${index + 1}`} (${reasonOf(issues)})`);
    }
  }
  return { entries, bad };
}

function reasonOf(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  const field = issue?.path.map(String).join('.') ?? '';
  return `${field === '' ? '' : `${field}: `}${(issue?.message ?? 'it cannot be read').replace(/\.$/, '')}`;
}

function idOf(stored: unknown): string | null {
  return isRecord(stored) && typeof stored['id'] === 'string' ? stored['id'] : null;
}

/** What a person knows a stored job or entry by, however little of it can be read. */
function nameOf(stored: unknown): string | null {
  if (!isRecord(stored)) return null;
  const target = isRecord(stored['target']) ? stored['target'] : {};
  const known = [stored['name'], stored['tag'], target['host'], target['file']].find(
    (value) => typeof value === 'string' && value !== '',
  );
  return typeof known === 'string' ? toOneLine(known).slice(0, 200) : null;
}
