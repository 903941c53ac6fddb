import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../shared/schema/job.ts';
import { makeCa } from '../support/pki.ts';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls } from '../support/tls-server.ts';

const rounds = 20;
const editsEach = 10;
const checksEach = 100;

/** Kinds of calls that are cut off by the kill are expected to fail; what was answered must have happened. */
async function settled(call: Promise<{ status: number }>): Promise<boolean> {
  try {
    return (await call).status < 300;
  } catch {
    return false;
  }
}

describe('kill -9 at any moment', () => {
  it(`loses no acknowledged edit and leaves no half-written file (${rounds} rounds, ${rounds * editsEach} edits, ${rounds * checksEach} checks)`, async () => {
    using folder = temporaryFolder();
    await using server = await serveTls(makeCa().issue());
    const acknowledged = new Map<string, number>();
    const attempted = new Map<string, number>();
    let edit = 0;
    for (let round = 0; round < rounds; round += 1) {
      await using service = await Service.start(folder.path);
      const { items } = (await service.call('GET', '/jobs?limit=1000')).body as { items: JobView[] };
      const stored = new Map(items.map((item) => [item.id, Number(item.notes)]));
      for (const [id, number] of acknowledged) {
        // What was cut off may have reached the disk or not; what was answered must have.
        expect(stored.get(id)).toBeGreaterThanOrEqual(number);
        expect(stored.get(id)).toBeLessThanOrEqual(attempted.get(id) ?? number);
      }
      const added = await service.call('POST', '/jobs', {
        target: { host: 'localhost', port: server.port },
        name: `round ${round}`,
        notes: '0',
      });
      const { id } = added.body as JobView;
      acknowledged.set(id, 0);
      const ids = [...acknowledged.keys()];
      const calls: Promise<unknown>[] = [];
      const killAfter = Math.floor(Math.random() * editsEach);
      const killed = Promise.withResolvers<void>();
      const edits = (async () => {
        for (let count = 0; count < editsEach; count += 1) {
          edit += 1;
          const target = ids[edit % ids.length] ?? id;
          attempted.set(target, edit);
          if (await settled(service.call('PATCH', `/jobs/${target}`, { notes: String(edit) })))
            acknowledged.set(target, edit);
          if (count === killAfter) killed.resolve();
        }
      })();
      for (let count = 0; count < checksEach; count += 1)
        calls.push(settled(service.call('POST', `/jobs/${ids[count % ids.length]}/check`)));
      await killed.promise;
      await service.end('SIGKILL');
      await Promise.all([edits, ...calls]);
      const database = new DatabaseSync(folder.file('history.sqlite'));
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      database.close();
    }
    expect(acknowledged.size).toBe(rounds);
    expect(Math.max(...acknowledged.values())).toBeGreaterThan(0);
  }, 120_000);
});
