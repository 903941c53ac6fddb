import { useState } from 'react';
import type { Sort } from './filters.ts';
import { type ColumnKey, columnKeys, type ListLook, readListLook } from './table-layout.ts';

const usual: ListLook = {
  columns: ['expiry', 'wrong', 'issuer', 'checked'],
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

/** Returns the list's columns and order, and stores changes in this browser. */
export function useListLook() {
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
  return {
    ...look,
    setSort: (sort: Sort) => change({ sort }),
    toggleColumn: (key: ColumnKey) =>
      change({
        columns: columnKeys.filter((one) => look.columns.includes(one) !== (one === key)),
      }),
  };
}
