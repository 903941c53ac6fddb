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

/** Read again whenever the list says that there is a newer result. */
export function useJobDetail(job: JobView): Detail {
  const api = useApi();
  const [detail, setDetail] = useState(nothing);
  const { id } = job;
  const checkedAt = job.lastCheck?.checkedAt;
  useEffect(() => {
    if (checkedAt === undefined) return;
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
  }, [api, id, checkedAt]);
  return detail;
}
