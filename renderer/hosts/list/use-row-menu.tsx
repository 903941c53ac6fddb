import { type ReactNode, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import type { HostActions } from '../use-host-actions.ts';
import { jobsOf, type ListRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';

const HostMenu = lazyComponent(async () => (await import('./host-menu.tsx')).HostMenu);

interface RowMenu {
  /** The menu while it is open. */
  menu: ReactNode;
  /** @param at pixels of the window */
  openMenu: (row: ListRow, at: { x: number; y: number }) => void;
}

/**
 * The context menu of a row. On a row that is selected it acts on all selected hosts. It goes by hosts as they are now: checks
 * end while it is open.
 */
export function useRowMenu(
  jobs: readonly JobView[],
  selected: readonly JobView[],
  actions: HostActions,
): RowMenu {
  const [opened, setOpened] = useState<{ row: ListRow; at: { x: number; y: number } } | null>(null);
  const openMenu: RowMenu['openMenu'] = (of, place) => setOpened({ row: of, at: place });
  if (!opened) return { menu: null, openMenu };
  const { row, at } = opened;
  const ids = new Set(jobsOf(row).map(({ id }) => id));
  const own = (some: readonly JobView[]) => some.filter(({ id }) => ids.has(id));
  const close = () => {
    setOpened(null);
    document.getElementById(rowId(row.id))?.focus({ preventScroll: true });
  };
  const targets = own(selected).length === ids.size ? selected : own(jobs);
  return { menu: <HostMenu jobs={targets} at={at} actions={actions} onClose={close} />, openMenu };
}
