import type { NewSource, SourcePlan } from '../../../shared/schema/source.ts';
import type { SourceReaders } from './readers.ts';
import { SourceScan } from './source-scan.ts';
import { warningsOf } from './source-view.ts';

/** A plan names so many certificates. */
const maxShown = 200;

/** Finds what a source would watch, and keeps nothing. @throws the signal's reason where it aborts */
export async function planSource(
  input: NewSource,
  readers: SourceReaders,
  now: number,
  signal: AbortSignal,
): Promise<SourcePlan> {
  const scan = new SourceScan(readers[input.kind]);
  const time = new Date(now).toISOString();
  const source = { id: '', ...input, entries: [], createdAt: time, updatedAt: time };
  const { entries } = await scan.scan(source, now, () => false, signal);
  return {
    files: scan.found?.files.size ?? 0,
    certificateFiles: scan.count('certificates'),
    otherFiles: scan.count('others'),
    unreadable: scan.messages.length,
    isCut: scan.isCut,
    warnings: warningsOf(scan),
    entries: entries
      .slice(0, maxShown)
      .map(({ file, label, role, subject, validTo }) => ({ file, label, role, subject, validTo })),
    total: entries.length,
  };
}
