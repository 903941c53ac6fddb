import { describe, expect, it } from 'vitest';
import { ParsedCertificate, whyUnreadable } from '../../../electron/engine/verify/certificate.ts';
import { makeCa } from '../../support/pki.ts';

/** A certificate whose dates, both written as UTCTime, are other characters of the same length. */
function withDates(notBefore: string, notAfter: string): Buffer {
  const der = Buffer.from(makeCa().der);
  const times = [...der.toString('latin1').matchAll(/\x17\x0d\d{12}Z/g)];
  expect(times).toHaveLength(2);
  for (const [index, text] of [notBefore, notAfter].entries())
    der.write(text, (times[index]?.index ?? 0) + 2, 'latin1');
  return der;
}

const now = Date.UTC(2026, 0);

describe('the dates of a certificate', () => {
  it('are read as they are written', () => {
    const { notBefore, notAfter } = new ParsedCertificate(withDates('260102030405Z', '270102030405Z'));
    expect([notBefore, notAfter].map((time) => new Date(time).toISOString())).toEqual([
      '2026-01-02T03:04:05.000Z',
      '2027-01-02T03:04:05.000Z',
    ]);
  });

  it.each([
    [':61125005221Z', '270224005221Z'],
    ['260224005221Z', '27x224005221Z'],
    ['261324005221Z', '270224005221Z'],
    ['260224005221Z', '270230005221Z'],
    ['2602240052210', '270224005221Z'],
  ])('are refused where they are no times: %s and %s', (notBefore, notAfter) => {
    expect(() => new ParsedCertificate(withDates(notBefore, notAfter))).toThrow('dates cannot be read');
  });

  it('without seconds, which OpenSSL reads, are what is wrong with the certificate, and not its form (17 and 39 of the reports)', () => {
    const whole = makeCa().der;
    const at = [...whole.toString('latin1').matchAll(/\x17\x0d\d{12}Z/g)].map(({ index }) => index);
    const [first = 0, second = 0] = at;
    const short = (from: number) => [
      Buffer.of(0x17, 11),
      whole.subarray(from + 2, from + 12),
      Buffer.from('Z'),
    ];
    const der = Buffer.concat([
      whole.subarray(0, first),
      ...short(first),
      ...short(second),
      whole.subarray(second + 15),
    ]);
    der.writeUInt8(der.readUInt8(first - 1) - 4, first - 1);
    for (const length of [2, 6]) der.writeUInt16BE(der.readUInt16BE(length) - 4, length);
    expect(() => new ParsedCertificate(der)).toThrow();
    expect(whyUnreadable(der)).toBe('its dates are not in the form that certificates use');
    expect(whyUnreadable(withDates('261324005221Z', '270224005221Z'))).toMatch(/^its dates/);
    expect(whyUnreadable(whole.subarray(0, -1))).toBe('an element is cut off');
    expect(whyUnreadable(undefined)).toBe('it is broken');
  });

  it.each([
    ['the last second that dates can express', 253_402_300_799_000],
    ['the last that UTCTime can', Date.UTC(2050, 0) - 1000],
    ['the first that UTCTime cannot', Date.UTC(2050, 0)],
  ])('reach %s (RFC 5280 §4.1.2.5)', (_, time) => {
    const { der } = makeCa('Late', { notAfterDays: (time - now) / 86_400_000, now });
    expect(new ParsedCertificate(der).notAfter).toBe(time);
    expect(new ParsedCertificate(der).details?.hasUnusualDates).toBe(false);
  });
});
