import { describe, expect, it } from 'vitest';
import { dateInWords, duration, expiryWords, list, relative } from '../../../shared/text/words.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-11-24T10:00:00Z');

describe('words for times', () => {
  it.each([
    [2 * day + 5 * hour, '2 days'],
    [day, '1 day'],
    [19 * hour, '19 hours'],
    [60_000, '1 minute'],
    [59_000, 'less than a minute'],
    [8 * 365 * day, '8 years'],
  ])('%d ms is %s', (ms, words) => expect(duration(ms)).toBe(words));

  it('tells past from future', () => {
    expect(relative(now + 2 * day, now)).toBe('in 2 days');
    expect(relative(now - 19 * hour, now)).toBe('19 hours ago');
  });
  it('counts expiry in days from a day up, and in hours below', () => {
    expect(expiryWords(now + 900 * day, now)).toBe('in 900 days');
    expect(expiryWords(now + 5 * hour, now)).toBe('in 5 hours');
    expect(expiryWords(now - 3 * day, now)).toBe('3 days ago');
  });
  it('writes dates in UTC', () =>
    expect(dateInWords('2026-11-26T23:59:00Z')).toBe('26 November 2026 at 23:59 UTC'));
});

describe('list', () => {
  it('joins and counts', () => {
    expect(list(['a'])).toBe('a');
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(list(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
  });
});
