import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askForConsent } from '../../../electron/desktop/rpc/search-consent.ts';
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
    expect(asked[0]?.detail).toContain('192.0.2.0/28\n198.51.100.7:443');
    answer = () => 0;
    expect(await askForConsent(test.engine, id)).toBe(true);
    expect(test.engine.discoveries.get(id)?.publicConsentAt).not.toBeNull();
    expect(await askForConsent(test.engine, 'none')).toBeNull();
  });

  it('is not for what the search became while the person was asked', async () => {
    await using test = new TestEngine();
    const { id } = await test.engine.discoveries.add(input);
    test.clock.advance(1);
    answer = async () => {
      await test.engine.discoveries.edit(id, { targets: ['203.0.113.0/24'] });
      return 0;
    };
    expect(await askForConsent(test.engine, id)).toBeNull();
    expect(test.engine.discoveries.get(id)?.publicConsentAt).toBeNull();
  });
});
