import type { TransferChange, TransferReport } from '../../../shared/contract/transfer-report.ts';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import { type NewSource, sourceInputSchema } from '../../../shared/schema/source.ts';
import type { WholeExport } from '../../../shared/schema/whole-export.ts';
import type { Engine } from '../engine.ts';
import type { ImportItem } from '../import/item.ts';
import { readJobList } from '../import/notafter.ts';
import { schemaVersion } from '../store/config-file.ts';
import { configMigrations, isRecord, type Stored } from '../store/config-migrations.ts';
import { inTurns } from '../turns.ts';
import { planSettings, reasonOf } from './plan-settings.ts';

type Target = Pick<Engine, 'settings' | 'sources' | 'jobs' | 'probe'>;

/** A file of a newer NotAfter. */
export class NewerExportError extends Error {
  override name = 'NewerExportError';
}

/** Jobs that are read before other things have their turn. */
const perTurn = 200;

/**
 * Imports everything that another machine has exported: settings, then sources, then jobs. What cannot be imported is named, and
 * keeps nothing else from being imported.
 * @param isDryRun whether it only says what would happen
 * @throws NewerExportError, StoreWriteError
 */
export async function importEverything(
  given: WholeExport,
  engine: Target,
  isDryRun: boolean,
): Promise<TransferReport> {
  const { settings, sources, jobs } = current(given);
  const { patch, changes } = planSettings(settings, engine.settings.current);
  const files = await leaveOutFiles(patch.caFiles, engine);
  const plan = planSources(
    sources,
    engine.sources.list().map(({ name }) => name),
  );
  if (!isDryRun) {
    const { caFiles: _all, ...others } = patch;
    const usable = files.usable === undefined ? others : { ...others, caFiles: files.usable };
    if (Object.keys(usable).length > 0) await engine.settings.edit(usable);
    for (const source of plan.added) await engine.sources.add(source);
  }
  const items: ImportItem[] = [];
  await inTurns(jobs, perTurn, (job) => items.push(...readJobList([job], items.length)));
  const report = await engine.jobs.bulk.import({ format: 'notafter', items }, isDryRun);
  return {
    dryRun: isDryRun,
    exportedAt: given.exportedAt,
    changes: [...changes, ...files.changes, ...plan.changes],
    jobs: report,
    missing: given.missing.map(toOneLine),
  };
}

/** Returns the parts in the shapes of this version. @throws NewerExportError */
function current(given: WholeExport): Pick<WholeExport, 'settings' | 'sources' | 'jobs'> {
  if (given.schemaVersion > schemaVersion)
    throw new NewerExportError('This file was exported by a newer NotAfter. Update this one first.');
  const before: Stored = { settings: given.settings, jobs: given.jobs, sources: given.sources };
  const migrated = configMigrations
    .slice(given.schemaVersion - 1)
    .reduce<Stored>((config, migrate) => migrate(config), before);
  const jobs = Array.isArray(migrated['jobs']) ? migrated['jobs'] : [];
  return {
    settings: isRecord(migrated['settings']) ? migrated['settings'] : {},
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

/** A source whose name another one has stays out: the one of this machine is kept. */
function planSources(
  given: readonly unknown[],
  existing: readonly string[],
): { added: NewSource[]; changes: TransferChange[] } {
  const taken = new Set(existing);
  const added: NewSource[] = [];
  const changes = given.map((one, index): TransferChange => {
    const parsed = sourceInputSchema.safeParse(one);
    const written =
      isRecord(one) && typeof one['name'] === 'string' ? toOneLine(one['name']).slice(0, 60) : '';
    const name = written || String(index + 1);
    if (!parsed.success)
      return { what: 'source', name, outcome: 'left-out', message: reasonOf(parsed.error.issues) };
    if (taken.has(parsed.data.name))
      return { what: 'source', name, outcome: 'unchanged', message: 'A source with this name exists.' };
    taken.add(parsed.data.name);
    added.push(parsed.data);
    return { what: 'source', name, outcome: 'added', message: null };
  });
  return { added, changes };
}
