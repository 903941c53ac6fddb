import { afterEach, describe, expect, it } from 'vitest';
import { isQuiet, pauseUntil, tomorrow } from '../../../shared/domain/pause.ts';

const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe('tomorrow', () => {
  it.each([
    ['in the afternoon', 'Europe/Berlin', '2026-11-24T15:00:00Z', '2026-11-25T07:00:00.000Z'],
    ['before midnight', 'Europe/Berlin', '2026-11-24T22:59:00Z', '2026-11-25T07:00:00.000Z'],
    ['at night, the morning to come', 'Europe/Berlin', '2026-11-25T02:59:00Z', '2026-11-25T07:00:00.000Z'],
    ['early in the morning', 'Europe/Berlin', '2026-11-25T03:00:00Z', '2026-11-26T07:00:00.000Z'],
    ['the clocks go forward', 'Europe/Berlin', '2027-03-27T20:00:00Z', '2027-03-28T06:00:00.000Z'],
    ['the clocks go back', 'Europe/Berlin', '2027-10-30T20:00:00Z', '2027-10-31T07:00:00.000Z'],
    ['the clocks go back, at night', 'Europe/Berlin', '2027-10-31T01:30:00Z', '2027-10-31T07:00:00.000Z'],
    ['at the end of a year', 'Pacific/Auckland', '2026-12-31T05:00:00Z', '2026-12-31T19:00:00.000Z'],
    ['a zone of quarter hours', 'Asia/Kathmandu', '2026-11-24T15:00:00Z', '2026-11-25T02:15:00.000Z'],
  ])('is at 8:00 by local time: %s', (_when, timezone, now, expected) => {
    process.env['TZ'] = timezone;
    expect(tomorrow(Date.parse(now))).toBe(expected);
    expect(pauseUntil('tomorrow', Date.parse(now))).toBe(expected);
  });
});

describe('isQuiet', () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  it.each([
    [null, false],
    ['2026-11-24T10:00:01Z', true],
    ['2026-11-24T11:00:01+01:00', true],
    ['2026-11-24T10:00:00Z', false],
    ['2025-01-01T00:00:00Z', false],
  ])('until %s: %s', (until, expected) => expect(isQuiet(until, now)).toBe(expected));
});
