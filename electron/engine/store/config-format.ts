import type { ConfigFile } from './config-file.ts';

/** Options of conf and electron-store for the file of jobs and settings. */
export interface ConfigOptions {
  serialize: (value: unknown) => string;
  deserialize: (text: string) => Record<string, unknown>;
  configFileMode: number;
  accessPropertiesByDotNotation: false;
}

/**
 * Opens the file of jobs and settings with conf or electron-store, which write it atomically, and has them do no more than that. By
 * themselves they walk through every value of a write, read and parse the file before it, and serialize each job again: three quarters of what an
 * edit among 10,000 jobs cost. A job or source is never changed in place, so its text is made once.
 * @param open opens the store with the options
 */
export function openConfigFile(open: (options: ConfigOptions) => ConfigFile): ConfigFile {
  const format = new ConfigFormat();
  const file = open({
    serialize: (value) => format.write(value),
    deserialize: (text) => format.read(text),
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
  return {
    path: file.path,
    get store() {
      const { store } = file;
      format.forget();
      return store;
    },
    set store(value) {
      format.whileWriting(() => {
        file.store = value;
      });
    },
  };
}

/** Fields whose entries are never changed in place. */
const lists: ReadonlySet<string> = new Set(['jobs', 'sources', 'searches']);

/** The file's text: JSON with tabs, as both stores write it by themselves. */
export class ConfigFormat {
  readonly #texts = new WeakMap<object, string>();
  #isWriting = false;
  #read: { text: string; value: Record<string, unknown> } | null = null;

  /** Does a write, before which nothing is to be read: what another program wrote is replaced as a whole. */
  whileWriting(write: () => void): void {
    this.#isWriting = true;
    try {
      write();
    } finally {
      this.#isWriting = false;
    }
  }

  /** Returns what a text holds. The same text is not parsed twice: a store reads it when it is opened, and when it is asked. */
  read(text: string): Record<string, unknown> {
    if (this.#isWriting) return {};
    if (this.#read?.text !== text) {
      // SAFETY: each reader checks its shape by a schema.
      this.#read = { text, value: JSON.parse(text) as Record<string, unknown> };
    }
    return this.#read.value;
  }

  /** Lets go of what was read. */
  forget(): void {
    this.#read = null;
  }

  /** Returns the text, as `JSON.stringify(value, undefined, '\\t')` does. */
  write(value: unknown): string {
    if (typeof value !== 'object' || value === null) return '{}';
    const fields = Object.entries(value).flatMap(([key, content]) => {
      const isList = lists.has(key) && Array.isArray(content);
      const text = isList ? this.#writeAll(content) : indented(content, 1);
      return text === undefined ? [] : [`\t${JSON.stringify(key)}: ${text}`];
    });
    return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n}`;
  }

  #writeAll(jobs: readonly unknown[]): string {
    if (jobs.length === 0) return '[]';
    return `[\n\t\t${jobs.map((job) => this.#textOf(job)).join(',\n\t\t')}\n\t]`;
  }

  #textOf(job: unknown): string {
    if (typeof job !== 'object' || job === null) return indented(job, 2) ?? 'null';
    let text = this.#texts.get(job);
    if (text === undefined) {
      text = indented(job, 2) ?? 'null';
      this.#texts.set(job, text);
    }
    return text;
  }
}

/** JSON whose lines after the first begin with so many tabs more; no line break of a text is one in JSON. */
function indented(value: unknown, tabs: number): string | undefined {
  // SAFETY: of undefined and functions it returns undefined, which its type leaves out.
  const text = JSON.stringify(value, undefined, '\t') as string | undefined;
  // What replaceAll makes is a rope, which would be flattened at each write.
  return text?.split('\n').join(`\n${'\t'.repeat(tabs)}`);
}
