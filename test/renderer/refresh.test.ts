import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refresh } from '../../renderer/lib/refresh.ts';

const pauseMs = 2_000;

/** Counts requests, each of which is answered when the test says so. */
function openRefresh() {
  const answers: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const page = { isVisible: true };
  const refresh = new Refresh({
    load: (signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      answers.push(resolve);
      signals.push(signal);
      return promise;
    },
    pauseMs,
    isVisible: () => page.isVisible,
  });
  /** Answers the newest request, and lets the pause pass. */
  const answer = async () => {
    answers.at(-1)?.();
    await vi.advanceTimersByTimeAsync(pauseMs);
  };
  return { refresh, page, signals, answer, requests: () => answers.length };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks once for what a thousand events say while it waits for the answer', async () => {
  const { refresh, requests, answer } = openRefresh();
  for (let index = 0; index < 1_000; index += 1) refresh.request();
  expect(requests()).toBe(1);
  await answer();
  expect(requests()).toBe(2);
  await answer();
  expect(requests()).toBe(2);
});

it('asks no more than once in each pause, however many events come', async () => {
  const { refresh, requests, answer } = openRefresh();
  for (let second = 0; second < 60; second += 1) {
    refresh.request();
    if (second === 0) await answer();
    else await vi.advanceTimersByTimeAsync(1_000);
    await answer();
  }
  expect(requests()).toBeLessThanOrEqual(62);
  expect(requests()).toBeGreaterThan(50);
});

it('asks for nothing while the page is hidden, and once when it is visible again', async () => {
  const { refresh, page, requests, answer } = openRefresh();
  page.isVisible = false;
  for (let index = 0; index < 100; index += 1) refresh.request();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(requests()).toBe(0);
  page.isVisible = true;
  refresh.wake();
  expect(requests()).toBe(1);
  await answer();
  refresh.wake();
  expect(requests()).toBe(1);
});

it('ends what is read when the view goes, and asks for nothing more', async () => {
  const { refresh, signals, requests, answer } = openRefresh();
  refresh.request();
  refresh.request();
  refresh.stop();
  expect(signals[0]?.aborted).toBe(true);
  await answer();
  expect(requests()).toBe(1);
});
