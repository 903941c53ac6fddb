import { describe, expect, it } from 'vitest';
import { type AlertCause, alertText, type KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { Evidence } from '../../../shared/domain/problems/evidence.ts';
import { problemEntries } from '../../../shared/domain/problems/problem-kinds.ts';
import { liveParts, liveTitle } from '../../../shared/text/live-text.ts';
import { dateInWords } from '../../../shared/text/words.ts';
import { checkResult } from '../../support/check-result.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-25T10:19:00Z');
const shown = (text: string, at: number) =>
  liveParts(text, at)
    .map((part) => (typeof part === 'string' ? part : new Date(part.at).toISOString()))
    .join('');

describe('a stored sentence', () => {
  it.each([
    [
      'Expires in 3 days, on 28 November 2026 at 10:19 UTC.',
      'Expires in 1 day, on 2026-11-28T10:19:00.000Z.',
    ],
    [
      'Expires in 1 day, on 26 November 2026 at 10:19 UTC.',
      'Expired 1 day ago, on 2026-11-26T10:19:00.000Z.',
    ],
    [
      'Expired 40 days ago, on 16 October 2026 at 10:19 UTC.',
      'Expired 42 days ago, on 2026-10-16T10:19:00.000Z.',
    ],
    [
      '“CA 2”, further up the chain, expires in less than a minute, on 25 November 2026 at 10:19 UTC, before',
      '“CA 2”, further up the chain, expired 2 days ago, on 2026-11-25T10:19:00.000Z, before',
    ],
    [
      'Revoked by its issuer on 1 January 2026 at 00:00 UTC.',
      'Revoked by its issuer on 2026-01-01T00:00:00.000Z.',
    ],
    ['No date at all: 28 November 2026.', 'No date at all: 28 November 2026.'],
  ])('%s two days later', (stored, expected) => expect(shown(stored, now + 2 * day)).toBe(expected));

  it('gives back every date that was written', () => {
    for (let month = 0; month < 12; month += 1) {
      const at = Date.UTC(2026, month, 28, 23, 59);
      expect(liveParts(dateInWords(at), now)).toEqual([{ at }]);
    }
  });
});

const leaf = (validTo: number): KnownLeaf => ({
  fingerprint: 'AB',
  issuer: 'CN=Example CA',
  key: null,
  validFrom: validTo - 90 * day,
  validTo,
  firstSeenAt: validTo - 90 * day,
});
const [old, next] = [leaf(now - 60 * day), leaf(now + 20 * day)];
const causes: { [Kind in AlertCause['kind']]: Extract<AlertCause, { kind: Kind }> } = {
  expired: { kind: 'expired', leaf: leaf(now - day), leaves: [], unseenSince: null },
  expiring: { kind: 'expiring', leaf: next, leaves: [], unseenSince: now - 3 * day },
  'renewal-overdue': { kind: 'renewal-overdue', leaf: next, leaves: [old, next], unseenSince: null },
  unreachable: { kind: 'unreachable', message: 'Nothing listens.', since: now - day, count: 3 },
  problem: {
    kind: 'problem',
    problem: { code: 'weak-key', severity: 'critical', message: 'Weak.', remedy: '' },
  },
  changed: { kind: 'changed', from: next, to: leaf(now + 80 * day), isOtherIssuer: true, isOtherKey: true },
  renewed: { kind: 'renewed', from: next, to: leaf(now + 80 * day), isOtherIssuer: true },
  recovered: { kind: 'recovered', resolved: [], stillOpen: 0 },
  'partly-renewed': {
    kind: 'partly-renewed',
    renewed: [{ file: '/etc/ssl/mail.pem' }],
    stale: [{ host: 'mail.example.com', port: 587, starttls: 'smtp' }],
    validTo: now + 20 * day,
  },
  unstable: { kind: 'unstable', keys: ['unreachable', 'problem:weak-key'], turns: 7, looks: 20 },
};

describe('what is stored now, read two days later, says what would be stored then', () => {
  it.each(Object.values(causes))('an alert: $kind', (cause) => {
    const at = (stored: number, read: number) => {
      const text = alertText('mail', cause, stored);
      return [liveTitle(text, read), shown(text.body, read)];
    };
    expect(at(now, now + 2 * day)).toEqual(at(now + 2 * day, now + 2 * day));
    expect(at(now, now + 25 * day)).toEqual([expect.any(String), expect.not.stringMatching(/in 20 days/)]);
  });

  it.each(problemEntries)('a problem: %s', (_code, { find }) => {
    const { certificate } = checkResult({ problems: [], now });
    if (!certificate) throw new Error('The example has a certificate.');
    const evidence = (at: number, validTo: number): Evidence => ({
      host: 'host',
      nameMatch: 'uncovered',
      judgesTrust: true,
      leaf: { ...certificate, validTo: new Date(validTo).toISOString() },
      chain: {
        kind: 'trusted',
        path: [certificate],
        firstExpiry: { name: 'CA 2', validTo: new Date(validTo - day / 2).toISOString(), isRoot: false },
        faults: [],
        isPublic: true,
        distrustedAfter: new Date(now - 100 * day).toISOString(),
      },
      protocol: 'TLSv1',
      refusedSuite: null,
      newerSeen: new Date(now + 90 * day).toISOString(),
      keyFault: { ending: 'It hung up.', lacksClientCertificate: false },
      transparency: { scts: [], isComplete: true },
      stapling: {
        isDemanded: true,
        isStapled: false,
        endsAt: new Date(now - day).toISOString(),
        fault: null,
        hasOcspAddress: true,
      },
      uncheckedSince: new Date(now - 3 * day).toISOString(),
      revokedAt: new Date(now - day).toISOString(),
      thresholds: { warning: null, critical: null },
      now: at,
    });
    for (const validTo of [now + 20.5 * day, now + 6.5 * day, now - 5.5 * day]) {
      const words = (at: number) => shown(find(evidence(at, validTo))?.message ?? '', now + 2 * day);
      expect(words(now)).toBe(words(now + 2 * day));
    }
  });
});
