import { describe, expect, it } from 'vitest';
import { noticeOf } from '../../../electron/desktop/notifications/notice.ts';
import { digestWords } from '../../../electron/engine/alerts/digest-text.ts';
import { alertKindNames, alertKinds } from '../../../shared/domain/alerts/kinds.ts';
import { compareSeverity, worstSeverity } from '../../../shared/domain/severity.ts';
import { type Alert, alertSchema } from '../../../shared/schema/alert.ts';

const alertOf = (kind: Alert['kind'], id: number): Alert => ({
  id,
  jobId: `c0ffee00-0000-4000-8000-00000000000${id}`,
  key: kind,
  raisedAt: '2026-11-24T10:00:00.000Z',
  kind,
  severity: alertKinds[kind].digest ? 'warning' : 'info',
  title: `${kind} title`,
  body: '',
  notifiedAt: null,
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
});

describe('the table of alert kinds', () => {
  it('is what the contract knows, in its order', () => {
    expect(alertSchema.shape.kind.options).toEqual(alertKindNames);
  });

  it.each(alertKindNames)('%s has its words in a digest, or is good news', (kind) => {
    const { digest } = alertKinds[kind];
    const { title, body } = digestWords(
      [1, 2, 3, 4].map((id) => alertOf(kind, id)),
      () => 'a host',
    );
    if (digest) expect(body).toContain(digest(4));
    else expect(title).toMatch(/OK again|were renewed/);
  });

  it('puts the same kind first in a notification whatever order alerts come in', () => {
    const bad = alertKindNames.filter((kind) => alertKinds[kind].digest !== null);
    const alerts = bad.map((kind, index) => alertOf(kind, index + 1));
    for (const [index, kind] of bad.entries()) {
      const rest = alerts.slice(index);
      for (const order of [rest, rest.toReversed()])
        expect(noticeOf(order, false)?.title).toBe(`${kind} title`);
    }
  });
});

describe('severities', () => {
  it('sort with the worst first', () => {
    expect((['info', 'critical', 'warning'] as const).toSorted(compareSeverity)).toEqual([
      'critical',
      'warning',
      'info',
    ]);
    expect([worstSeverity([]), worstSeverity(['info', 'critical', 'warning'])]).toEqual(['info', 'critical']);
  });
});
