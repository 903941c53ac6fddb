import { describe, expect, it } from 'vitest';
import { checksWords, nextAnnouncement } from '../../renderer/hosts/checks-words.ts';

describe('checksWords', () => {
  it('tells what runs from what waits', () => {
    expect(checksWords({ done: 0, running: 10, waiting: 89 })).toBe('0 checked, 10 running, 89 waiting');
    expect(checksWords({ done: 1234, running: 10, waiting: 0 })).toBe('1,234 checked, 10 running, 0 waiting');
    expect(checksWords({ done: 0, running: 1, waiting: 0 })).toBe('1 running');
  });
});

describe('nextAnnouncement', () => {
  /** What is heard while 100 checks run ten at a time. */
  const heard = (isStopped: boolean) => {
    const words: string[] = [];
    let announced: number | null = null;
    const tell = (done: number, running: number, waiting: number) => {
      const next = nextAnnouncement({ done, running, waiting }, announced, isStopped);
      announced = next.announced;
      if (next.words !== null) words.push(next.words);
    };
    for (let done = 0; done < 100; done += 1) tell(done, Math.min(10, 100 - done), Math.max(0, 90 - done));
    tell(100, 0, 0);
    tell(0, 1, 0);
    tell(1, 0, 0);
    return words;
  };

  it('is of the beginning, each quarter and the end, and of no check that waits for none', () => {
    expect(heard(false)).toEqual([
      '0 checked, 10 running, 90 waiting',
      '25 checked, 10 running, 65 waiting',
      '50 checked, 10 running, 40 waiting',
      '75 checked, 10 running, 15 waiting',
      '100 checks finished',
    ]);
    expect(heard(true).at(-1)).toBe('100 checks finished, the others stopped');
  });

  it('counts quarters again where checks are added', () => {
    expect(nextAnnouncement({ done: 60, running: 10, waiting: 330 }, 2, false)).toEqual({
      words: null,
      announced: 0,
    });
  });
});
