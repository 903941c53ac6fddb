import { describe, expect, it } from 'vitest';
import { loadImport } from '../../../electron/engine/import/load-import.ts';
import { readImport } from '../../../electron/engine/import/read-import.ts';
import { turnsOf } from '../../support/turns.ts';

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => `n${index}.example # note`).join('\n');

describe('a large list of others', () => {
  it.each([1, 5_000])('of %i hosts is read as a small one is', async (count) => {
    expect(await loadImport(lines(count), 'hosts')).toEqual(readImport(lines(count), 'hosts'));
  });

  it('that is none of the formats is told of', async () => {
    expect(await loadImport(`{${' '.repeat(20_000)}`, 'notafter')).toEqual({ message: 'This is not JSON.' });
  });

  it('lets everything else have its turn while it is read', async () => {
    const turns = await turnsOf(() => loadImport(lines(20_000)));
    // Every 250 items come in a message of their own.
    expect(turns).toBeGreaterThan(20_000 / 250);
  });

  it('that takes more memory than a thread may have is refused, and the program goes on', async () => {
    const deep = `scrape_configs:\n${'- '.repeat(10 * 2 ** 20)}`;
    expect(await loadImport(deep)).toMatchObject({
      message: expect.stringMatching(/Import it in parts|not YAML/),
    });
  }, 60_000);
});
