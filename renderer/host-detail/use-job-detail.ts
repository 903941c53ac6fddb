import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import { resolveRules } from '../../shared/schema/alert-rules.ts';
import type { HistoryEntry, JobView, TrendPoint } from '../../shared/schema/job.ts';
import type { Settings } from '../../shared/schema/settings.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import type { Thresholds } from '../../shared/schema/thresholds.ts';
import { useApi, useEngineEvent, useReconnections } from '../lib/api-context.tsx';

/** What the host page shows beyond the list. */
export interface Detail {
  result: HistoryEntry | null;
  certificates: readonly Sighting[];
  trend: readonly TrendPoint[];
  alerts: readonly Alert[];
  /** Null until the settings are read. */
  rules: EffectiveRules | null;
}

/** The thresholds that apply to a job, and where each comes from: `this host`, `tag web`, `settings`, `default`. */
export interface EffectiveRules {
  thresholds: Thresholds;
  origins: Record<'warning' | 'critical', string>;
}

/** Finds the thresholds of a job and their origin, in the order of `resolveRules`. */
export function effectiveRules(
  job: Pick<JobView, 'tags' | 'thresholds' | 'alerts'>,
  settings: Settings,
): EffectiveRules {
  const originOf = (level: 'warning' | 'critical') => {
    if (job.thresholds[level]) return 'this host';
    const tag = job.tags.find((name) =>
      settings.tagRules.some((rules) => rules.tag === name && rules.thresholds[level]),
    );
    if (tag !== undefined) return `tag ${tag}`;
    return settings.thresholds[level] ? 'settings' : 'default';
  };
  return {
    thresholds: resolveRules(job, settings).thresholds,
    origins: { warning: originOf('warning'), critical: originOf('critical') },
  };
}

const nothing: Omit<Detail, 'rules'> = { result: null, certificates: [], trend: [], alerts: [] };
const alertsShown = 5;

/**
 * Returns a key of a job's last result; null before the first check. It changes with a newer result, and when a threshold
 * is crossed between two checks.
 */
export function resultKey({ status, lastCheck }: Pick<JobView, 'status' | 'lastCheck'>): string | null {
  if (!lastCheck) return null;
  const problems = lastCheck.problems.map(
    ({ code, severity, accepted }) => `${code}:${severity}${accepted ? ':accepted' : ''}`,
  );
  return [lastCheck.checkedAt, status, ...problems].join(' ');
}

/** Reads a host in full, and again whenever its result in the list changes. */
export function useJobDetail(job: JobView): Detail {
  const api = useApi();
  const [detail, setDetail] = useState(nothing);
  const [settings, setSettings] = useState<Settings | null>(null);
  const round = useReconnections();
  useEngineEvent('settings-changed', (event) => setSettings(event.settings));
  useEffect(() => {
    void round; // A change of it triggers the next read.
    // Without settings there are no thresholds to show. The banner reports a lost connection.
    api.settings.get().then(setSettings, () => undefined);
  }, [api, round]);
  const { id } = job;
  const key = resultKey(job);
  useEffect(() => {
    void round;
    if (key === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      try {
        const [{ lastResult, certificates }, { points }, { items }] = await Promise.all([
          api.jobs.get({ id }, { signal }),
          api.jobs.trend({ id }, { signal }),
          api.alerts.list({ jobId: id, limit: alertsShown }, { signal }),
        ]);
        setDetail({ result: lastResult, certificates, trend: points, alerts: items });
      } catch {
        // The banner reports the lost connection, and the last answer stays in view.
      }
    };
    void read();
    return () => controller.abort();
  }, [api, id, key, round]);
  return { ...detail, rules: settings && effectiveRules(job, settings) };
}
