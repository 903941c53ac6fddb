import { useCallback, useEffect, useRef, useState } from 'react';
import { count } from '../../shared/text/words.ts';
import { hideUndoToast, showUndoToast, undoMs } from '../components/undo-toast.tsx';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { useUndoKey } from '../lib/undo.ts';

/** Deletes hosts after ten seconds in which it can be undone; they are hidden at once. */
export interface Deletion {
  /** Ids of hosts that are hidden because they will be deleted. */
  hidden: ReadonlySet<string>;
  remove(ids: readonly string[], name: string): void;
}

interface Waiting {
  ids: readonly string[];
  timer: ReturnType<typeof setTimeout>;
}

export function useDeletion(): Deletion {
  const api = useApi();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Map<string, Waiting>());

  const show = useCallback((ids: readonly string[]) => {
    setHidden((before) => {
      const after = new Set(before);
      for (const id of ids) after.delete(id);
      return after;
    });
  }, []);

  const finish = useCallback(
    async (key: string) => {
      const deletion = waiting.current.get(key);
      if (!deletion) return;
      waiting.current.delete(key);
      clearTimeout(deletion.timer);
      hideUndoToast(key);
      const wentWell = await reportFailure(
        api.jobs.removeMany({ ids: [...deletion.ids] }),
        'Could not delete',
      );
      if (!wentWell) show(deletion.ids);
    },
    [api, show],
  );

  const undo = useCallback(
    (key: string) => {
      const deletion = waiting.current.get(key);
      if (!deletion) return;
      waiting.current.delete(key);
      clearTimeout(deletion.timer);
      show(deletion.ids);
    },
    [show],
  );
  useUndoKey();

  useEffect(() => {
    // Leaving the page confirms the deletion.
    const finishAll = () => {
      for (const key of [...waiting.current.keys()]) void finish(key);
    };
    addEventListener('pagehide', finishAll);
    return () => removeEventListener('pagehide', finishAll);
  }, [finish]);

  const remove = useCallback(
    (ids: readonly string[], name: string) => {
      const what = ids.length === 1 ? name : count(ids.length, 'host');
      const key = `delete ${ids[0]} ${Date.now()}`;
      setHidden((before) => new Set([...before, ...ids]));
      waiting.current.set(key, { ids, timer: setTimeout(() => void finish(key), undoMs) });
      showUndoToast({
        key,
        message: `${what} deleted`,
        label: `Undo deleting ${what}`,
        undo: () => undo(key),
      });
    },
    [finish, undo],
  );
  return { hidden, remove };
}
