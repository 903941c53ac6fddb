import { dialog } from 'electron';
import type { FileChoice } from '../../../shared/contract/desktop.ts';

const titles = { files: 'Choose files', file: 'Choose a file', folder: 'Choose a folder' } as const;

/** Has the person choose files or a folder in the system's dialog. Returns their paths; none where it was canceled. */
export async function chooseFiles(what: FileChoice): Promise<string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: titles[what],
    properties: [
      what === 'folder' ? 'openDirectory' : 'openFile',
      ...(what === 'files' ? (['multiSelections'] as const) : []),
      'showHiddenFiles', // Keys and certificates of programs are often in such folders.
    ],
  });
  return canceled ? [] : filePaths;
}
