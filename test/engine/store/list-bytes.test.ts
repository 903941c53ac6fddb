import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListBytes } from '../../../electron/engine/store/list-bytes.ts';

interface Entry {
  id: number;
  text: string;
}

const json = (entry: unknown) => JSON.stringify(entry);

interface Change {
  at: number;
  kind: 'edit' | 'add' | 'delete' | 'move';
  text: string;
}

function make({ at, kind, text }: Change, entries: Entry[]): void {
  if (kind === 'add') entries.splice(at, 0, { id: at, text });
  const entry = kind === 'add' ? undefined : entries.splice(at, 1)[0];
  if (kind === 'edit' && entry) entries.splice(at, 0, { ...entry, text });
  if (kind === 'move' && entry) entries.unshift(entry);
}

/** Writes a list as a file does, between bytes of other fields. */
function write(list: ListBytes, entries: readonly Entry[], others: string): { text: string; blocks: number } {
  const { blocks, keep } = list.blocks(entries);
  const before = Buffer.from(others);
  const file = Buffer.concat([before, ...blocks]);
  keep(file.subarray(before.length));
  return { text: file.subarray(before.length).toString('utf8'), blocks: blocks.length };
}

const expected = (entries: readonly Entry[]) =>
  entries.length === 0 ? '[]' : `[\n\t\t${entries.map(json).join(',\n\t\t')}\n\t]`;

describe('the bytes of a list', () => {
  it('are those of its entries after any edits, moves, additions and deletions', () => {
    const text = fc.string({ unit: 'binary' });
    const change = fc.record({
      at: fc.nat(20),
      kind: fc.constantFrom<Change['kind'][]>('edit', 'add', 'delete', 'move'),
      text,
    });
    const writes = fc.array(fc.record({ changes: fc.array(change, { maxLength: 4 }), others: text }));
    fc.assert(
      fc.property(writes, (rounds) => {
        const list = new ListBytes(json);
        const entries: Entry[] = Array.from({ length: 8 }, (_, id) => ({ id, text: 'as it was' }));
        for (const { changes, others } of rounds) {
          for (const one of changes) make(one, entries);
          expect(write(list, entries, others).text).toBe(expected(entries));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are copied in two blocks, and made for one entry, where one of 10,000 is edited', () => {
    const made: unknown[] = [];
    const list = new ListBytes((entry) => {
      made.push(entry);
      return json(entry);
    });
    const entries: Entry[] = Array.from({ length: 10_000 }, (_, id) => ({ id, text: 'é' }));
    write(list, entries, '');
    expect(made).toHaveLength(10_000);
    made.length = 0;
    const edited = { id: 5_000, text: 'edited' };
    const { text, blocks } = write(list, entries.with(5_000, edited), 'longer than before');
    expect(text).toBe(expected(entries.with(5_000, edited)));
    expect(made).toEqual([edited]);
    // Three blocks of entries, what comes before each, and the end of the list.
    expect(blocks).toBe(7);
  });
});
