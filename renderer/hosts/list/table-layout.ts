/** What the list can be sorted by. */
export const sortColumns = ['urgency', 'host', 'expiry', 'issuer', 'checked', 'due'] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Columns besides status and host, in their usual order. */
export const columnKeys = ['expiry', 'wrong', 'issuer', 'tags', 'checked', 'due'] as const;
export type ColumnKey = (typeof columnKeys)[number];

/** A column whose width can be chosen. */
export type SizedColumn = ColumnKey | 'host';
export const sizedColumns: readonly SizedColumn[] = ['host', ...columnKeys];

/** Widths in pixels that were chosen; the others have their usual width. */
export type ColumnWidths = Readonly<Partial<Record<SizedColumn, number>>>;

/** The least and the greatest width of a column, in pixels. */
export const minColumnWidth = 64;
const maxColumnWidth = 800;

/** Columns, their widths, and order of the list, as the user left them. */
export interface ListLook {
  /** Columns that are shown besides status and host, in their order. */
  columns: readonly ColumnKey[];
  widths: ColumnWidths;
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
  const given = kept['columns'] as unknown[];
  const columns = given.flatMap((one) => columnKeys.find((key) => key === one) ?? []);
  const sortColumn = sortColumns.find((one) => one === column);
  if (new Set(columns).size !== given.length || sortColumn === undefined) return null;
  if (typeof isDescending !== 'boolean') return null;
  return { columns, widths: readWidths(kept['widths']), sort: { column: sortColumn, isDescending } };
}

/** Reads chosen widths, which earlier versions did not store. What is unknown or no number is left out. */
function readWidths(kept: unknown): ColumnWidths {
  if (!isRecord(kept)) return {};
  const widths = sizedColumns.flatMap((key) => {
    const width = kept[key];
    return typeof width === 'number' && Number.isFinite(width) ? [[key, clampWidth(width)] as const] : [];
  });
  return Object.fromEntries(widths);
}

/** Returns a width that a column may have, in whole pixels. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(maxColumnWidth, Math.max(minColumnWidth, width)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Hides a column that is shown, or shows one before those that usually follow it. */
export function toggleColumn(columns: readonly ColumnKey[], key: ColumnKey): ColumnKey[] {
  if (columns.includes(key)) return columns.filter((one) => one !== key);
  const place = columnKeys.indexOf(key);
  const next = columns.findIndex((one) => columnKeys.indexOf(one) > place);
  return next < 0 ? [...columns, key] : [...columns.slice(0, next), key, ...columns.slice(next)];
}

/** Moves a column before another one, or behind all of them (null). */
export function moveColumn(
  columns: readonly ColumnKey[],
  key: ColumnKey,
  before: ColumnKey | null,
): readonly ColumnKey[] {
  if (key === before || !columns.includes(key)) return columns;
  const others = columns.filter((one) => one !== key);
  const place = before === null ? others.length : others.indexOf(before);
  return place < 0 ? columns : [...others.slice(0, place), key, ...others.slice(place)];
}

/**
 * Returns before which column one goes that moves by one place among those that are shown.
 * @returns null: behind the last one; undefined: it is at that end already
 */
export function neighborOf(
  shown: readonly ColumnKey[],
  key: ColumnKey,
  isLeft: boolean,
): ColumnKey | null | undefined {
  const index = shown.indexOf(key);
  if (index < 0 || (isLeft ? index === 0 : index === shown.length - 1)) return undefined;
  return shown[isLeft ? index - 1 : index + 2] ?? null;
}

/** Up to this width of the window, in pixels, the host page takes the list's place. The style sheets have it too. */
export const narrowWidth = 1000;

/** Returns the id of a row in the document. */
export const rowId = (jobId: string) => `row-${jobId}`;
