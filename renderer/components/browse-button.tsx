import { Button } from '@mantine/core';
import type { FileChoice } from '../../shared/contract/desktop.ts';
import { desktopOf } from '../lib/api.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

interface BrowseButtonProps {
  what: FileChoice;
  /** What the paths are for, after the label: `for the key`. */
  purpose: string;
  onChosen: (paths: readonly string[]) => void;
}

const labels = { files: 'Choose files…', file: 'Choose file…', folder: 'Choose folder…' } as const;

/** Opens the system's dialog for paths. A browser does not tell where a file is, so there it is not shown. */
export function BrowseButton({ what, purpose, onChosen }: BrowseButtonProps) {
  const desktop = desktopOf(useApi());
  if (!desktop) return null;
  const choose = async () => {
    const { paths } = await desktop.chooseFiles({ what });
    if (paths.length > 0) onChosen(paths);
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      style={{ alignSelf: 'start', flex: 'none' }}
      aria-label={`${labels[what]} ${purpose}`}
      onClick={() => void reportFailure(choose(), 'Could not open the dialog')}
    >
      {labels[what]}
    </Button>
  );
}

/** Adds paths to a text that has one in each line. */
export function withPaths(text: string, paths: readonly string[]): string {
  return [...text.split('\n').filter((line) => line.trim() !== ''), ...paths].join('\n');
}
