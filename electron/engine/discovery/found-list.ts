import type { Found } from '../../../shared/schema/discovery.ts';

/** What tells one find from another: its place, and the certificate that was shown there. */
const keyOf = ({ address, port, leaf }: Found) => `${address}|${port}|${leaf?.fingerprint256 ?? ''}`;

/** Finds of one search, each once: one that wanted a name goes when a name was found. */
export class FoundList {
  readonly #finds = new Map<string, Found>();

  add(found: Found): void {
    if (found.leaf !== null) this.#finds.delete(keyOf({ ...found, leaf: null }));
    this.#finds.set(keyOf(found), found);
  }

  /** By address, port and first name, as people read them. */
  sorted(): Found[] {
    const collator = new Intl.Collator('en', { numeric: true });
    return [...this.#finds.values()].sort(
      (one, other) =>
        collator.compare(one.address, other.address) ||
        one.port - other.port ||
        collator.compare(one.names[0] ?? '', other.names[0] ?? ''),
    );
  }
}
