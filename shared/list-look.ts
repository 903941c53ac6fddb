import { z } from 'zod';

/** What the list of jobs can be sorted by. */
export const sortColumns = ['urgency', 'host', 'expiry', 'issuer', 'checked', 'due'] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Columns beside status and host, in the order in which they stand. */
export const columnKeys = ['expiry', 'wrong', 'issuer', 'tags', 'checked', 'due'] as const;
export type ColumnKey = (typeof columnKeys)[number];

/** How the list looks, as the person left it: read from where a page keeps it, so it may be anything. */
export const listLookSchema = z.object({
  columns: z.array(z.enum(columnKeys)),
  sort: z.object({ column: z.enum(sortColumns), isDescending: z.boolean() }),
});
export type ListLook = z.infer<typeof listLookSchema>;
