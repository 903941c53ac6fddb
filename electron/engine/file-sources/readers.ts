import picomatch from 'picomatch';
import type { SourceKind } from '../../../shared/domain/source-path.ts';
import type { NewSource } from '../../../shared/schema/source.ts';
import { readWatchedFile } from '../probe/files/certificate-file.ts';
import { stampOf } from '../probe/files/walk.ts';
import { type FoundFiles, findFiles, isUnchanged } from './find-files.ts';
import type { FoundEntry } from './identity.ts';

/** What a reader goes by of a source. */
export type Readable = Pick<
  NewSource,
  'kind' | 'paths' | 'exclude' | 'links' | 'depth' | 'passphrases' | 'roles'
>;

/** How one kind of source is read. */
export interface SourceReader {
  /** Finds the files or stores, each with a stamp that changes with it. @throws the signal's reason where it aborts */
  find(source: Readable, signal: AbortSignal): Promise<FoundFiles>;
  /** Whether nothing that was found has changed since. It costs next to nothing. */
  isUnchanged(found: FoundFiles, signal: AbortSignal): Promise<boolean>;
  /** Returns the stamp of one file or store; null where it has none, or is not there. */
  stampOf(file: string): Promise<string | null>;
  /**
   * Reads the certificates of one file or store that have one of the source's roles.
   * @throws UnreachableError `file` where it cannot be read; the signal's reason where it aborts
   */
  read(source: Readable, file: string, signal: AbortSignal): Promise<FoundEntry[]>;
}

/** Reads files. */
const filesReader: SourceReader = {
  find: findFiles,
  isUnchanged,
  stampOf: (file) => stampOf(file).catch(() => null), // Reading it says why.
  async read({ roles, passphrases }, file, signal) {
    const passphraseFile = passphraseFileOf(passphrases, file);
    const entries = await readWatchedFile({ file, passphraseFile }, roles, signal);
    return entries.map((entry) => ({ ...entry, file, passphraseFile }));
  },
};

function passphraseFileOf(passphrases: Readable['passphrases'], file: string): string | null {
  const fitting = passphrases.find(({ glob }) =>
    picomatch.isMatch(file, glob, { dot: true, windows: false }),
  );
  return fitting?.file ?? null;
}

/** How each kind of source is read. */
export type SourceReaders = Readonly<Record<SourceKind, SourceReader>>;

export const sourceReaders: SourceReaders = {
  files: filesReader,
  'windows-store': unsupported('The stores of Windows can be read on Windows alone.'),
  'macos-keychain': unsupported('Keychains can be read on macOS alone.'),
};

function unsupported(message: string): SourceReader {
  return {
    find: () => Promise.reject(new Error(message)),
    isUnchanged: async () => true,
    stampOf: async () => null,
    read: () => Promise.reject(new Error(message)),
  };
}
