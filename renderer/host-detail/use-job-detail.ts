import { useEffect, useState } from 'react';
import type { Alert } from '../../shared/schema/alert.ts';
import type { HistoryEntry, JobView, TrendPoint } from '../../shared/schema/job.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { useApi } from '../lib/api-context.tsx';

/** What a job's page shows beyond what the list knows. */
export interface Detail {
  result: HistoryEntry | null;
  certificates: readonly Sighting[];
  trend: readonly TrendPoint[];
  alerts: readonly Alert[];
}

const nothing: Detail = { result: null, certificates: [], trend: [], alerts: [] };
const alertsShown = 5;

/**
 * Names what the list knows of a job's last result; null before the first check. It changes with a newer result, and with
 * a threshold that is crossed between two checks: the result is the same then, and what it means is not.
 */
export function resultKey({ status, lastCheck }: Pick<JobView, 'status' | 'lastCheck'>): string | null {
  if (!lastCheck) return null;
  const problems = lastCheck.problems.map(({ code, severity }) => `${code}:${severity}`);
  return [lastCheck.checkedAt, status, ...problems].join(' ');
}

/** Reads again whenever the list says that there is a newer result, or that the same one means something else. */
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
        // The list says that the connection is gone, and what was read before stays in view.
      }
    };
    void read();
    return () => controller.abort();
  }, [api, id, key]);
  return detail;
}
