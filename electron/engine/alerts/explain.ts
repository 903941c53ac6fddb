import { isInForce } from '../../../shared/domain/acceptance.ts';
import { thresholdAt } from '../../../shared/domain/expiry.ts';
import { isQuiet } from '../../../shared/domain/pause.ts';
import { describeRenewals } from '../../../shared/domain/renewals.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { type AlertRules, resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { Explanation } from '../../../shared/schema/explanation.ts';
import type { Job, LastCheck } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import type { Sighting } from '../../../shared/schema/sighting.ts';
import { formatNotifyAt, formatThreshold, type Thresholds } from '../../../shared/schema/thresholds.ts';
import { hoursEnd, maintenanceEnd, quietEnd } from '../../../shared/schema/time-window.ts';

/** What alerts of a job go by. */
export interface ExplainedFacts {
  job: Job;
  settings: Settings;
  last: LastCheck | null;
  sightings: readonly Sighting[];
  /** Its newest alerts first. */
  alerts: readonly Alert[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** Says why people were, or were not, notified of a job: the rules in force and where they come from, and what holds alerts back. */
export function explain({ job, settings, last, sightings, alerts, now }: ExplainedFacts): Explanation {
  const rules = resolveRules(job, settings);
  const maintenance = rules.alerts.maintenance.map((window) => maintenanceEnd(window, now));
  const ends = maintenance.filter((end) => end !== null);
  const hoursUntil = settings.quietHours && hoursEnd(settings.quietHours, now);
  const quietUntil = quietEnd(settings, now); // Quiet that ends within quiet hours lasts until these end.
  const times = last?.validFrom && last.validTo ? timesOf(last.validFrom, last.validTo) : null;
  const threshold = (level: 'warning' | 'critical') => ({
    value: formatThreshold(rules.thresholds[level]) || defaults[level],
    source: sourceOf(job, settings, (ruled) => ruled.thresholds[level]),
    at: times && iso(thresholdAt(level, times, rules.thresholds)),
  });
  const rule = (name: keyof AlertRules) => ({
    rule: name,
    value: name === 'notifyAt' ? formatNotifyAt(rules.alerts.notifyAt) : describeValue(rules.alerts[name]),
    source: sourceOf(job, settings, (ruled) => ruled.alerts[name]),
  });
  const open = alerts.filter(({ resolvedAt, severity }) => resolvedAt === null && severity !== 'info');
  return {
    warning: threshold('warning'),
    critical: threshold('critical'),
    rules: ruleNames.map(rule),
    renewals: {
      habit: describeRenewals(sightings),
      expectedAt: last?.expectedRenewalAt ?? null,
      overdueAt: last?.renewalOverdueAt ?? null,
    },
    heldBack: [
      ...(job.paused ? [{ reason: 'The host is paused.', until: job.pausedUntil }] : []),
      ...(settings.pause ? [{ reason: 'All checks are paused.', until: settings.pause.until }] : []),
      ...(ends.length > 0
        ? [{ reason: 'A maintenance window is open.', until: iso(Math.max(...ends)) }]
        : []),
      ...(hoursUntil
        ? [{ reason: 'Quiet hours: only critical alerts notify you.', until: iso(hoursUntil) }]
        : []),
      ...(isQuiet(settings.quietUntil, now)
        ? [{ reason: 'Quiet is on: only critical alerts notify you.', until: iso(quietUntil ?? now) }]
        : []),
      ...acceptedNow(job, last, now),
      ...open.flatMap(({ title, snoozedUntil, acknowledgedAt }) => [
        ...(snoozedUntil === null ? [] : [{ reason: `Snoozed: ${title}`, until: snoozedUntil }]),
        ...(acknowledgedAt === null ? [] : [{ reason: `Acknowledged: ${title}`, until: null }]),
      ]),
    ],
    alerts: alerts.slice(0, 20),
  };
}

/** What was accepted holds back the alert of one problem. */
function acceptedNow({ accepted }: Job, last: LastCheck | null, now: number): Explanation['heldBack'] {
  return accepted
    .filter((one) => isInForce(one, last?.fingerprint256 ?? null, now))
    .map(({ code, reason, until, fingerprint256 }) => ({
      reason: `Accepted${fingerprint256 === null ? '' : ' until the certificate changes'}: ${code} (${reason})`,
      until,
    }));
}

const ruleNames = [
  'expiry',
  'problems',
  'changes',
  'unreachable',
  'unreachableMinutes',
  'remindEveryDays',
  'notifyAt',
  'maintenance',
] as const satisfies readonly (keyof AlertRules)[];

const defaults = {
  warning: 'a quarter of the lifetime, at most 30 days',
  critical: 'a tenth of the lifetime, at most 7 days',
} as const;

type Ruled = { thresholds: Thresholds; alerts: AlertRules };

/** Names the level whose rule holds: the host’s own, a tag’s, the settings’, or none. */
function sourceOf(job: Job, settings: Settings, pick: (ruled: Ruled) => unknown): string {
  if (pick(job) !== null) return 'host';
  const tag = job.tags.find((name) => {
    const rules = settings.tagRules.find((one) => one.tag === name);
    return rules !== undefined && pick(rules) !== null;
  });
  if (tag !== undefined) return `tag ${tag}`;
  return pick(settings) === null ? 'default' : 'settings';
}

function describeValue(value: NonNullable<AlertRules[keyof AlertRules]>): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? `${value.length}` : String(value);
}

const iso = (time: number) => new Date(time).toISOString();
const timesOf = (validFrom: string, validTo: string) => ({
  validFrom: Date.parse(validFrom),
  validTo: Date.parse(validTo),
});
