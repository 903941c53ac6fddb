import type { z } from 'zod';

/** Reads JSON that this program wrote itself, and whose shape migrations keep. */
export function readStored<Value>(text: string): Value {
  // SAFETY: the text comes from a column that is only ever written by JSON.stringify of this type.
  return JSON.parse(text) as Value;
}

/** Reads JSON that is worth less than a start: returns null where it is damaged, or has another shape than its schema. */
export function parseStored<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // As for a shape that nothing knows.
  }
  return schema.safeParse(value).data ?? null;
}
