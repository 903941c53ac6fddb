import { useState } from 'react';
import { z } from 'zod';
import { type Sort, sortColumns } from './filters.ts';

/** Columns beside status and host, in the order in which they stand. */
export const columnKeys = ['expiry', 'wrong', 'issuer', 'tags', 'checked', 'due'] as const;
export type ColumnKey = (typeof columnKeys)[number];

/** How the list looks, as the person left it. */
const lookSchema = z.object({
  columns: z.array(z.enum(columnKeys)),
  sort: z.object({ column: z.enum(sortColumns), isDescending: z.boolean() }),
});
type Look = z.infer<typeof lookSchema>;

const usual: Look = {
  columns: ['expiry', 'wrong', 'issuer', 'checked'],
  sort: { column: 'urgency', isDescending: false },
};

const storageKey = 'notafter-list';

function readLook(): Look {
  try {
    const look = lookSchema.safeParse(JSON.parse(localStorage.getItem(storageKey) ?? 'null'));
    return look.success ? look.data : usual;
  } catch {
    return usual; // A browser that keeps nothing, or keeps what is no JSON.
  }
}

/** The list's columns and order, kept on this machine. */
export function useListLook() {
  const [look, setLook] = useState(readLook);
  const change = (part: Partial<Look>) => {
    const next = { ...look, ...part };
    setLook(next);
    try {
      localStorage.setItem(storageKey, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing: the choice holds as long as the page does.
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
