/** What the list can be sorted by. */
export const sortColumns = ['urgency', 'host', 'expiry', 'issuer', 'checked', 'due'] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Columns besides status and host, in their order. */
export const columnKeys = ['expiry', 'wrong', 'issuer', 'tags', 'checked', 'due'] as const;
export type ColumnKey = (typeof columnKeys)[number];

/** Columns and order of the list, as the user left them. */
export interface ListLook {
  columns: ColumnKey[];
  sort: { column: SortColumn; isDescending: boolean };
}

/**
 * Reads a stored layout; null if it is invalid. By hand rather than with zod: it is read before the list is drawn, and zod
 * takes longer to load than the list to draw.
 */
export function readListLook(kept: unknown): ListLook | null {
  if (!isRecord(kept) || !Array.isArray(kept['columns']) || !isRecord(kept['sort'])) return null;
  const { column, isDescending } = kept['sort'];
  // SAFETY: an array was found above; its members are only compared.
  const columns = columnKeys.filter((key) => (kept['columns'] as unknown[]).includes(key));
  const sortColumn = sortColumns.find((one) => one === column);
  if (columns.length !== kept['columns'].length || sortColumn === undefined) return null;
  return typeof isDescending === 'boolean' ? { columns, sort: { column: sortColumn, isDescending } } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Up to this width of the window, in pixels, the host page takes the list's place. The style sheets have it too. */
export const narrowWidth = 1000;

/** Returns the id of a row in the document. */
export const rowId = (jobId: string) => `row-${jobId}`;
