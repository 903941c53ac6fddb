import { type ReactNode, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import type { HostActions } from '../use-host-actions.ts';
import type { ListRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';

const HostMenu = lazyComponent(async () => (await import('./host-menu.tsx')).HostMenu);

interface RowMenu {
  /** The menu while it is open. */
  menu: ReactNode;
  /** @param at pixels of the window */
  openMenu: (row: ListRow, at: { x: number; y: number }) => void;
}

/** The context menu of a row. On a row that is selected it acts on all selected hosts. */
export function useRowMenu(
  jobs: readonly JobView[],
  selected: readonly JobView[],
  actions: HostActions,
): RowMenu {
  const [opened, setOpened] = useState<{ row: ListRow; at: { x: number; y: number } } | null>(null);
  const openMenu: RowMenu['openMenu'] = (of, place) => setOpened({ row: of, at: place });
  if (!opened) return { menu: null, openMenu };
  const { row, at } = opened;
  const close = () => {
    setOpened(null);
    document.getElementById(rowId(row.id))?.focus({ preventScroll: true });
  };
  return { menu: <HostMenu {...{ row, jobs, selected, at, actions }} onClose={close} />, openMenu };
}
