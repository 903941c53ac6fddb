import { describe, expect, it } from 'vitest';
import {
  describeRenewals,
  expectedRenewal,
  renewalOverdue,
  renewalsOf,
  usualLeadMs,
} from '../../../shared/domain/renewals.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const iso = (days: number) => new Date(start + days * day).toISOString();
/** A certificate seen first on a day, valid from then for so many days. */
const seen = (firstDay: number, lifetime: number) => ({
  firstSeenAt: iso(firstDay),
  validFrom: iso(firstDay),
  validTo: iso(firstDay + lifetime),
});
/** 90-day certificates, each renewed so many days before the one before expires. */
const renewed = (...leads: number[]) => {
  const certificates = [seen(0, 90)];
  let firstDay = 0;
  for (const lead of leads) {
    firstDay += 90 - lead;
    certificates.push(seen(firstDay, 90));
  }
  return certificates;
};

describe('renewals', () => {
  it.each<[string, ReturnType<typeof seen>[], string | null]>([
    ['no certificate', [], null],
    ['one certificate', [seen(0, 90)], null],
    ['one renewal', renewed(30), 'renewed 30 days before expiry the last time'],
    ['three alike', renewed(23, 23, 23), 'renewed 23 days before expiry the last three times'],
    ['give or take a day', renewed(30, 29, 30), 'renewed 30 days before expiry the last three times'],
    ['a change of habit', renewed(30, 30, 10), 'renewed 10 days before expiry the last time'],
    ['too late', [seen(0, 90), seen(92, 90)], 'renewed 2 days after expiry the last time'],
  ])('of %s', (_what, sightings, words) => expect(describeRenewals(sightings)).toBe(words));

  it('are no renewals where the other certificate was issued earlier: a second server with an older one', () => {
    const older = { firstSeenAt: iso(5), validFrom: iso(-60), validTo: iso(30) };
    expect(renewalsOf([seen(0, 90), older])).toEqual([]);
  });
  it('are renewals where the next certificate lasts shorter', () => {
    const [renewal] = renewalsOf([seen(0, 398), seen(100, 90)]);
    expect(renewal).toMatchObject({ leadMs: 298 * day });
  });
  it('leave a one-off replacement out of the habit, and not one that is repeated', () => {
    expect(usualLeadMs([seen(0, 398), seen(100, 90), seen(160, 90)])).toBe(30 * day);
    expect(usualLeadMs(renewed(75))).toBeNull();
    expect(usualLeadMs(renewed(75, 75))).toBe(75 * day);
  });
  it('forgive one that was late once there are three', () => {
    const thresholds = { warning: null, critical: null };
    const overdue = (...leads: number[]) => {
      const all = renewed(...leads);
      const at = renewalOverdue(all, thresholds);
      return at === null ? null : (Date.parse(all.at(-1)?.validTo ?? '') - at) / day;
    };
    expect(overdue(30, 30, 3)).toBe(25.5);
    expect(overdue(30, 3)).toBeNull();
  });
  it('are described in hours where they are hours', () => {
    const hourly = [seen(0, 1), seen(1 / 24, 1), seen(2 / 24, 1)];
    expect(describeRenewals(hourly)).toBe('renewed 23 hours before expiry the last two times');
  });
  it('are found in whatever order they are given', () => {
    expect(renewalsOf(renewed(30, 20).toReversed()).map(({ leadMs }) => leadMs / day)).toEqual([30, 20]);
  });
  it('give the usual lead by their median, one early renewal by hand notwithstanding', () => {
    expect(usualLeadMs(renewed(30, 30, 80, 30, 29))).toBe(30 * day);
    expect(usualLeadMs([seen(0, 90)])).toBeNull();
  });
  it('tell when the next is expected', () => {
    const sightings = renewed(30, 30);
    expect(expectedRenewal(sightings)).toBe(start + (120 + 90 - 30) * day);
    expect(expectedRenewal([seen(0, 90)])).toBeNull();
  });
});
