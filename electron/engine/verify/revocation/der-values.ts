import { type DerElement, DerError, tags } from '../x509/der.ts';

/** Reads a GeneralizedTime or UTCTime (RFC 5280 §4.1.2.5), in milliseconds since the epoch. @throws DerError */
export function readTime(element: DerElement | undefined, what: string): number {
  const text = element?.content.toString('latin1') ?? '';
  const match =
    element?.tag === tags.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z$/.exec(text);
  const isTime = element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1).map(Number);
  if (!match || !isTime) throw new DerError(`${what} is no time`);
  // Two digits mean 1950 to 2049 (RFC 5280 §4.1.2.5.1).
  const isShort = element.tag === tags.utcTime;
  const century = year < 50 ? 2000 : 1900;
  const time = new Date(0);
  time.setUTCFullYear(isShort ? century + year : year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  const isReal = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour < 24 && minute < 60;
  if (!isReal || second > 60) throw new DerError(`${what} is no time`);
  return time.getTime();
}

/** CRLReason (RFC 5280 §5.3.1), by its number. */
const reasons: readonly (string | null)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  null,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];
const enumerated = 0x0a;

/** Reads why a certificate was revoked; null where it does not say. */
export function readReason(element: DerElement | null): string | null {
  if (element?.tag !== enumerated || element.content.length !== 1) return null;
  return reasons[element.content[0] ?? 0] ?? null;
}

export const isoOrNull = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();
