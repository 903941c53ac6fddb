import { expect, it } from 'vitest';
import { retryAfterMs } from '../../../electron/engine/channels/retry-after.ts';

const now = Date.parse('1994-11-06T08:49:00Z');
const minute = 60_000;

/** The three forms of RFC 9110 §5.6.7, by its own example: all are 8:49:37 on 6 November 1994. */
it.each([
  ['in seconds', '120', 2 * minute],
  ['in no seconds', '0', 0],
  ['as IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['as RFC 850 has it', 'Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
  ['as asctime() has it', 'Sun Nov  6 08:49:37 1994', 37_000],
  ['in the past', 'Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ['with spaces around', ' 60 ', minute],
])('reads a time %s', (_what, value, expected) => {
  expect(retryAfterMs(value, undefined, now)).toBe(expected);
});

it('counts from the clock of the server, which says what it shows', () => {
  expect(retryAfterMs('Sun, 06 Nov 1994 10:05:00 GMT', 'Sun, 06 Nov 1994 10:00:00 GMT', now)).toBe(
    5 * minute,
  );
  expect(retryAfterMs('Sun, 06 Nov 1994 08:50:00 GMT', 'yesterday', now)).toBe(minute);
});

it.each(['-5', '1e3', '1.5', '0x10', 'soon', '', 'Sun, 99 Nov 1994 08:49:37 GMT', '2027-01-01T00:00:00Z'])(
  'does not read "%s"',
  (value) => expect(retryAfterMs(value, undefined, now)).toBeNull(),
);
