import type { NewSource } from '../../../shared/schema/source.ts';
import { refuseOutside } from '../probe/files/input-file.ts';
import { splitGlob } from '../probe/files/walk.ts';

/** Refuses a source whose files may not be read (`serve --files-root`). @throws InputFileError for the first */
export async function refusePaths({
  kind,
  paths,
  passphrases,
}: Pick<NewSource, 'kind' | 'paths' | 'passphrases'>): Promise<void> {
  // The names of Windows' stores are no paths.
  const files = kind === 'windows-store' ? [] : paths;
  for (const path of files) await refuseOutside('The path', 'paths', splitGlob(path)?.root ?? path);
  for (const { file } of passphrases) await refuseOutside('The passphrase file', 'passphrases', file);
}
