import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
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
});
