import type { TransferChange, TransferReport } from '../../../shared/contract/transfer-report.ts';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import type { Job, NewJob } from '../../../shared/schema/job.ts';
import { type NewSavedSearch, savedSearchInputSchema } from '../../../shared/schema/saved-search.ts';
import { type NewSource, sourceInputSchema } from '../../../shared/schema/source.ts';
import type { WholeExport } from '../../../shared/schema/whole-export.ts';
import { maxSearches } from '../discovery/saved/new-search.ts';
import type { Engine } from '../engine.ts';
import { refusePaths } from '../file-sources/refuse-paths.ts';
import { type ImportEffects, importJobs } from '../import/import-jobs.ts';
import type { ImportItem } from '../import/item.ts';
import { readJobList } from '../import/notafter.ts';
import { InputFileError } from '../probe/files/input-file.ts';
import { schemaVersion } from '../store/config-file.ts';
import { configMigrations } from '../store/config-migrations.ts';
import { isRecord, type Stored } from '../store/stored-record.ts';
import { webhooksToChannels } from '../store/webhooks-to-channels.ts';
import { inTurns } from '../turns.ts';
import { withKeptAddresses } from './older-webhooks.ts';
import { planSettings, reasonOf } from './plan-settings.ts';

type Target = Pick<Engine, 'settings' | 'sources' | 'discoveries' | 'jobs' | 'probe' | 'imports'>;

/** A file of a newer NotAfter. */
export class NewerExportError extends Error {
  override name = 'NewerExportError';
}

/** Jobs that are read before other things have their turn. */
const perTurn = 200;

/**
 * Imports everything that another machine has exported: settings, sources, saved searches and jobs, in one write. What cannot be imported is named, and
 * keeps nothing else from being imported; where the write fails, nothing is.
 * @param isDryRun whether it only says what would happen
 * @throws NewerExportError, StoreWriteError
 */
export async function importEverything(
  given: WholeExport,
  engine: Target,
  isDryRun: boolean,
): Promise<TransferReport> {
  const webhooks = withKeptAddresses(given.settings, engine.settings.current);
  const parts = current({ ...given, settings: webhooks.settings });
  const imported = webhooks.leaveOut(parts.settings);
  const { patch, changes } = await planSettings(imported, engine.settings.current, engine.imports);
  const { caFiles, ...others } = patch;
  const files = await leaveOutFiles(caFiles, engine);
  const settings = files.usable === undefined ? others : { ...others, caFiles: files.usable };
  const existing = engine.sources.list().map(({ name }) => name);
  const plan = await planSources(parts.sources, existing);
  const searches = planSearches(given.searches, engine.discoveries.list());
  const items: ImportItem[] = [];
  await inTurns(parts.jobs, perTurn, (job) => items.push(...readJobList([job], items.length)));
  const effects = isDryRun
    ? null
    : together((jobs, tags) =>
        engine.imports.commit({ settings, sources: plan.added, searches: searches.added, jobs, tags }),
      );
  const report = await importJobs({ format: 'notafter', items }, engine.jobs.all(), effects);
  return {
    dryRun: isDryRun,
    exportedAt: given.exportedAt,
    changes: [...webhooks.changes, ...changes, ...files.changes, ...plan.changes, ...searches.changes],
    jobs: report,
    missing: given.missing.map(toOneLine),
  };
}

/** Makes the effects of an import, which are asked for in one turn, one effect. */
function together(
  commit: (jobs: readonly NewJob[], tags: ReadonlyMap<string, string[]>) => Promise<Job[]>,
): ImportEffects {
  let tags: ReadonlyMap<string, string[]> = new Map();
  return {
    async add(jobs) {
      await null; // The tags come in the same turn.
      return commit(jobs, tags);
    },
    async tag(given) {
      tags = given;
    },
  };
}

/** Returns the parts in the shapes of this version. @throws NewerExportError */
function current(given: WholeExport): Pick<WholeExport, 'settings' | 'sources' | 'jobs'> {
  if (given.schemaVersion > schemaVersion)
    throw new NewerExportError('This file was exported by a newer NotAfter. Update this one first.');
  const before: Stored = {
    settings: given.settings,
    jobs: given.jobs,
    sources: given.sources,
  };
  const migrated = configMigrations
    .slice(given.schemaVersion - 1)
    .reduce<Stored>((config, migrate) => migrate(config), before);
  const jobs = Array.isArray(migrated['jobs']) ? migrated['jobs'] : [];
  return {
    settings: isRecord(migrated['settings']) ? webhooksToChannels(migrated['settings']) : {},
    // Sources of an export are as a person enters them, in every version.
    sources: given.sources,
    jobs: jobs.map(withoutOrigin),
  };
}

/** A migration may give a job what an exported one does not have. */
function withoutOrigin(job: unknown): unknown {
  if (!isRecord(job)) return job;
  const { origin: _origin, ...rest } = job;
  return rest;
}

/** CA files that this machine does not have, or may not read, are left out. */
async function leaveOutFiles(
  caFiles: readonly string[] | undefined,
  { probe }: Target,
): Promise<{ usable: string[] | undefined; changes: TransferChange[] }> {
  if (caFiles === undefined) return { usable: undefined, changes: [] };
  const usable: string[] = [];
  const changes: TransferChange[] = [];
  for (const file of caFiles) {
    try {
      await probe.testFiles([file]);
      usable.push(file);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      changes.push({ what: 'setting', name: 'caFiles', outcome: 'left-out', message: toOneLine(message) });
    }
  }
  return { usable, changes };
}

/** A source whose name another one has stays out: the one of this machine is kept. So does one whose files may not be read. */
async function planSources(
  given: readonly unknown[],
  existing: readonly string[],
): Promise<{ added: NewSource[]; changes: TransferChange[] }> {
  const taken = new Set(existing);
  const added: NewSource[] = [];
  const changes: TransferChange[] = [];
  for (const [index, one] of given.entries()) {
    const parsed = sourceInputSchema.safeParse(one);
    const written =
      isRecord(one) && typeof one['name'] === 'string' ? toOneLine(one['name']).slice(0, 60) : '';
    const change = { what: 'source' as const, name: written || String(index + 1) };
    const refused = parsed.success ? await refusedPath(parsed.data) : reasonOf(parsed.error.issues);
    if (!parsed.success || refused !== null)
      changes.push({ ...change, outcome: 'left-out', message: refused });
    else if (taken.has(parsed.data.name))
      changes.push({ ...change, outcome: 'unchanged', message: 'A source with this name exists.' });
    else {
      taken.add(parsed.data.name);
      added.push(parsed.data);
      changes.push({ ...change, outcome: 'added', message: null });
    }
  }
  return { added, changes };
}

/** Returns why the files of a source may not be read, as a sentence; null: they may. */
async function refusedPath(source: NewSource): Promise<string | null> {
  try {
    await refusePaths(source);
    return null;
  } catch (error) {
    if (error instanceof InputFileError) return toOneLine(error.message).slice(0, 400);
    throw error;
  }
}

/** A saved search whose name another one has stays out: the one of this machine is kept. So do those beyond the limit. */
function planSearches(
  given: readonly unknown[],
  existing: readonly { name: string }[],
): { added: NewSavedSearch[]; changes: TransferChange[] } {
  const taken = new Set(existing.map(({ name }) => name));
  const added: NewSavedSearch[] = [];
  const changes = given.map((one, index): TransferChange => {
    const parsed = savedSearchInputSchema.safeParse(one);
    const written =
      isRecord(one) && typeof one['name'] === 'string' ? toOneLine(one['name']).slice(0, 60) : '';
    const change = { what: 'search' as const, name: written || String(index + 1) };
    if (!parsed.success) return { ...change, outcome: 'left-out', message: reasonOf(parsed.error.issues) };
    if (taken.has(parsed.data.name))
      return { ...change, outcome: 'unchanged', message: 'A search with this name exists.' };
    if (taken.size >= maxSearches)
      return {
        ...change,
        outcome: 'left-out',
        message: `At most ${maxSearches} searches can be saved. Delete one, then import the file again.`,
      };
    taken.add(parsed.data.name);
    added.push(parsed.data);
    return { ...change, outcome: 'added', message: null };
  });
  return { added, changes };
}
