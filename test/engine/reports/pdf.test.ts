import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { PdfBusyError, PdfQueue, PdfStoppedError } from '../../../electron/engine/reports/pdf.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

/** A queue whose pages are printed when the test says so. */
function openQueue() {
  const begun: { html: string; signal: AbortSignal; end: () => void }[] = [];
  const queue = new PdfQueue((html, signal) => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    begun.push({ html, signal, end: () => resolve(new Uint8Array(Buffer.from(html))) });
    return promise;
  });
  return { queue, begun };
}

it('prints one page at a time, in their order', async () => {
  const { queue, begun } = openQueue();
  const all = ['a', 'b', 'c'].map((html) => queue.print(html));
  for (const [index, html] of ['a', 'b', 'c'].entries()) {
    await expect.poll(() => begun.length).toBe(index + 1);
    expect(begun[index]?.html).toBe(html);
    begun[index]?.end();
    expect(Buffer.from((await all[index]) ?? []).toString()).toBe(html);
  }
});

it('refuses what a person or a script asks for while four wait, lets reports wait, and has room again later', async () => {
  const { queue, begun } = openQueue();
  const all = ['a', 'b', 'c', 'd', 'e'].map((html) => {
    queue.requireRoom();
    return queue.print(html);
  });
  expect(() => queue.requireRoom()).toThrow(PdfBusyError);
  all.push(queue.print('of a schedule'));
  for (let index = 0; index < 6; index += 1) {
    await expect.poll(() => begun.length).toBe(index + 1);
    begun[index]?.end();
  }
  await Promise.all(all);
  expect(begun.at(-1)?.html).toBe('of a schedule');
  expect(() => queue.requireRoom()).not.toThrow();
});

it('goes on after a page that fails', async () => {
  let attempts = 0;
  const queue = new PdfQueue(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('Failed to generate PDF');
    return new Uint8Array();
  });
  const [first, second] = [queue.print('a'), queue.print('b')];
  await expect(first).rejects.toThrow('Failed to generate PDF');
  expect(await second).toHaveLength(0);
});

it('gives up what is printed and what waits when NotAfter stops', async () => {
  const { queue, begun } = openQueue();
  const all = [queue.print('a'), queue.print('b')];
  await expect.poll(() => begun.length).toBe(1);
  queue.stop();
  for (const one of all) await expect(one).rejects.toBeInstanceOf(PdfStoppedError);
  expect([begun.length, begun[0]?.signal.aborted]).toEqual([1, true]);
  await expect(queue.print('c')).rejects.toBeInstanceOf(PdfStoppedError);
});

it('keeps no file once it is made', async () => {
  const queue = new PdfQueue(async () => new Uint8Array(1_000));
  const made: WeakRef<Uint8Array>[] = [];
  for (let page = 0; page < 5; page += 1) made.push(new WeakRef(await queue.print('a')));
  await turn(); // What a WeakRef has given out lives to the end of the turn.
  collectGarbage();
  // The last may still be on its way to the one who asked.
  expect(made.slice(0, -1).map((file) => file.deref())).toEqual([undefined, undefined, undefined, undefined]);
});
