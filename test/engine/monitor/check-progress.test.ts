import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { servePlain } from '../../support/tls-server.ts';

/** The longest between two events of progress, in milliseconds. */
const pauseMs = 250;

describe('how far checks are', () => {
  it('is told once for what happens together, in numbers that tell running from waiting', async () => {
    const held = new Set<Socket>();
    await using silent = await servePlain((socket) => void held.add(socket));
    await using test = new TestEngine();
    await test.engine.settings.edit({ checksPerHost: 3 });
    const told = () =>
      test.events.flatMap((event) => (event.type === 'checks-changed' ? [event.checks] : []));
    const ids: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      const { id } = await test.engine.jobs.add(
        jobInputSchema.parse({
          target: { host: 'localhost', port: silent.port, servername: `host${index}.example` },
          schedule: { type: 'interval', minutes: 60 },
        }),
      );
      ids.push(id);
    }
    expect(test.engine.checks.checkAll()).toBe(9);
    expect(told()).toEqual([]);
    test.clock.advance(pauseMs);
    const checks = { done: 0, running: 3, waiting: 6, runningIds: ids.slice(0, 3) };
    expect(told()).toEqual([checks]);
    expect(test.engine.checks.progress).toEqual(checks);
    // Nothing changes, and nothing is told.
    test.clock.advance(10 * pauseMs);
    expect(told()).toEqual([checks]);
    expect(test.engine.checks.cancelAll()).toBe(9);
    test.clock.advance(pauseMs);
    expect(told()).toEqual([checks, { done: 0, running: 0, waiting: 0, runningIds: [] }]);
    for (const socket of held) socket.destroy();
  });
});
