import {
  type FileTarget,
  isFileTarget,
  type Target,
  targetInputSchema,
} from '../../../shared/schema/target.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import { count, list } from '../../../shared/text/words.ts';
import type { CheckRequest } from '../../engine/probe/check-request.ts';
import { readWatchedFile } from '../../engine/probe/files/certificate-file.ts';
import { describeFile, type FileDescription } from '../../engine/probe/files/describe-file.ts';
import type { EntryRole } from '../../engine/probe/files/entries.ts';
import { usualExcludes } from '../../engine/probe/files/walk.ts';
import { UnreachableError } from '../../engine/probe/unreachable.ts';
import { UsageError } from '../exit-status.ts';
import { filesOfArgument } from './file-arguments.ts';

/** What `check` goes by where a word names files. */
export interface CheckFilesOptions {
  passphraseFile: readonly string[];
  roles?: readonly EntryRole[];
  exclude: readonly string[];
  /** In seconds. */
  timeout: number;
}

/**
 * Returns the files that a path, a folder or a glob names; of those that were found by a folder or a glob, the ones that hold certificates
 * to be judged. What cannot be read is reported on standard error.
 * @returns null where the word is a host
 * @throws UsageError where nothing is left
 */
export async function readFileTargets(text: string, options: CheckFilesOptions): Promise<Target[] | null> {
  const { exclude, passphraseFile, roles } = options;
  const argument = await filesOfArgument(text, { exclude: exclude.length > 0 ? exclude : usualExcludes });
  if (!argument) return null;
  const targets = argument.files.map((file) => readTarget(text, file, passphraseFile[0]));
  if (!argument.isFound && passphraseFile.length < 2) return targets;
  const wanted: Target[] = [];
  const unreadable = argument.unreadable.map(({ path, code }) => `${path} cannot be read (${code}).`);
  for (const first of targets) {
    const { target, description } = await describeByPassphrase(first, options);
    const { entries, isUnreadable, message } = description;
    const isWanted = entries.some(({ role }) => roles?.includes(role) ?? true);
    if (isWanted || !argument.isFound) wanted.push(target);
    else if (isUnreadable && message !== null) unreadable.push(message);
  }
  const [sentence] = unreadable;
  if (sentence !== undefined)
    process.stderr.write(
      `notafter: ${count(unreadable.length, 'file')} cannot be read: ${forTerminal(sentence)}\n`,
    );
  if (wanted.length === 0)
    throw new UsageError(
      `${text} holds no certificate ${roles ? `of the role ${list(roles)} ` : ''}that can be read.`,
    );
  return wanted;
}

function readTarget(text: string, file: string, passphraseFile: string | undefined): FileTarget {
  const parsed = targetInputSchema.safeParse({ file, passphraseFile: passphraseFile ?? null });
  if (!parsed.success || !isFileTarget(parsed.data))
    throw new UsageError(`${text}: ${parsed.error?.issues[0]?.message ?? 'This is not a path.'}`);
  return parsed.data;
}

/** Describes a file with the first passphrase that opens it; where none does, with the first of all. */
async function describeByPassphrase(
  target: FileTarget,
  { passphraseFile, timeout }: CheckFilesOptions,
): Promise<{ target: FileTarget; description: FileDescription }> {
  const describe = (one: FileTarget) => describeFile(one, AbortSignal.timeout(timeout * 1000));
  const description = await describe(target);
  if (!description.isUnreadable) return { target, description };
  for (const file of passphraseFile.slice(1)) {
    const other = { ...target, passphraseFile: file };
    const opened = await describe(other);
    if (!opened.isUnreadable) return { target: other, description: opened };
  }
  return { target, description };
}

/** Returns what has the certificates of some roles judged, in place of what would be; of a host nothing. */
export function entriesOption(
  target: Target,
  roles: readonly EntryRole[] | undefined,
): Pick<CheckRequest, 'entries'> {
  if (!roles || !isFileTarget(target)) return {};
  return {
    async entries(signal) {
      const entries = await readWatchedFile(target, roles, signal);
      if (entries.length > 0) return entries;
      throw new UnreachableError('file', `${target.file} holds no certificate of the role ${list(roles)}.`);
    },
  };
}
