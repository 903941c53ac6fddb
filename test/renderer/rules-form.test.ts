import { describe, expect, it } from 'vitest';
import { emptyRules, readRules, rulesForm } from '../../renderer/components/rules-form.ts';
import { type AlertRules, inheritedRules } from '../../shared/schema/alert-rules.ts';
import { defaultThresholds } from '../../shared/schema/thresholds.ts';

describe('the form of rules', () => {
  const alerts: AlertRules = {
    ...inheritedRules,
    expiry: true,
    changes: false,
    unreachableMinutes: 45,
  };
  const thresholds = { warning: { days: 20 }, critical: { share: 0.05 } };

  it('shows rules and gives them back unchanged', () => {
    expect(readRules(rulesForm({ thresholds, alerts }), alerts)).toEqual({ ok: true, thresholds, alerts });
  });

  it('inherits everything when it is empty', () => {
    expect(readRules(emptyRules, inheritedRules)).toEqual({
      ok: true,
      thresholds: defaultThresholds,
      alerts: inheritedRules,
    });
  });

  it('mutes what was explicitly wanted, and inherits what is no longer silenced', () => {
    const silenced = readRules({ ...emptyRules, silenced: ['expiry'] }, alerts);
    expect(silenced).toMatchObject({ ok: true, alerts: { expiry: false, changes: null } });
  });

  it('names every field that it cannot read', () => {
    const read = readRules(
      { ...emptyRules, warning: 'soon', critical: '-1', maintenance: 'some Sunday' },
      inheritedRules,
    );
    expect(read.ok).toBe(false);
    if (!read.ok) expect(Object.keys(read.errors).toSorted()).toEqual(['critical', 'maintenance', 'warning']);
  });
});

describe('further notification points', () => {
  const read = (notifyAt: string) => readRules({ ...emptyRules, notifyAt }, inheritedRules);
  it('are read from one line, inherited where it is empty, and named where they cannot be read', () => {
    expect(read('60, 14')).toMatchObject({ ok: true, alerts: { notifyAt: [{ days: 60 }, { days: 14 }] } });
    expect(read('none')).toMatchObject({ ok: true, alerts: { notifyAt: [] } });
    expect(read('')).toMatchObject({ ok: true, alerts: { notifyAt: null } });
    expect(read('soon')).toMatchObject({
      ok: false,
      errors: { notifyAt: expect.stringContaining('60, 30') },
    });
  });
});

describe('thresholds that make no sense', () => {
  const read = (warning: string, critical: string) => {
    const result = readRules({ ...emptyRules, warning, critical }, inheritedRules);
    return result.ok ? null : result.errors;
  };
  it('are refused with what to enter', () => {
    expect(read('7', '10')).toEqual({ critical: 'Enter 7 days or less: the warning is at 7 days.' });
    expect(read('10 %', '20 %')).toEqual({ critical: 'Enter 10 % or less: the warning is at 10 %.' });
    expect(read('0', '')).toEqual({ warning: expect.stringMatching(/^Enter more than 0\./) });
    expect(read('', '0 %')).toEqual({ critical: expect.stringMatching(/^Enter more than 0\./) });
  });
  it('are not mistaken for those that do', () => {
    expect(read('7', '7')).toBeNull();
    expect(read('30 %', '20')).toBeNull();
    expect(read('', '20')).toBeNull();
  });
});
