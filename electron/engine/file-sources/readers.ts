import { randomUUID } from 'node:crypto';
import picomatch from 'picomatch';
import type { SourceKind } from '../../../shared/domain/source-path.ts';
import type { NewSource } from '../../../shared/schema/source.ts';
import type { HeldCertificate } from '../probe/files/forms/held.ts';
import { stampOf } from '../probe/files/walk.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import { type FoundFiles, findFiles, isUnchanged } from './find-files.ts';
import type { FoundEntry } from './identity.ts';
import { listKeychain, securityProgram } from './stores/macos-keychain.ts';
import { ProgramError } from './stores/run-program.ts';
import { listWindowsStore, type WindowsPrograms, windowsPrograms } from './stores/windows-store.ts';

/** What a reader goes by of a source. */
export type Readable = Pick<
  NewSource,
  'kind' | 'paths' | 'exclude' | 'links' | 'depth' | 'passphrases' | 'roles'
>;

/** How one kind of source is read. */
export interface SourceReader {
  /** Everything is found and read again after so long, in milliseconds, whatever the stamps say. */
  everyMs: number;
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

const hourMs = 3_600_000;

/** Reads files. */
const filesReader: SourceReader = {
  everyMs: 24 * hourMs,
  find: findFiles,
  isUnchanged,
  stampOf: (file) => stampOf(file).catch(() => null), // Reading it says why.
  async read({ roles, passphrases }, file, signal) {
    const passphraseFile = passphraseFileOf(passphrases, file);
    const { readWatchedFile } = await import('../probe/files/certificate-file.ts');
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

/** Reads stores of Windows, which tell no stamp: once an hour, and for checks of one minute once. */
function windowsReader(programs: WindowsPrograms): SourceReader {
  return {
    everyMs: hourMs,
    async find({ paths }) {
      const files = new Map(paths.map((store) => [store, randomUUID()]));
      return { files, folders: new Map(), unreadable: [], missing: [], isCut: false };
    },
    isUnchanged: async () => true,
    stampOf: async () => String(Math.floor(performance.now() / 60_000)),
    read: ({ roles }, store, signal) =>
      readStore(store, roles, () => listWindowsStore(store, programs, signal)),
  };
}

/** Reads keychains of macOS. Apple’s own certificates are Apple’s to renew. */
function keychainReader(program: string): SourceReader {
  return {
    ...filesReader,
    async read({ roles }, keychain, signal) {
      const all = await readStore(keychain, roles, () => listKeychain(keychain, program, signal));
      return all.filter(({ issuer }) => !/\bO=Apple Inc\./.test(issuer));
    },
  };
}

async function readStore(
  store: string,
  roles: Readable['roles'],
  list: () => Promise<HeldCertificate[]>,
): Promise<FoundEntry[]> {
  try {
    const [held, { watchedEntriesOf }] = await Promise.all([list(), import('../probe/files/entries.ts')]);
    const entries = watchedEntriesOf(held, roles);
    return entries.map((entry) => ({ ...entry, file: store, passphraseFile: null }));
  } catch (error) {
    throw asUnreachable(store, error);
  }
}

/** What a store cannot be read for, as a result tells it; every other error as it is. */
function asUnreachable(store: string, error: unknown): unknown {
  if (!(error instanceof ProgramError)) return error;
  return new UnreachableError('file', `${store} cannot be read: ${error.message}`, { cause: error });
}

/** How each kind of source is read. */
export type SourceReaders = Readonly<Record<SourceKind, SourceReader>>;

/** Returns how each kind of source is read. @param programs those that list stores; by default the system's own */
export function makeSourceReaders(
  programs: WindowsPrograms & { security: string } = {
    ...windowsPrograms(process.env),
    security: securityProgram,
  },
): SourceReaders {
  return {
    files: filesReader,
    'windows-store': windowsReader(programs),
    'macos-keychain': keychainReader(programs.security),
  };
}

export const sourceReaders = makeSourceReaders();
