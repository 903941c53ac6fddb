import { useState } from 'react';
import type { Sort } from './filters.ts';
import {
  type ColumnKey,
  type ColumnWidths,
  type ListLook,
  moveColumn,
  readListLook,
  type SizedColumn,
  toggleColumn,
} from './table-layout.ts';

const usual: ListLook = {
  columns: ['expiry', 'wrong', 'issuer', 'checked'],
  widths: {},
  sort: { column: 'urgency', isDescending: false },
};

const storageKey = 'notafter-list';

function readLook(): ListLook {
  try {
    return readListLook(JSON.parse(localStorage.getItem(storageKey) ?? 'null')) ?? usual;
  } catch {
    return usual; // Storage is off, or holds invalid JSON.
  }
}

/** The columns of the list, and what can be done with them. */
export interface ColumnLayout {
  columns: readonly ColumnKey[];
  widths: ColumnWidths;
  onToggle: (key: ColumnKey) => void;
  /** @param before the column that it is moved before; null: behind all others */
  onMove: (key: ColumnKey, before: ColumnKey | null) => void;
  /** Changes some widths, in pixels. */
  onResize: (changed: ColumnWidths) => void;
  /** Gives a column its usual width. */
  onUsual: (key: SizedColumn) => void;
  onReset: () => void;
}

/** Returns the list's columns and order, and stores changes in this browser. */
export function useListLook(): { sort: Sort; setSort: (sort: Sort) => void; layout: ColumnLayout } {
  const [look, setLook] = useState(readLook);
  const change = (part: Partial<ListLook>) => {
    const next = { ...look, ...part };
    setLook(next);
    try {
      localStorage.setItem(storageKey, JSON.stringify(next));
    } catch {
      // Storage is off: the choice lasts until the page closes.
    }
  };
  const { columns, widths, sort } = look;
  return {
    sort,
    setSort: (next) => change({ sort: next }),
    layout: {
      columns,
      widths,
      onToggle: (key) => change({ columns: toggleColumn(columns, key) }),
      onMove: (key, before) => change({ columns: moveColumn(columns, key, before) }),
      onResize: (changed) => change({ widths: { ...widths, ...changed } }),
      onUsual: (key) => {
        const { [key]: _former, ...others } = widths;
        change({ widths: others });
      },
      onReset: () => change({ columns: usual.columns, widths: usual.widths }),
    },
  };
}
