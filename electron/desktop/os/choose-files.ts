import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { FileChoice } from '../../../shared/contract/desktop.ts';

const titles = { files: 'Choose files', file: 'Choose a file', folder: 'Choose a folder' } as const;

/**
 * Has the person choose files or a folder in the system's dialog. Returns their paths; none where it was canceled.
 * @param window takes no input meanwhile: what is chosen replaces what its form had when it asked. Null: there is none
 */
export async function chooseFiles(what: FileChoice, window: BrowserWindow | null): Promise<string[]> {
  const options: OpenDialogOptions = {
    title: titles[what],
    properties: [
      what === 'folder' ? 'openDirectory' : 'openFile',
      ...(what === 'files' ? (['multiSelections'] as const) : []),
      'showHiddenFiles', // Keys and certificates of programs are often in such folders.
    ],
  };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? [] : filePaths;
}
