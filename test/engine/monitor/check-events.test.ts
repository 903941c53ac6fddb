import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../electron/engine/store/data-folder.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const input = (port: number) =>
  jobInputSchema.parse({ target: { host: 'localhost', port }, schedule: { type: 'interval', minutes: 60 } });

describe('the event of a finished check', () => {
  it('comes once for each check, also where the next one is asked for at once', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    const { id } = await test.engine.jobs.add(input(server.port));
    const { connections } = server;
    for (let run = 1; run <= 5; run += 1) {
      test.clock.advance(1_000);
      await test.engine.checks.checkNow(id);
      expect(test.events.filter(({ type }) => type === 'check-finished')).toHaveLength(run);
    }
    expect(server.connections - connections).toBe(5);
    expect(test.engine.results.list(id, 10, 0)?.total).toBe(5);
  });
});

describe('stopping', () => {
  it('releases the data folder although config.json cannot be written in the same turn', async () => {
    const test = new TestEngine();
    const { id } = await test.engine.jobs.add(input(1));
    rmSync(test.folder.file('config.json'));
    mkdirSync(test.folder.file('config.json'));
    const [edit] = await Promise.allSettled([
      test.engine.jobs.edit(id, { name: 'lost' }),
      test.engine.stop(),
    ]);
    expect(edit).toMatchObject({ status: 'rejected', reason: { name: 'StoreWriteError' } });
    openDataFolder(test.folder.path)[Symbol.dispose]();
    test.folder[Symbol.dispose]();
  });
});
