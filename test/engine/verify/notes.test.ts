import { describe, expect, it } from 'vitest';
import { worstStatus } from '../../../electron/cli/exit-status.ts';
import { renderAll } from '../../../electron/cli/formats/check-formats.ts';
import { renderText } from '../../../electron/cli/formats/result-text.ts';
import { problemConditions } from '../../../electron/engine/alerts/conditions.ts';
import { statusOf, worstFirst } from '../../../electron/engine/verify/find-problems.ts';
import { reevaluate } from '../../../electron/engine/verify/reevaluate.ts';
import { needsPerson } from '../../../shared/domain/job-urgency.ts';
import { inheritedRules, resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { CheckResult, Problem } from '../../../shared/schema/check-result.ts';
import { headline } from '../../../shared/text/headline.ts';
import { checkResult } from '../../support/check-result.ts';
import { jobView } from '../../support/job-view.ts';

const problem = (severity: Problem['severity'], code: Problem['code']): Problem => ({
  code,
  severity,
  message: `A ${severity}.`,
  remedy: 'Nothing needs to be done.',
});
const note = problem('note', 'weak-signature');
const now = Date.parse('2026-07-01T00:00:00Z');
const noted: CheckResult = checkResult({ problems: [note], now });
const rules = resolveRules(
  { thresholds: { warning: null, critical: null }, alerts: inheritedRules, tags: [] },
  { thresholds: { warning: null, critical: null }, alerts: inheritedRules, tagRules: [] },
);
const asText = (result: CheckResult) => renderText('host', result, process.stdout);
const format = (name: 'csv' | 'junit' | 'nagios' | 'table' | 'json', result: CheckResult) =>
  renderAll(name, [{ name: 'host', result }], process.stdout);

describe('a note', () => {
  it('comes after what counts, and changes neither status nor exit status', () => {
    const critical = problem('critical', 'expired');
    const warning = problem('warning', 'expiring');
    expect(worstFirst([note, warning, critical])).toEqual([critical, warning, note]);
    expect(statusOf([note])).toBe('ok');
    expect(statusOf([note, warning])).toBe('warning');
    expect(worstStatus([noted])).toBe(0);
  });

  it('stays a note when a result is judged again later', () => {
    const later = reevaluate(noted, { warning: { days: 20 }, critical: { days: 5 } }, now);
    expect(later).toMatchObject({ status: 'ok', problems: [note] });
    const late = reevaluate(noted, { warning: { days: 80 }, critical: { days: 5 } }, now);
    expect(late).toMatchObject({ status: 'warning', problems: [{ code: 'expiring' }, note] });
  });

  it('alerts nobody and asks for no attention', () => {
    const conditions = (problems: Problem[]) => problemConditions({ problems, hasChainEnded: false }, rules);
    expect(conditions([note])).toEqual([]);
    expect(conditions([note, problem('warning', 'weak-key')])).toMatchObject([{ key: 'problem:weak-key' }]);
    const job = jobView('host', 60, now, { problems: [note] });
    expect(needsPerson(job)).toBe(false);
    expect(headline([job], now).title).toBe('The host is OK');
  });

  it('is printed with the result, and by no format that lists what is wrong', () => {
    expect(asText(noted)).toContain('    Note: A note.');
    expect(asText(noted)).toContain('✓ ok');
    expect(JSON.parse(format('json', noted))).toMatchObject([{ problems: [note] }]);
    expect(format('junit', noted)).not.toContain('<failure');
    for (const name of ['nagios', 'table'] as const) expect(format(name, noted)).not.toContain('A note.');
  });
});
