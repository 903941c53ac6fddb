import { filePathProblem } from './file-path.ts';

/** What a source reads: files, or a certificate store of the operating system. */
export const sourceKinds = ['files', 'windows-store', 'macos-keychain'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Stores of Windows that a source may name: those in which computers and people keep certificates. */
export const windowsStores: readonly string[] = ['LocalMachine', 'CurrentUser'].flatMap((place) =>
  ['My', 'WebHosting', 'Remote Desktop', 'CA', 'Root', 'TrustedPeople'].map((store) => `${place}\\${store}`),
);

const isAbsolute = (path: string) => /^(?:[\\/]|[a-z]:[\\/])/i.test(path);

/** Whether a path is a pattern: it names all paths that match at the time of a scan. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/** Says what is wrong with a path of a source; null: nothing. */
export function sourcePathProblem(kind: SourceKind, path: string): string | null {
  if (kind === 'windows-store')
    return windowsStores.includes(path)
      ? null
      : `Enter a store of Windows, such as ${windowsStores[0]}. The stores are ${windowsStores.join(', ')}.`;
  const problem = filePathProblem(path);
  if (problem !== null) return problem;
  if (/^~/.test(path)) return 'Enter the whole path: ~ is not expanded.';
  if (/%\w+%|\$\{?\w/.test(path)) return 'Enter the whole path: variables are not expanded.';
  if (!isAbsolute(path)) return 'Enter an absolute path, such as /etc/ssl/private.';
  if (kind === 'macos-keychain')
    return isGlob(path) ? 'Enter the path of one keychain, not a pattern.' : null;
  const [first = ''] = path
    .replace(/^[a-z]:/i, '')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
  // A pattern in the outermost folder would walk the whole disk.
  if (first === '' || (isGlob(first) && path.includes('**')) || first === '**') return 'Name a folder.';
  return null;
}
