import type { AlertRules } from '../../shared/schema/alert-rules.ts';
import { formatMaintenance, parseMaintenance } from '../../shared/schema/maintenance-text.ts';
import {
  formatNotifyAt,
  formatThreshold,
  notifyAtHelp,
  parseNotifyAt,
  parseThreshold,
  type Threshold,
  type Thresholds,
  thresholdHelp,
} from '../../shared/schema/thresholds.ts';

/** Rules as a form holds them; an empty field inherits. */
export interface RulesForm {
  warning: string;
  critical: string;
  /** Further notification points, separated by commas. */
  notifyAt: string;
  /** Kinds of alerts that are off. */
  silenced: string[];
  unreachableMinutes: number | string;
  /** One window per line. */
  maintenance: string;
}

export const silenceable = [
  { value: 'expiry', label: 'Expiry' },
  { value: 'problems', label: 'Other problems' },
  { value: 'changes', label: 'Unexpected changes' },
  { value: 'unreachable', label: 'Unreachable hosts' },
] as const satisfies readonly { value: keyof AlertRules; label: string }[];

export const emptyRules: RulesForm = {
  warning: '',
  critical: '',
  notifyAt: '',
  silenced: [],
  unreachableMinutes: '',
  maintenance: '',
};

export function rulesForm({ thresholds, alerts }: { thresholds: Thresholds; alerts: AlertRules }): RulesForm {
  return {
    warning: formatThreshold(thresholds.warning),
    critical: formatThreshold(thresholds.critical),
    notifyAt: formatNotifyAt(alerts.notifyAt),
    silenced: silenceable.flatMap(({ value }) => (alerts[value] === false ? [value] : [])),
    unreachableMinutes: alerts.unreachableMinutes ?? '',
    maintenance: formatMaintenance(alerts.maintenance ?? []),
  };
}

type RulesErrors = Partial<Record<keyof RulesForm, string>>;

/** Reads both thresholds, or returns an error for each invalid one. */
export function readThresholds({
  warning,
  critical,
}: Pick<RulesForm, 'warning' | 'critical'>):
  | { ok: true; thresholds: Thresholds }
  | { ok: false; errors: RulesErrors } {
  const errors: RulesErrors = {};
  const read = (field: 'warning' | 'critical', text: string) => {
    const parsed = parseThreshold(text);
    if (parsed === undefined) errors[field] = thresholdHelp;
    else if (parsed !== null && amountOf(parsed) === 0)
      errors[field] = 'Enter more than 0. To get no expiry alerts, choose Expiry under “Don’t alert about”.';
    return parsed ?? null;
  };
  const thresholds = { warning: read('warning', warning), critical: read('critical', critical) };
  const limit = thresholds.warning;
  if (limit && thresholds.critical && 'days' in limit === 'days' in thresholds.critical) {
    if (amountOf(thresholds.critical) > amountOf(limit))
      errors.critical ??= `Enter ${formatThreshold(limit)} or less: the warning is at ${formatThreshold(limit)}.`;
  }
  return Object.keys(errors).length === 0 ? { ok: true, thresholds } : { ok: false, errors };
}

const amountOf = (threshold: Threshold) => ('days' in threshold ? threshold.days : threshold.share);

export type ReadRules =
  | { ok: true; thresholds: Thresholds; alerts: AlertRules }
  | { ok: false; errors: RulesErrors };

/**
 * Reads the rules from a form, or returns an error for each invalid field.
 * @param before the rules as they were: a kind that was explicitly on stays on unless it is turned off here
 */
export function readRules(form: RulesForm, before: AlertRules): ReadRules {
  const read = readThresholds(form);
  const errors: RulesErrors = read.ok ? {} : { ...read.errors };
  const maintenance = parseMaintenance(form.maintenance);
  if (!maintenance.ok) errors.maintenance = maintenance.message;
  const notifyAt = parseNotifyAt(form.notifyAt);
  if (notifyAt === undefined) errors.notifyAt = notifyAtHelp;
  const wanted = (kind: (typeof silenceable)[number]['value']) => {
    if (form.silenced.includes(kind)) return false;
    return before[kind] === true ? true : null;
  };
  if (!read.ok || !maintenance.ok || notifyAt === undefined) return { ok: false, errors };
  return {
    ok: true,
    thresholds: read.thresholds,
    alerts: {
      expiry: wanted('expiry'),
      problems: wanted('problems'),
      changes: wanted('changes'),
      unreachable: wanted('unreachable'),
      unreachableMinutes: form.unreachableMinutes === '' ? null : Number(form.unreachableMinutes),
      remindEveryDays: before.remindEveryDays,
      notifyAt,
      maintenance: maintenance.windows.length === 0 ? null : maintenance.windows,
    },
  };
}
