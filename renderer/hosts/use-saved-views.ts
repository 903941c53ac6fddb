import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SavedView } from '../../shared/schema/saved-view.ts';
import { showUndoToast } from '../components/undo-toast.tsx';
import { announce } from '../lib/announce.ts';
import { useApi, useEngineEvent, useReconnected } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

/** Views of the list that were saved under a name: filter, order and grouping. */
export interface SavedViews {
  all: readonly SavedView[];
  /** Saves a view; one of the same name is replaced. Returns whether it was saved. */
  save(view: SavedView): Promise<boolean>;
  /** Deletes a view, which can be undone for ten seconds. */
  remove(view: SavedView): void;
}

const none: readonly SavedView[] = [];

/** Reads the saved views from the settings, and keeps them up to date. */
export function useSavedViews(): SavedViews {
  const api = useApi();
  const [all, setAll] = useState(none);
  const read = useCallback(() => {
    // Without an answer there are none to show. The banner reports a lost connection.
    api.settings.get().then(
      ({ views }) => setAll(views),
      () => undefined,
    );
  }, [api]);
  useEffect(read, [read]);
  useReconnected(read);
  useEngineEvent('settings-changed', ({ settings }) => setAll(settings.views));
  return useMemo(() => {
    const write = (views: readonly SavedView[], failure: string) =>
      reportFailure(
        api.settings.edit({ views: [...views] }).then((saved) => setAll(saved.views)),
        failure,
      );
    return {
      all,
      save: (view) => {
        const others = all.filter(({ name }) => name !== view.name);
        return write([...others, view], 'Could not save the view');
      },
      remove: (view) => {
        void write(
          all.filter(({ name }) => name !== view.name),
          'Could not delete the view',
        );
        announce(`View ${view.name} deleted. Press Control Z to undo.`);
        showUndoToast({
          key: `view ${view.name} ${Date.now()}`,
          message: `View “${view.name}” deleted`,
          label: `Undo deleting view ${view.name}`,
          undo: () => void write(all, 'Could not undo deleting the view'),
        });
      },
    };
  }, [api, all]);
}
