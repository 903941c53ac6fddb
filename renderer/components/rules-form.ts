import type { AlertRules } from '../../shared/schema/alert-rules.ts';
import { formatMaintenance, parseMaintenance } from '../../shared/schema/maintenance-text.ts';
import {
  formatThreshold,
  parseThreshold,
  type Thresholds,
  thresholdHelp,
} from '../../shared/schema/thresholds.ts';

/** Rules as a form holds them; an empty field inherits. */
export interface RulesForm {
  warning: string;
  critical: string;
  /** Kinds of alerts that are off. */
  muted: string[];
  unreachableMinutes: number | string;
  /** One window per line. */
  maintenance: string;
}

export const mutable = [
  { value: 'expiry', label: 'Expiry' },
  { value: 'problems', label: 'Other problems' },
  { value: 'changes', label: 'Unexpected changes' },
  { value: 'unreachable', label: 'Unreachable hosts' },
] as const satisfies readonly { value: keyof AlertRules; label: string }[];

export const emptyRules: RulesForm = {
  warning: '',
  critical: '',
  muted: [],
  unreachableMinutes: '',
  maintenance: '',
};

export function rulesForm({ thresholds, alerts }: { thresholds: Thresholds; alerts: AlertRules }): RulesForm {
  return {
    warning: formatThreshold(thresholds.warning),
    critical: formatThreshold(thresholds.critical),
    muted: mutable.flatMap(({ value }) => (alerts[value] === false ? [value] : [])),
    unreachableMinutes: alerts.unreachableMinutes ?? '',
    maintenance: formatMaintenance(alerts.maintenance ?? []),
  };
}

export type ReadRules =
  | { ok: true; thresholds: Thresholds; alerts: AlertRules }
  | { ok: false; errors: Partial<Record<keyof RulesForm, string>> };

/**
 * Reads the rules from a form, or returns an error for each invalid field.
 * @param before the rules as they were: a kind that was explicitly on stays on unless it is turned off here
 */
export function readRules(form: RulesForm, before: AlertRules): ReadRules {
  const errors: Partial<Record<keyof RulesForm, string>> = {};
  const threshold = (field: 'warning' | 'critical') => {
    const parsed = parseThreshold(form[field]);
    if (parsed === undefined) errors[field] = thresholdHelp;
    return parsed ?? null;
  };
  const thresholds = { warning: threshold('warning'), critical: threshold('critical') };
  const maintenance = parseMaintenance(form.maintenance);
  if (!maintenance.ok) errors.maintenance = maintenance.message;
  const wanted = (kind: (typeof mutable)[number]['value']) => {
    if (form.muted.includes(kind)) return false;
    return before[kind] === true ? true : null;
  };
  if (Object.keys(errors).length > 0 || !maintenance.ok) return { ok: false, errors };
  return {
    ok: true,
    thresholds,
    alerts: {
      expiry: wanted('expiry'),
      problems: wanted('problems'),
      changes: wanted('changes'),
      unreachable: wanted('unreachable'),
      unreachableMinutes: form.unreachableMinutes === '' ? null : Number(form.unreachableMinutes),
      maintenance: maintenance.windows.length === 0 ? null : maintenance.windows,
    },
  };
}
