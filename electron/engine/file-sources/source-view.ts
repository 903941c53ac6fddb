import { userInfo } from 'node:os';
import type { Source, SourceEntry, SourceView } from '../../../shared/schema/source.ts';
import { count } from '../../../shared/text/words.ts';
import type { SourceScan } from './source-scan.ts';
import { maxEntries } from './source-scan.ts';

/** Why files cannot be read, and what to do about it. Each message counts for the first that fits. */
const faults: readonly { fits: (message: string) => boolean; words: () => string; remedy: string }[] = [
  {
    fits: (message) => /\((?:EACCES|EPERM)\)/.test(message),
    words: () => ` by user ${userName()}`,
    remedy: ' Give that user the right to read them.',
  },
  {
    fits: (message) => message.includes('passphrase'),
    words: () => '',
    remedy: ' Set the file with their passphrase in the source (--passphrase GLOB=FILE).',
  },
  { fits: () => true, words: () => '', remedy: '' },
];

function faultOf(messages: readonly string[], fault: (typeof faults)[number]): string[] {
  const own = messages.filter((message) => faults.find(({ fits }) => fits(message)) === fault);
  const [first] = own;
  if (first === undefined) return [];
  return [`${count(own.length, 'file')} cannot be read${fault.words()}: ${first}${fault.remedy}`];
}

/** Returns what a person should know of a source, as sentences. */
export function warningsOf(scan: Pick<SourceScan, 'found' | 'messages' | 'isCut'>): string[] {
  const { found, messages } = scan;
  const warnings = (found?.missing ?? []).map((path) => `${path} does not exist.`);
  warnings.push(...faults.flatMap((fault) => faultOf(messages, fault)));
  if (scan.isCut)
    warnings.push(
      `Not everything is watched: at most 20,000 names and ${maxEntries.toLocaleString('en')} certificates. Name narrower paths.`,
    );
  return warnings;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // A user without an entry in passwd, as in a container.
  }
}

/** Describes a source. @param scan what was found since the start; null: nothing yet */
export function sourceView(source: Source, scan: SourceScan | null, scanning: boolean): SourceView {
  const { entries, ...fields } = source;
  return {
    ...fields,
    files: scan?.found?.files.size ?? 0,
    certificateFiles: scan?.count('certificates') ?? 0,
    otherFiles: scan?.count('others') ?? 0,
    unreadable: scan?.messages.length ?? 0,
    isCut: scan?.isCut ?? false,
    warnings: scan ? warningsOf(scan) : [],
    entries: entries.filter(({ isIgnored }) => !isIgnored).length,
    scannedAt: scan?.scannedAt ? new Date(scan.scannedAt).toISOString() : null,
    scanning,
  };
}

/** Describes the certificates of a source, each with the other files of the source that hold it too. */
export function entriesView({ entries }: Source): SourceEntry[] {
  const places = Map.groupBy(entries, ({ fingerprint256 }) => fingerprint256);
  return entries.map((entry) => {
    const { id, file, label, alias, role, hasKey, subject, validTo, fingerprint256, supersedes } = entry;
    const watched = entry.isIgnored ? 'ignored' : 'watched';
    const others = (places.get(fingerprint256) ?? []).filter((one) => one !== entry);
    return {
      ...{ id, file, label, alias, role, hasKey, subject, validTo, fingerprint256, supersedes },
      alsoAt: others.map((one) => one.file),
      state: entry.vanishedAt === null ? watched : 'gone',
    };
  });
}
