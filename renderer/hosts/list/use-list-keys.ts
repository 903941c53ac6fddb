import type { JobView } from '../../../shared/schema/job.ts';
import { useKeys } from '../../lib/keys.ts';
import { showJob } from '../../lib/use-route.ts';
import type { HostActions } from '../use-host-actions.ts';
import type { Selection } from './use-selection.ts';

interface ListKeys {
  /** The hosts that keys act on: those selected, else the open one, else those of the active row. */
  targets: readonly JobView[];
  selection: Selection;
  openId: string | null;
  /** Whether something is searched for. */
  isSearching: boolean;
  actions: HostActions;
  focusList: () => void;
  focusSearch: () => void;
  clearSearch: () => void;
  onAdd: () => void;
}

/** Keys of the list, outside of fields: letters act on hosts. */
export function useListKeys(list: ListKeys): void {
  const { targets, selection, openId, actions } = list;
  const onTargets = (act: (targets: readonly JobView[]) => void) => () => {
    if (targets.length > 0) act(targets);
  };
  const onFirst = (act: (job: JobView) => void) => onTargets(([first]) => first && act(first));
  const fromNowhere = () => {
    if (document.activeElement === document.body) list.focusList();
  };
  useKeys({
    '/': list.focusSearch,
    n: list.onAdd,
    c: onTargets(actions.check),
    e: onFirst(actions.edit),
    a: onTargets((found) => actions.accept(found)),
    t: onTargets(actions.tags),
    p: onTargets(actions.togglePause),
    y: onFirst(actions.copyPem),
    Delete: onTargets((found) => {
      actions.remove(found);
      selection.clear();
    }),
    Escape: () => {
      if (selection.ids.size > 0) selection.clear();
      else if (openId !== null) showJob(null);
      else if (list.isSearching) list.clearSearch();
    },
    Backspace: () => {
      if (openId !== null) showJob(null);
    },
    ArrowDown: fromNowhere,
    ArrowUp: fromNowhere,
  });
}
