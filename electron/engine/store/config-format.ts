import type { ConfigFile } from './config-file.ts';
import { ListBytes } from './list-bytes.ts';

/** Options of conf and electron-store for the file of jobs and settings. */
export interface ConfigOptions {
  serialize: (value: unknown) => Uint8Array;
  deserialize: (text: string) => Record<string, unknown>;
  configFileMode: number;
  accessPropertiesByDotNotation: false;
}

/**
 * Opens the file of jobs and settings with conf or electron-store, which write it atomically, and has them do no more than that. By
 * themselves they walk through every value of a write, read and parse the file before it, and serialize each job again: three quarters of what an
 * edit among 10,000 jobs cost. A job or source is never changed in place, so its bytes are made once.
 * @param open opens the store with the options
 */
export function openConfigFile(open: (options: ConfigOptions) => ConfigFile): ConfigFile {
  const format = new ConfigFormat();
  const file = format.withoutReading(() =>
    open({
      serialize: (value) => format.write(value),
      deserialize: (text) => format.read(text),
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
    }),
  );
  return {
    path: file.path,
    get store() {
      return file.store;
    },
    set store(value) {
      format.withoutReading(() => {
        file.store = value;
      });
    },
  };
}

/** Fields whose entries are never changed in place. */
const lists = ['jobs', 'sources', 'searches'] as const;

/** The file's bytes: JSON with tabs, as both stores write it by themselves. */
export class ConfigFormat {
  readonly #lists = new Map<string, ListBytes>(lists.map((key) => [key, new ListBytes(textOf)]));
  #isReading = true;

  /**
   * Does what needs nothing of the file: a write replaces it as a whole, whatever another program wrote, and a store that is opened without
   * defaults would only compare each value with itself.
   */
  withoutReading<Value>(work: () => Value): Value {
    this.#isReading = false;
    try {
      return work();
    } finally {
      this.#isReading = true;
    }
  }

  /** Returns what a text holds. */
  read(text: string): Record<string, unknown> {
    if (!this.#isReading) return {};
    // SAFETY: each reader checks its shape by a schema.
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Returns the bytes of the text that `JSON.stringify(value, undefined, '\\t')` makes. */
  write(value: unknown): Uint8Array {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const fields = entries.flatMap(([key, content]) => this.#field(key, content) ?? []);
    if (fields.length === 0) return Buffer.from('{}');
    const blocks = fields.flatMap(({ name, content }, index) => [
      Buffer.from(`${index === 0 ? '{' : ','}\n\t${name}: `),
      ...content.blocks,
    ]);
    const bytes = Buffer.concat([...blocks, Buffer.from('\n}')]);
    let [next, offset] = [0, 0];
    for (const { content } of fields) {
      offset += blocks[next]?.length ?? 0;
      const length = content.blocks.reduce((sum, block) => sum + block.length, 0);
      content.keep?.(bytes.subarray(offset, offset + length));
      next += 1 + content.blocks.length;
      offset += length;
    }
    return bytes;
  }

  /** Returns the name and the bytes of a field, undefined for a value that JSON leaves out. */
  #field(key: string, value: unknown): Field | undefined {
    const name = JSON.stringify(key);
    const list = Array.isArray(value) ? this.#lists.get(key)?.blocks(value) : undefined;
    if (list) return { name, content: list };
    const text = indented(value, 1);
    return text === undefined ? undefined : { name, content: { blocks: [Buffer.from(text)] } };
  }
}

interface Field {
  name: string;
  content: { blocks: Uint8Array[]; keep?: (bytes: Uint8Array) => void };
}

function textOf(entry: unknown): string {
  return indented(entry, 2) ?? 'null';
}

/** JSON whose lines after the first begin with so many tabs more; no line break of a text is one in JSON. */
function indented(value: unknown, tabs: number): string | undefined {
  // SAFETY: of undefined and functions it returns undefined, which its type leaves out.
  const text = JSON.stringify(value, undefined, '\t') as string | undefined;
  // What replaceAll makes is a rope, which takes longer to measure and to encode.
  return text?.split('\n').join(`\n${'\t'.repeat(tabs)}`);
}
