import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
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

/** Reads JSON of things that are read again and again, as `parseStored` does, and validates each text once. */
export class StoredTexts<Schema extends z.ZodType> {
  readonly #schema: Schema;
  /** The CRC-32 of the last text of each thing, where the schema took it as it stands. */
  readonly #valid = new Map<string, number>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** @param id names the thing that the text is of */
  read(id: string, text: string): z.output<Schema> | null {
    const sum = crc32(text);
    if (this.#valid.get(id) === sum) return readStored(text);
    const value = parseStored(this.#schema, text);
    // Where the schema fills in a default, it has to each time.
    if (value !== null && isDeepStrictEqual(value, readStored(text))) this.#valid.set(id, sum);
    return value;
  }

  forget(id: string): void {
    this.#valid.delete(id);
  }
}
