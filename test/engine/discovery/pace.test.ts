import { describe, expect, it } from 'vitest';
import { HostTurns } from '../../../electron/engine/discovery/host-turns.ts';
import { ConnectionPace, type PaceClock } from '../../../electron/engine/discovery/pace.ts';
import { ShuffledPairs } from '../../../electron/engine/discovery/shuffled-pairs.ts';

/** A clock that a test owns: sleeping moves it, late by what the test says. */
class OwnClock implements PaceClock {
  time = 0;
  lateMs = 0;
  now() {
    return this.time;
  }
  async sleep(ms: number) {
    this.time += ms + this.lateMs;
  }
}

const { signal } = new AbortController();

function mostInAnySecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
}

describe('the pace of connections', () => {
  it.each([
    [20, 0],
    [20, 7],
    [200, 3],
    [1, 0],
  ])('is at most %d a second and one, with timers that are %d ms late', async (rate, lateMs) => {
    const clock = new OwnClock();
    clock.lateMs = lateMs;
    const pace = new ConnectionPace(rate, clock);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: rate * 6 }, () => pace.next(signal).then(() => times.push(clock.time))),
    );
    expect(mostInAnySecond(times)).toBeLessThanOrEqual(rate + 1);
    expect(clock.time).toBeGreaterThanOrEqual(5_000);
  });

  it('makes up for a stall by one place alone', async () => {
    const clock = new OwnClock();
    const pace = new ConnectionPace(20, clock);
    const times: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      if (index === 10) clock.time += 5_000;
      await pace.next(signal);
      times.push(clock.time);
    }
    expect(mostInAnySecond(times)).toBeLessThanOrEqual(21);
  });

  it('ends for whoever waits once the search is stopped', async () => {
    const stop = new AbortController();
    const pace = new ConnectionPace(1);
    await pace.next(stop.signal);
    const waiting = [pace.next(stop.signal), pace.next(stop.signal)];
    stop.abort(new Error('stopped'));
    for (const one of waiting) await expect(one).rejects.toThrow('stopped');
  });
});

describe('the order of connections', () => {
  const addresses = Array.from({ length: 256 }, (_, index) => `10.0.0.${index}`);
  const keys = (pairs: ShuffledPairs) =>
    Array.from({ length: pairs.length }, (_, index) => {
      const { address, port } = pairs.at(index);
      return `${address}:${port}`;
    });

  it('has every pair once, shuffled, and the same again for the same seed', () => {
    const more = [{ address: '10.9.0.1', port: 25, starttls: 'smtp' as const }];
    const one = keys(new ShuffledPairs(addresses, [443, 8443], more, 7));
    expect(new Set(one).size).toBe(513);
    expect(one).toEqual(keys(new ShuffledPairs(addresses, [443, 8443], more, 7)));
    expect(one).not.toEqual(keys(new ShuffledPairs(addresses, [443, 8443], more, 8)));
    const neighbours = one.filter((key, index) => key.split(':')[0] === one[index + 1]?.split(':')[0]);
    expect(neighbours.length).toBeLessThan(20);
  });

  it('gives out one pair of a host at a time, and loses none', () => {
    const turns = new HostTurns(new ShuffledPairs(['10.0.0.1', '10.0.0.2'], [1, 2, 3], [], 1), 1, 0);
    const seen: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const [first, second, third] = [turns.take(), turns.take(), turns.take()];
      expect(third).toBeNull();
      for (const turn of [first, second]) {
        if (!turn) throw new Error('A turn is missing.');
        seen.push(`${turn.endpoint.address}:${turn.endpoint.port}`);
        turns.release(turn.endpoint.address);
      }
    }
    expect(new Set(seen).size).toBe(6);
    expect(turns.take()).toBeNull();
  });
});
