import { describe, expect, it } from 'vitest';
import { Queue } from '../../../electron/engine/monitor/fair-queue.ts';

/** A queue whose work ends when the test says so. */
function heldQueue(limit: number, perGroup = limit) {
  const started: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const held = new Map<string, PromiseWithResolvers<string>>();
  const queue = new Queue<string>({ total: () => limit, perGroup: () => perGroup }, (id, signal) => {
    started.push(id);
    signals.set(id, signal);
    const work = Promise.withResolvers<string>();
    signal.addEventListener('abort', () => work.reject(signal.reason));
    held.set(id, work);
    return work.promise;
  });
  return {
    queue,
    started,
    signals,
    finish: (id: string) => held.get(id)?.resolve(`${id} done`),
    fail: (id: string) => held.get(id)?.reject(new Error('broken')),
  };
}

describe('Queue', () => {
  it('never runs more at once than the limit', async () => {
    const { queue, started, finish } = heldQueue(2);
    const all = ['a', 'b', 'c'].map((id) => queue.add(id, 'host'));
    expect(started).toEqual(['a', 'b']);
    finish('a');
    await all[0];
    expect(started).toEqual(['a', 'b', 'c']);
  });
  it('joins a second request to the one that runs or waits', async () => {
    const { queue, started, finish } = heldQueue(1);
    const first = queue.add('a', 'host');
    expect(queue.add('a', 'host')).toBe(first);
    finish('a');
    await expect(first).resolves.toBe('a done');
    expect(started).toEqual(['a']);
    expect(queue.size).toBe(0);
  });
  it('tells what runs from what waits, and counts what is done since nothing waited', async () => {
    const { queue, finish } = heldQueue(2);
    const all = ['a', 'b', 'c', 'd'].map((id) => queue.add(id, 'host'));
    expect(queue.progress).toEqual({ done: 0, running: 2, waiting: 2 });
    finish('a');
    await all[0];
    expect(queue.progress).toEqual({ done: 1, running: 2, waiting: 1 });
    queue.cancel('d');
    expect(queue.progress).toEqual({ done: 1, running: 2, waiting: 0 });
    await expect(all[3]).rejects.toThrow(/abort/i);
    for (const id of ['b', 'c']) finish(id);
    await Promise.all(all.slice(1, 3));
    expect(queue.progress).toEqual({ done: 3, running: 0, waiting: 0 });
    void queue.add('e', 'host');
    expect(queue.progress).toEqual({ done: 0, running: 1, waiting: 0 });
    const next = ['f', 'g'].map((id) => queue.add(id, 'host'));
    finish('e');
    finish('f');
    await next[0];
    expect(queue.progress).toEqual({ done: 2, running: 1, waiting: 0 });
    // The next that has to wait begins to count again, though the queue was never empty.
    void queue.add('h', 'host');
    void queue.add('i', 'host');
    expect(queue.progress).toEqual({ done: 0, running: 2, waiting: 1 });
  });
  it('does not count what was cancelled, though it still ends', async () => {
    const { queue } = heldQueue(1);
    const running = queue.add('a', 'host');
    queue.cancel('a');
    expect(queue.progress).toEqual({ done: 0, running: 0, waiting: 0 });
    await expect(running).rejects.toThrow(/abort/i);
    expect(queue.progress).toEqual({ done: 0, running: 0, waiting: 0 });
  });
  it('goes on after a failure', async () => {
    const { queue, started, fail } = heldQueue(1);
    const first = queue.add('a', 'host');
    void queue.add('b', 'host');
    fail('a');
    await expect(first).rejects.toThrow('broken');
    expect(started).toEqual(['a', 'b']);
  });
  it('cancels what waits and aborts what runs', async () => {
    const { queue, started, signals } = heldQueue(1);
    const running = queue.add('a', 'host');
    const waiting = queue.add('b', 'host');
    queue.cancel('b');
    queue.cancel('a');
    await expect(waiting).rejects.toThrow(/abort/i);
    await expect(running).rejects.toThrow(/abort/i);
    expect(started).toEqual(['a']);
    expect(signals.get('a')?.aborted).toBe(true);
  });
  it('starts anew what was cancelled and asked for again', async () => {
    const { queue, started, finish } = heldQueue(2);
    const first = queue.add('a', 'host');
    queue.cancel('a');
    const second = queue.add('a', 'host');
    await expect(first).rejects.toThrow(/abort/i);
    finish('a');
    await expect(second).resolves.toBe('a done');
    expect(started).toEqual(['a', 'a']);
  });
  it('ends everything when stopped, and starts nothing more', async () => {
    const { queue, started } = heldQueue(1);
    const all = [queue.add('a', 'host'), queue.add('b', 'host')];
    await queue.stop();
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    void queue.add('c', 'host');
    expect(started).toEqual(['a']);
  });

  it('runs no more of one group than its limit, and lets groups take turns', async () => {
    const { queue, started, finish } = heldQueue(3, 2);
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((id) => queue.add(id, id[0] ?? ''));
    expect(started).toEqual(['a1', 'a2', 'b1']);
    finish('b1');
    await all[4];
    expect(started).toEqual(['a1', 'a2', 'b1', 'b2']);
    finish('a1');
    await all[0];
    expect(started.at(-1)).toBe('a3');
    finish('a2');
    await all[1];
    expect(started.at(-1)).toBe('c1');
  });
});
