import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askForConsent, ConsentTooLongError } from '../../../electron/desktop/rpc/search-consent.ts';
import { savedSearchInputSchema } from '../../../shared/schema/saved-search.ts';
import { TestEngine } from '../../support/test-engine.ts';

const asked: { message: string; detail: string; defaultId: number; cancelId: number }[] = [];
let answer: () => Promise<number> | number = () => 1;
vi.mock('electron', () => ({
  dialog: {
    showMessageBox: async (question: (typeof asked)[number]) => {
      asked.push(question);
      return { response: await answer() };
    },
  },
}));

const input = savedSearchInputSchema.parse({ name: 'dmz', targets: ['192.0.2.0/28', '198.51.100.7:443'] });

describe('consent for the public addresses of a search', () => {
  beforeEach(() => asked.splice(0));

  it('is given in a dialog that names what is scanned, and whose usual answer is no', async () => {
    await using test = new TestEngine();
    const { id } = await test.engine.discoveries.add(input);
    answer = () => 1;
    expect(await askForConsent(test.engine, id)).toBe(false);
    expect(test.engine.discoveries.get(id)?.publicConsentAt).toBeNull();
    expect(asked).toMatchObject([{ defaultId: 1, cancelId: 1 }]);
    expect(asked[0]?.detail).toContain(
      'Public addresses:\n192.0.2.0/28\n198.51.100.7:443\nPorts: usual\n\nScan only',
    );
    answer = () => 0;
    expect(await askForConsent(test.engine, id)).toBe(true);
    expect(test.engine.discoveries.get(id)?.publicConsentAt).not.toBeNull();
    expect(await askForConsent(test.engine, 'none')).toBeNull();
  });

  it('shows what is public first and whole, and asks for nothing that does not fit', async () => {
    await using test = new TestEngine();
    const many = (length: number, of: (index: number) => string) =>
      Array.from({ length }, (_, index) => of(index));
    const add = async (name: string, targets: string[]) =>
      (await test.engine.discoveries.add(savedSearchInputSchema.parse({ name, targets, ports: '443,8443' })))
        .id;
    answer = () => 1;
    const hidden = await add('hidden', [
      ...many(40, (index) => `10.0.${index}.0/24`),
      '10.255.255.0-11.0.0.5',
      '::ffff:203.0.113.7',
      'a.example',
    ]);
    expect(await askForConsent(test.engine, hidden)).toBe(false);
    expect(asked[0]?.detail).toMatch(
      /^Public addresses:\n10\.255\.255\.0-11\.0\.0\.5\n::ffff:203\.0\.113\.7\nHost names:\na\.example\n40 private targets\nPorts: 443,8443\n\n/,
    );
    const addresses = many(100, (index) => `203.0.113.${index}`);
    expect(await askForConsent(test.engine, await add('all', addresses))).toBe(false);
    for (const address of addresses) expect(asked[1]?.detail).toContain(address);
    const long = await add('long', [
      ...many(9, (index) => `${'a'.repeat(60)}.`.repeat(4) + index),
      '192.0.2.1',
    ]);
    await expect(askForConsent(test.engine, long)).rejects.toThrow(ConsentTooLongError);
    expect(asked).toHaveLength(2);
    expect(test.engine.discoveries.get(long)?.publicConsentAt).toBeNull();
  });

  it('is not for what the search became while the person was asked', async () => {
    await using test = new TestEngine();
    const { id } = await test.engine.discoveries.add(input);
    answer = async () => {
      await test.engine.discoveries.edit(id, { targets: ['203.0.113.0/24'] });
      return 0;
    };
    expect(await askForConsent(test.engine, id)).toBeNull();
    expect(test.engine.discoveries.get(id)?.publicConsentAt).toBeNull();
  });
});
