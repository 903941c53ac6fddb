/** A configuration or a part of one as it is in the file, not yet checked. */
export type Stored = Record<string, unknown>;

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
