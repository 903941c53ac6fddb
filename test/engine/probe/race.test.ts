import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attemptDelayMs, byTurns, race } from '../../../electron/engine/probe/race.ts';

/** Attempts that connect and fail when the test says so, by names. */
function attempts() {
  const log: string[] = [];
  const open = new Map<string, { resolve: (name: string) => void; reject: (error: Error) => void }>();
  const dial = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    log.push(`begin ${name}`);
    open.set(name, { resolve, reject });
    return { connected: promise, cancel: () => void log.push(`cancel ${name}`) };
  };
  const of = (name: string) => {
    const attempt = open.get(name);
    if (!attempt) throw new Error(`${name} has not begun.`);
    return attempt;
  };
  return {
    log,
    dial,
    connect: (name: string) => of(name).resolve(name),
    fail: (name: string) => of(name).reject(new Error(name)),
  };
}

const never = new AbortController().signal;

/** RFC 8305 §5. The clock is the test's own. */
describe('a race of attempts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives up none before another has connected, however long it takes (node #54359)', async () => {
    const { log, dial, connect, fail } = attempts();
    const racing = race(['slow', 'dead'], dial, never);
    await vi.advanceTimersByTimeAsync(attemptDelayMs);
    expect(log).toEqual(['begin slow', 'begin dead']);
    fail('dead');
    await vi.advanceTimersByTimeAsync(60_000);
    connect('slow');
    expect(await racing).toBe('slow');
    expect(log).toEqual(['begin slow', 'begin dead']);
  });

  it('begins the next where one has run alone for the delay, and lets go of those that are too late', async () => {
    const { log, dial, connect } = attempts();
    const racing = race(['a', 'b', 'c'], dial, never);
    await vi.advanceTimersByTimeAsync(attemptDelayMs - 1);
    expect(log).toEqual(['begin a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(['begin a', 'begin b']);
    connect('b');
    expect(await racing).toBe('b');
    await vi.advanceTimersByTimeAsync(attemptDelayMs * 2);
    expect(log).toEqual(['begin a', 'begin b', 'cancel a']);
  });

  it('begins the next at once where one fails, and its delay counts from then', async () => {
    const { log, dial, fail, connect } = attempts();
    const racing = race(['a', 'b', 'c'], dial, never);
    await vi.advanceTimersByTimeAsync(100);
    fail('a');
    await vi.advanceTimersByTimeAsync(attemptDelayMs - 1);
    expect(log).toEqual(['begin a', 'begin b']);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(['begin a', 'begin b', 'begin c']);
    connect('c');
    expect(await racing).toBe('c');
  });

  it('fails with all failures, in the order of the addresses', async () => {
    const { dial, fail } = attempts();
    const racing = race(['a', 'b'], dial, never);
    const failed = expect(racing).rejects.toMatchObject({ errors: [{ message: 'a' }, { message: 'b' }] });
    await vi.advanceTimersByTimeAsync(attemptDelayMs);
    fail('b');
    await vi.advanceTimersByTimeAsync(10);
    fail('a');
    await failed;
  });

  it('ends with its signal, and leaves nothing running', async () => {
    const { log, dial } = attempts();
    const controller = new AbortController();
    const racing = race(['a', 'b', 'c'], dial, controller.signal);
    const ended = expect(racing).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(attemptDelayMs);
    controller.abort(new Error('enough'));
    await ended;
    expect(log).toEqual(['begin a', 'begin b', 'cancel a', 'cancel b']);
    expect(vi.getTimerCount()).toBe(0);
    await expect(race(['a'], dial, controller.signal)).rejects.toThrow('enough');
  });

  it('takes an attempt that cannot even begin for one that failed', async () => {
    const { dial, connect } = attempts();
    const racing = race(
      ['bad', 'b'],
      (name) => {
        if (name === 'bad') throw new TypeError('No address.');
        return dial(name);
      },
      never,
    );
    await vi.advanceTimersByTimeAsync(0);
    connect('b');
    expect(await racing).toBe('b');
  });

  it('fails where there is nobody to race', async () => {
    await expect(race([], attempts().dial, never)).rejects.toBeInstanceOf(AggregateError);
  });
});

describe('the order of addresses', () => {
  it.each([
    ['6644', '6464'],
    ['4466', '4646'],
    ['64444', '64444'],
    ['66664', '64666'],
    ['466', '466'],
    ['4', '4'],
    ['', ''],
  ])('%s goes by turns: %s (RFC 8305 §4)', (given, expected) => {
    const addresses = [...given].map((family, index) => ({
      family: family === '6' ? (6 as const) : (4 as const),
      index,
    }));
    const ordered = byTurns(addresses);
    expect(ordered.map(({ family }) => family).join('')).toBe(expected);
    for (const family of [4, 6]) {
      const places = ordered.filter((one) => one.family === family).map(({ index }) => index);
      expect(places).toEqual(places.toSorted((one, other) => one - other));
    }
  });
});
