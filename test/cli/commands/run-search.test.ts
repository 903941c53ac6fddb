import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { RemoteContext } from '../../../electron/cli/command-group.ts';
import { runSearch, stopSearch } from '../../../electron/cli/commands/discoveries/run.ts';
import {
  type SavedSearchView,
  type SearchRunView,
  savedSearchInputSchema,
} from '../../../shared/schema/saved-search.ts';

const at = '2026-11-24T10:00:00.000Z';
const run = (id: number, more: Partial<SearchRunView> = {}): SearchRunView => ({
  id,
  discoveryId: 'a',
  startedAt: at,
  endedAt: null,
  state: 'running',
  progress: { planned: 4, tried: 4, open: 0, tls: 0, connections: 4, silentHosts: 0, found: 0 },
  ...{ new: 0, changed: 0, vanished: 0, notes: [], reason: null },
  ...more,
});

/** A service in which another run has begun before the first one was asked for. */
function service(kept: readonly SearchRunView[], lastRun: SearchRunView) {
  const search: SavedSearchView = {
    ...savedSearchInputSchema.parse({ name: 'lab', targets: ['127.0.0.1'] }),
    ...{
      id: 'a',
      publicConsentAt: null,
      createdAt: at,
      updatedAt: at,
      nextRunAt: null,
      revision: 'r',
      finds: {},
    },
    lastRun,
  };
  const discoveries = {
    list: async () => ({ items: [search], total: 1 }),
    run: async () => run(7),
    get: async () => search,
    runs: async () => ({ items: kept, total: kept.length }),
    stop: async () => undefined,
  };
  const output = new PassThrough({ encoding: 'utf8' });
  // SAFETY: the commands call nothing else of either.
  const context = { remote: { discoveries }, output } as unknown as RemoteContext;
  return { context, printed: () => String(output.read() ?? '') };
}

describe('notafter discoveries run --wait', () => {
  it.each([
    ['done', 0],
    ['failed', 1],
  ] as const)('ends when its run is %s, also if another one has begun since', async (state, status) => {
    const { context, printed } = service([run(8), run(7, { state, endedAt: at })], run(8));
    expect(await runSearch(context, 'lab', { wait: true })).toBe(status);
    expect(printed()).toContain(`Last run: ${state}, 4 of 4 connections`);
  });

  it('ends where its run is not kept any more', async () => {
    const { context } = service([run(8)], run(8));
    await expect(runSearch(context, 'lab', { wait: true })).rejects.toThrow('others have taken its place');
  });
});

it('notafter discoveries run says why nothing happens while the run rests, once', async () => {
  const { context } = service([], run(7));
  const states = ['resting', 'resting', 'running', 'done'] as const;
  let asked = 0;
  const search = await context.remote.discoveries.get({ id: 'a' });
  context.remote.discoveries.get = async () => {
    const state = states[asked] ?? 'done';
    asked += 1;
    return { ...search, lastRun: run(7, { state, endedAt: state === 'done' ? at : null }) };
  };
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runSearch(context, 'lab', { wait: true })).toBe(0);
  const told = write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('waits'));
  write.mockRestore();
  expect(told).toEqual([
    expect.stringMatching(/^notafter: The search lab waits: this machine is offline, checks/),
  ]);
});

describe('notafter discoveries stop', () => {
  it.each([
    [run(7), 'The search lab is stopped.\n'],
    [run(7, { endedAt: at }), 'The search lab is not running.\n'],
  ])('says what has become of it', async (last, words) => {
    const { context, printed } = service([], last);
    await stopSearch(context, 'lab');
    expect(printed()).toBe(words);
  });
});
