import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import type { HistoryEntry, JobView, TrendPoint } from '../../shared/schema/job.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { useApi } from '../lib/api-context.tsx';

/** What the host page shows beyond the list. */
export interface Detail {
  result: HistoryEntry | null;
  certificates: readonly Sighting[];
  trend: readonly TrendPoint[];
  alerts: readonly Alert[];
}

const nothing: Detail = { result: null, certificates: [], trend: [], alerts: [] };
const alertsShown = 5;

/**
 * Returns a key of a job's last result; null before the first check. It changes with a newer result, and when a threshold
 * is crossed between two checks.
 */
export function resultKey({ status, lastCheck }: Pick<JobView, 'status' | 'lastCheck'>): string | null {
  if (!lastCheck) return null;
  const problems = lastCheck.problems.map(({ code, severity }) => `${code}:${severity}`);
  return [lastCheck.checkedAt, status, ...problems].join(' ');
}

/** Reads a host in full, and again whenever its result in the list changes. */
export function useJobDetail(job: JobView): Detail {
  const api = useApi();
  const [detail, setDetail] = useState(nothing);
  const { id } = job;
  const key = resultKey(job);
  useEffect(() => {
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
  }, [api, id, key]);
  return detail;
}
