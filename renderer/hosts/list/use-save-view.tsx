import { useCallbackRef } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import type { SavedView } from '../../../shared/schema/saved-view.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import type { SavedViews } from '../use-saved-views.ts';

const SaveViewDialog = lazyComponent(async () => (await import('./save-view-dialog.tsx')).SaveViewDialog);

interface SavingView {
  /** The saved view that is shown; null: another one. */
  savedView: SavedView | null;
  /** Saves what is shown as a view; null: all hosts, which is a view already. */
  saveView: (() => void) | null;
  /** The dialog that asks for its name, while it is open. */
  dialog: ReactNode;
}

/** Saves the list as it is under a name. @param query filter, order and grouping as the address has them */
export function useSaveView(query: string, views: SavedViews): SavingView {
  const [isOpen, setOpen] = useState(false);
  const open = useCallbackRef(() => setOpen(true));
  return {
    savedView: views.all.find((view) => view.query === query) ?? null,
    saveView: query === '' ? null : open,
    dialog: isOpen && <SaveViewDialog query={query} views={views} onClose={() => setOpen(false)} />,
  };
}
