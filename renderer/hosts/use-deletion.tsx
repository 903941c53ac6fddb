import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useRef, useState } from 'react';
import { count } from '../../shared/text/words.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';

const undoMs = 10_000;

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
      notifications.hide(key);
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
      notifications.hide(key);
      show(deletion.ids);
    },
    [show],
  );
  useHotkeys([
    [
      'mod+Z',
      () => {
        const last = [...waiting.current.keys()].at(-1);
        if (last !== undefined) undo(last);
      },
    ],
  ]);

  useEffect(() => {
    // Leaving the page confirms the deletion.
    const finishAll = () => {
      for (const key of [...waiting.current.keys()]) void finish(key);
    };
    window.addEventListener('pagehide', finishAll);
    return () => window.removeEventListener('pagehide', finishAll);
  }, [finish]);

  const remove = useCallback(
    (ids: readonly string[], name: string) => {
      const what = ids.length === 1 ? name : count(ids.length, 'host');
      const key = `delete ${ids[0]} ${Date.now()}`;
      setHidden((before) => new Set([...before, ...ids]));
      waiting.current.set(key, { ids, timer: setTimeout(() => void finish(key), undoMs) });
      notifications.show({
        id: key,
        autoClose: undoMs,
        withCloseButton: false,
        message: (
          <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
            <span style={{ overflowWrap: 'anywhere' }}>{what} deleted</span>
            <Button
              variant="default"
              onClick={() => undo(key)}
              style={{ flex: 'none' }}
              aria-label={`Undo deleting ${what}`}
            >
              Undo
            </Button>
          </div>
        ),
      });
    },
    [finish, undo],
  );
  return { hidden, remove };
}
