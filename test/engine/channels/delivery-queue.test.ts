import { expect, it } from 'vitest';
import type { Sent } from '../../../electron/engine/channels/adapter.ts';
import { DeliveryQueue } from '../../../electron/engine/channels/delivery-queue.ts';
import type { HookMessage } from '../../../electron/engine/channels/message.ts';
import { testMessage } from '../../../electron/engine/channels/message.ts';
import { Outbox } from '../../../electron/engine/channels/outbox.ts';
import { maxAttempts } from '../../../electron/engine/channels/retry-plan.ts';
import { memoryDatabase } from '../../../electron/engine/store/database.ts';
import type { Pace } from '../../../shared/schema/channels/types.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog } from '../../support/test-engine.ts';

const minute = 60_000;
const hour = 60 * minute;
const ok: Sent = { ok: true };
const refused: Sent = { ok: false, error: 'It answered 503.', isFinal: false };

/** A queue whose hooks answer as a test says, on a disk that can be locked. */
function desk({ isLocal = false, merges = false, pace = [] as readonly Pace[] } = {}) {
  const clock = new ManualClock();
  const outbox = new Outbox(memoryDatabase());
  const state = {
    isOffline: false,
    isLocked: false,
    answer: (_hook: string, _title: string): Sent => ok,
  };
  const sent: string[] = [];
  let held: Promise<void> = Promise.resolve();
  /** Has what is sent from now on arrive when what it returns is called. */
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  const open = () =>
    new DeliveryQueue({
      clock,
      log: new KeptLog(),
      storage: { outbox, tryWrite: (work) => (state.isLocked ? null : work()) },
      routeOf: (hook) => ({
        isLocal,
        pace,
        send: async ({ title }) => {
          sent.push(title);
          await held;
          return state.answer(hook, title);
        },
        merge: merges
          ? (messages) => ({ ...testMessage(0), title: messages.map(({ title }) => title).join(' + ') })
          : null,
      }),
      isOffline: () => state.isOffline,
      onAttempt: () => undefined,
    });
  const queue = open();
  const add = (title: string, key = title, hook = 'ops') => {
    const message: HookMessage = { ...testMessage(clock.now()), title };
    queue.add([{ hook, key, title, payload: JSON.stringify(message) }]);
  };
  return { clock, outbox, state, sent, queue, add, open, hold };
}

/** Everything that was begun has ended: sends answer at once. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const left = (outbox: Outbox) => outbox.list({ limit: 99, offset: 0 }).items;

it('does not have a new alert wait behind an older one that failed', async () => {
  const { clock, state, sent, add, outbox } = desk();
  state.answer = (_hook, title) => (title === 'old' ? refused : ok);
  add('old');
  await settled();
  for (const pause of [minute / 6, minute, 5 * minute]) {
    clock.advance(pause);
    await settled();
  }
  sent.length = 0;
  add('new');
  await settled();
  expect(sent[0]).toBe('new');
  expect(left(outbox).map(({ title }) => title)).toEqual(['old']);
});

it('sends what waits as soon as the hook takes something', async () => {
  const { clock, state, sent, add, outbox } = desk();
  state.answer = () => refused;
  add('old');
  for (let turn = 0; turn < 8; turn += 1) {
    await settled();
    clock.advance(hour);
  }
  await settled();
  state.answer = () => ok;
  sent.length = 0;
  add('new');
  for (let turn = 0; turn < 3; turn += 1) await settled();
  clock.advance(0);
  await settled();
  expect(sent).toEqual(['new', 'old']);
  expect(left(outbox)).toEqual([]);
});

it('keeps the order of one alert, and of no others', async () => {
  const { clock, state, sent, add } = desk();
  state.answer = () => refused;
  add('a warning', 'a');
  await settled();
  add('a critical', 'a');
  add('b', 'b');
  await settled();
  expect(sent).toEqual(['a warning', 'b']);
  state.answer = () => ok;
  clock.advance(minute / 6);
  for (let turn = 0; turn < 4; turn += 1) await settled();
  expect(sent.slice(2)).toEqual(['a warning', 'a critical', 'b']);
});

it('tries and counts nothing while this machine is offline, and sends all when it is back', async () => {
  const { clock, state, sent, add, queue, outbox } = desk();
  state.isOffline = true;
  for (const title of ['a', 'b', 'c']) add(title);
  for (let turn = 0; turn < 60; turn += 1) {
    clock.advance(hour);
    await settled();
  }
  expect(sent).toEqual([]);
  expect(left(outbox).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  state.isOffline = false;
  queue.hurry();
  for (let turn = 0; turn < 4; turn += 1) await settled();
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(left(outbox)).toEqual([]);
});

it('counts no attempt that failed since this machine went offline meanwhile', async () => {
  const { state, add, outbox } = desk();
  state.answer = () => {
    state.isOffline = true;
    return refused;
  };
  add('a');
  await settled();
  expect(left(outbox)).toMatchObject([{ attempts: 0, state: 'waiting' }]);
});

it('needs no network for this machine’s own hooks', async () => {
  const { state, sent, add } = desk({ isLocal: true });
  state.isOffline = true;
  add('a');
  await settled();
  expect(sent).toEqual(['a']);
});

it('leaves a server alone for as long as it asks, whatever else succeeds', async () => {
  const { clock, state, sent, add, queue } = desk();
  state.answer = (_hook, title) => (title === 'a' ? { ...refused, retryAfterMs: 20 * minute } : ok);
  add('a');
  await settled();
  add('b');
  await settled();
  queue.hurry();
  await settled();
  clock.advance(20 * minute - 1);
  await settled();
  expect(sent).toEqual(['a', 'b']);
  clock.advance(1);
  await settled();
  expect(sent).toEqual(['a', 'b', 'a']);
});

it('holds no server’s wish for longer than six hours', async () => {
  const { clock, state, sent, add } = desk();
  state.answer = () => ({ ...refused, retryAfterMs: 1_000 * 24 * hour });
  add('a');
  await settled();
  clock.advance(6 * hour);
  await settled();
  expect(sent).toHaveLength(2);
});

it('sends what storage does not take, once', async () => {
  const { clock, state, sent, add } = desk();
  state.isLocked = true;
  add('a');
  await settled();
  expect(sent).toEqual(['a']);
  state.isLocked = false;
  clock.advance(minute);
  await settled();
  clock.advance(hour);
  await settled();
  expect(sent).toEqual(['a']);
});

it('does not send again what was delivered though storage did not take that', async () => {
  const { clock, state, sent, add, outbox } = desk();
  state.answer = () => {
    state.isLocked = true;
    return ok;
  };
  add('a');
  await settled();
  for (let turn = 0; turn < 5; turn += 1) {
    clock.advance(minute);
    await settled();
  }
  state.isLocked = false;
  clock.advance(minute);
  await settled();
  expect(sent).toEqual(['a']);
  expect(left(outbox)).toEqual([]);
});

it('takes back what has not been sent', async () => {
  const { clock, state, sent, add, queue, outbox } = desk();
  state.isOffline = true;
  add('a', 'a');
  add('b', 'b');
  await settled();
  expect(queue.withdraw('a', () => true)).toEqual(['ops']);
  state.isOffline = false;
  state.answer = () => refused;
  queue.hurry();
  await settled();
  expect(sent).toEqual(['b']);
  // It may have arrived: a program that has an open incident of it must hear of its end.
  expect(queue.withdraw('b', () => true)).toEqual([]);
  expect(queue.withdraw('b', () => false)).toEqual(['ops']);
  clock.advance(hour);
  await settled();
  expect(left(outbox)).toEqual([]);
});

it('makes one message for a chat of what has waited', async () => {
  const { clock, state, sent, add, queue } = desk({ merges: true });
  state.isOffline = true;
  for (const title of ['a', 'b', 'c']) add(title);
  state.isOffline = false;
  queue.hurry();
  clock.advance(0);
  for (let turn = 0; turn < 4; turn += 1) await settled();
  expect(sent).toEqual(['a + b + c']);
});

it('sends what waits, and what is given up and tried again, under the new name of a hook', async () => {
  const { state, sent, add, queue, outbox } = desk();
  const routes: string[] = [];
  state.answer = (hook) => {
    routes.push(hook);
    return refused;
  };
  add('failed');
  await settled();
  state.answer = (hook) => {
    routes.push(hook);
    return ok;
  };
  add('meanwhile');
  // It was added under the old name, and is sent under the new one.
  queue.rename('ops', 'team');
  for (let turn = 0; turn < 4; turn += 1) await settled();
  for (let turn = 0; turn < 4; turn += 1) await settled();
  expect(sent).toEqual(['failed', 'meanwhile', 'failed']);
  expect(routes).toEqual(['ops', 'team', 'team']);
  expect(left(outbox)).toEqual([]);
});

it('sends once what was being sent when its hook got a new name', async () => {
  const { clock, sent, outbox, queue, add, hold } = desk();
  const arrive = hold();
  add('slow');
  await settled();
  queue.rename('ops', 'team');
  clock.advance(hour);
  await settled();
  expect(sent).toEqual(['slow']);
  arrive();
  for (let turn = 0; turn < 4; turn += 1) await settled();
  expect(sent).toEqual(['slow']);
  expect(left(outbox)).toEqual([]);
});

it('holds what waits for a hook until storage takes its new name', async () => {
  const { clock, state, add, queue, outbox, sent } = desk();
  state.isOffline = true;
  add('a');
  await settled();
  state.isLocked = true;
  queue.rename('ops', 'team');
  state.isLocked = false;
  expect(left(outbox)).toMatchObject([{ hook: 'ops' }]);
  state.isOffline = false;
  clock.advance(minute);
  for (let turn = 0; turn < 2; turn += 1) await settled();
  expect(sent).toEqual(['a']);
  expect(left(outbox)).toEqual([]);
});

it('gives up after about three days of attempts', () => {
  const pauses = [10_000, minute, 5 * minute, 15 * minute, 30 * minute];
  const total = pauses.reduce((sum, pause) => sum + pause, 0) + (maxAttempts - 1 - pauses.length) * hour;
  expect(total / (24 * hour)).toBeCloseTo(3, 1);
});

it.each(Array.from({ length: 20 }, (_, index) => index))(
  'keeps its pace and goes on where time passes while it looks, its timer %i ms early',
  async (early) => {
    const { clock, sent, add } = desk({ pace: [{ count: 1, perMs: 1_000 }] });
    const wall = clock.now;
    // Each look at the clock takes a millisecond, as on a busy machine.
    clock.now = () => {
      clock.set(wall() + 1);
      return wall();
    };
    for (const title of ['one', 'two', 'three']) add(title);
    await settled();
    expect(sent).toEqual(['one']);
    clock.set(wall() - early); // A timer of Node’s may fire before its time by the clock.
    for (let second = 0; second < 4; second += 1) {
      clock.advance(1_000);
      await settled();
    }
    expect(sent).toEqual(['one', 'two', 'three']);
  },
);
