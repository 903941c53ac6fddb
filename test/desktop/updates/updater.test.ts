import { describe, expect, it, vi } from 'vitest';
import { type UpdateSource, Updates } from '../../../electron/desktop/updates/updater.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The part that decides when to look, with a source that says what it is told; test/e2e/updates.spec.ts has the real one. */
function setUp({
  weekly = false,
  lookedAt = null as number | null,
  ...source
}: Partial<UpdateSource> & {
  weekly?: boolean;
  lookedAt?: number | null;
} = {}) {
  const clock = new ManualClock('2026-11-25T10:00:00Z');
  const find = vi.fn<UpdateSource['find']>(async () => null);
  const load = vi.fn<UpdateSource['load']>(async () => undefined);
  const wants = { weekly };
  const memory = { updateLookedAt: lookedAt };
  const onFound = vi.fn();
  const onChange = vi.fn();
  const ask = vi.fn(async () => true);
  const openPage = vi.fn(async () => undefined);
  const installNow = vi.fn(async () => undefined);
  const log = new KeptLog();
  const updates = new Updates({
    source: { canLook: true, canInstall: true, find, load, installNow, page: async () => null, ...source },
    clock,
    log,
    isWeekly: () => wants.weekly,
    memory,
    ask,
    openPage,
    onFound,
    onChange,
  });
  /** Hours go by, one after another, with what each brings. */
  const pass = async (hours: number) => {
    for (let hour = 0; hour < hours; hour += 1) {
      clock.advance(hourMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    clock,
    find,
    load,
    wants,
    memory,
    onFound,
    onChange,
    ask,
    openPage,
    installNow,
    log,
    updates,
    pass,
  };
}

describe('looking for newer versions', () => {
  it('asks nobody, however long it runs, until it is told to', async () => {
    const { find, pass } = setUp();
    await pass(24 * 30);
    expect(find).not.toHaveBeenCalled();
  });

  it('asks once a week where that is wanted, and no more once it is not', async () => {
    const { find, pass, wants } = setUp({ weekly: true });
    await pass(24 * 21);
    expect(find).toHaveBeenCalledTimes(3);
    wants.weekly = false;
    await pass(24 * 21);
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('counts the week from the last look, which was before the start', async () => {
    const now = Date.parse('2026-11-25T10:00:00Z');
    const { find, pass } = setUp({ weekly: true, lookedAt: now - 6 * dayMs });
    await pass(23);
    expect(find).not.toHaveBeenCalled();
    await pass(2);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('says what the weekly look found, and loads nothing', async () => {
    const { find, pass, onFound, load, updates } = setUp({ weekly: true });
    find.mockResolvedValue('0.2.0');
    await pass(2);
    expect(onFound.mock.calls).toEqual([['0.2.0']]);
    expect(updates.state).toMatchObject({ newest: '0.2.0', problem: null, isLoading: false });
    expect(load).not.toHaveBeenCalled();
  });

  it('does not ask every hour who cannot be reached, and says why in a line', async () => {
    const { find, pass, updates, log } = setUp({ weekly: true });
    find.mockRejectedValue(Object.assign(new Error('net::ERR\n at x'), { code: 'ENOTFOUND' }));
    await pass(24 * 6);
    expect(find).toHaveBeenCalledTimes(1);
    expect(updates.state.problem).toBe(
      'Whether there is a newer version could not be found out (ENOTFOUND).',
    );
    expect(log.lines.join()).not.toContain(' at x');
  });

  it('joins a look that is under way', async () => {
    const { find, updates } = setUp();
    const { promise, resolve } = Promise.withResolvers<string | null>();
    find.mockReturnValue(promise);
    const looks = Promise.all([updates.look(), updates.look()]);
    resolve('0.2.0');
    expect(await looks).toMatchObject([{ newest: '0.2.0' }, { newest: '0.2.0' }]);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('asks nobody where no feed is known', async () => {
    const { find, updates, pass } = setUp({ weekly: true, canLook: false });
    await pass(2);
    expect((await updates.look()).canLook).toBe(false);
    expect(find).not.toHaveBeenCalled();
  });

  it('ends with the app', async () => {
    const { clock, updates } = setUp({ weekly: true });
    updates.close();
    expect(clock.pending).toBe(0);
  });
});

describe('offering a newer version', () => {
  it('loads it once the person agrees, and starts it once they agree again', async () => {
    const { find, updates, ask, load, installNow } = setUp();
    find.mockResolvedValue('0.2.0');
    await updates.look();
    await updates.offer();
    await vi.waitFor(() => expect(installNow).toHaveBeenCalledTimes(1));
    expect(ask.mock.calls).toEqual([
      ['download', '0.2.0'],
      ['restart', '0.2.0'],
    ]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('loads nothing where the person does not agree, or there is none', async () => {
    const { find, updates, ask, load } = setUp();
    await updates.offer();
    expect(ask).not.toHaveBeenCalled();
    find.mockResolvedValue('0.2.0');
    ask.mockResolvedValue(false);
    await updates.look();
    await updates.offer();
    expect(load).not.toHaveBeenCalled();
  });

  it('is not made twice while it is loaded', async () => {
    const { find, updates, ask, load } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    find.mockResolvedValue('0.2.0');
    load.mockReturnValue(promise);
    await updates.look();
    await updates.offer();
    expect(updates.state.isLoading).toBe(true);
    await updates.offer();
    expect(ask).toHaveBeenCalledTimes(1);
    resolve();
    await vi.waitFor(() => expect(updates.state.isLoading).toBe(false));
  });

  it.each([
    ['https://example.com/releases', 'show-page', ['https://example.com/releases']],
    [null, 'get-elsewhere', []],
  ])('only tells of it where this copy cannot renew itself (page: %s)', async (page, question, opened) => {
    const { find, updates, ask, openPage, load } = setUp({ canInstall: false, page: async () => page });
    find.mockResolvedValue('0.2.0');
    await updates.look();
    await updates.offer();
    expect(ask.mock.calls).toEqual([[question, '0.2.0']]);
    expect(openPage.mock.calls.flat()).toEqual(opened);
    expect(load).not.toHaveBeenCalled();
  });
});
